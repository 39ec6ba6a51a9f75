/* Looking at a page that stands still: what axe finds there, in every theme and language. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { require } from './centre.mjs';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const STILL_MS = 120;

export const THEMES = ['light', 'dark'];
export const LANGS = ['az', 'en', 'ru'];

/** Resolves with true when the page has changed nothing for a moment, moves nothing and has its letters. */
function still(ms) {
  return new Promise((done) => {
    const watch = new MutationObserver(again);
    let timer = setTimeout(end, ms);
    function again() {
      clearTimeout(timer);
      timer = setTimeout(end, ms);
    }
    function end() {
      const moving = document.getAnimations().some((a) => a.playState === 'running');
      if (moving || document.fonts.status !== 'loaded') return again();
      watch.disconnect();
      done(true);
    }
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** Waits until the page has everything it asked for and stands still. */
export async function settled(page) {
  await page.waitForSelector('main', { state: 'attached' });
  for (const end = Date.now() + page.patience; Date.now() < end; await pause(20)) {
    if (page.asked.size > 0) continue;
    await page.evaluate(still, STILL_MS);
    if (page.asked.size === 0) return;
  }
  throw new Error(`the page still waits for ${[...page.asked].map((r) => r.url()).join(', ')}`);
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
      await page.evaluate((now) => Object.entries(now).forEach(([k, v]) => localStorage.setItem(`tamga.${k}`, v)), { theme, lang });
      await page.reload();
      await page.waitForSelector(`html[lang=${lang}] main h1`, { state: 'attached' });
      found.push(...(await look(page, lang, theme)).map((v) => `${lang} ${theme} ${v}`));
    }
  return found;
}
