/* Looking at a page that stands still: what axe finds there, in every theme and language. */
import { readFileSync } from 'node:fs';
import { require } from './centre.mjs';
import { settled } from './still.mjs';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const THEMES = ['light', 'dark'];
export const LANGS = ['az', 'en', 'ru'];

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
