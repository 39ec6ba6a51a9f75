/* Looking at a page that stands still: what axe finds there, in every theme and language. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { require } from './centre.mjs';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const STILL_MS = 120;

export const THEMES = ['light', 'dark'];
export const LANGS = ['az', 'en', 'ru'];

/** Resolves with what still moves; with nothing once the page has changed nothing for a moment and has its letters. */
function still([quiet, patience]) {
  return new Promise((done) => {
    const watch = new MutationObserver(again);
    const end = performance.now() + patience;
    let timer = setTimeout(look, quiet);
    function again(changes = []) {
      clearTimeout(timer);
      if (performance.now() > end) return tell(changes.map((c) => `changes of ${c.target.nodeName}`));
      timer = setTimeout(look, quiet);
    }
    function look() {
      const moving = document.getAnimations().filter(passes).map((a) => a.animationName ?? a.transitionProperty);
      if (document.fonts.status !== 'loaded') moving.push('letters');
      if (moving.length > 0 && performance.now() < end) return again();
      tell(moving);
    }
    /* What turns for ever is a sign that something is waited for: the answers are waited for elsewhere. */
    function passes(a) {
      return a.playState === 'running' && a.effect?.getComputedTiming().iterations !== Infinity;
    }
    function tell(moving) {
      watch.disconnect();
      done(moving);
    }
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** Waits until the page has everything it asked for and stands still. */
export async function settled(page) {
  await page.waitForSelector('main', { state: 'attached' });
  let moving = [];
  for (const end = Date.now() + page.patience; Date.now() < end; await pause(20)) {
    if (page.asked.size > 0) continue;
    moving = await page.evaluate(still, [STILL_MS, page.patience]);
    if (page.asked.size === 0 && moving.length === 0) return;
  }
  throw new Error(`the page does not stand still: ${[...moving, ...[...page.asked].map((r) => r.url())].join(', ')}`);
}

/** What axe finds on the page once it stands still. */
export async function violations(page) {
  await settled(page);
  await page.evaluate(AXE);
  const found = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), RULES);
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} (${n.any[0]?.message ?? v.help})`));
}

/** Shows the page in each theme and language and gathers what `look` finds. */
export async function inEveryLook(page, look) {
  const found = [];
  for (const theme of THEMES)
    for (const lang of LANGS) {
      await settled(page); /* what a page asks for while it is left has no end */
      await page.evaluate((now) => Object.entries(now).forEach(([k, v]) => localStorage.setItem(`tamga.${k}`, v)), { theme, lang });
      await page.reload();
      await page.waitForSelector(`html[lang=${lang}] main h1`, { state: 'attached' });
      found.push(...(await look(page, lang, theme)).map((v) => `${lang} ${theme} ${v}`));
    }
  return found;
}
