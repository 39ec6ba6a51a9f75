/* No English sentence reaches a screen in Azerbaijani or Russian: `TAMGA_BUILD=build-check node tests/ui/test_words.mjs`. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn, source } from './centre.mjs';
import { settled } from './still.mjs';
import { runAll, test } from './tap.mjs';

const LANGS = ['az', 'ru'];

/* Small words without which no English sentence gets along; two of them in one text make it one. */
const SMALL = ['the', 'is', 'are', 'was', 'were', 'not', 'this', 'that', 'with', 'from', 'been', 'has', 'have', 'cannot', 'must', 'there',
  'expected', 'found', 'which', 'who', 'than', 'its', 'it', 'for', 'no', 'a', 'an', 'by', 'to', 'and', 'of', 'in'];

/** Texts of the page that read like English. What a trader, a rule's source or the log's codes wrote is not the program's. */
async function english(page) {
  return page.evaluate((small) => {
    const known = new Set(small);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let n = walker.nextNode(); n !== null; n = walker.nextNode()) {
      const at = n.parentElement;
      if (at.closest('.mono, code, pre, bdi, script, style, .cm-editor, textarea, q, [data-own]')) continue;
      const words = n.textContent.toLowerCase().match(/[a-zəıöüğşç]+/g) ?? [];
      const hits = new Set(words.filter((w) => known.has(w)));
      if (hits.size >= 2 && words.length >= 4) found.push(n.textContent.trim().slice(0, 120));
    }
    return [...new Set(found)];
  }, SMALL);
}

async function open(world, role, path, lang) {
  const page = await world.browser.page(lang);
  await signIn(page, role, world.centre.accounts[role], path);
  await settled(page);
  return page;
}

/* The role that sees most of each. */
const SCREENS = [
  ['analyst', '/queue'],
  ['chief', '/rules'],
  ['chief', '/rules?tab=board'],
  ['chief', '/rules?tab=lists'],
  ['chief', '/choosing'],
  ['chief', '/choosing?tab=estimates'],
  ['auditor', '/choosing?tab=drift'],
  ['analyst', '/models'],
  ['analyst', '/import'],
  ['chief', '/chief'],
  ['auditor', '/log'],
];

for (const [role, path] of SCREENS) {
  test(`${path} says nothing in English`, async (world) => {
    for (const lang of LANGS) {
      const page = await open(world, role, path, lang);
      assert.deepEqual(await english(page), [], lang);
      await page.context().close();
    }
  });
}

test('what is wrong with a rule is said in the language of its author', async (world) => {
  for (const [lang, words] of [['az', 'sahəsi yoxdur'], ['ru', 'поля `consinee` нет']]) {
    const page = await open(world, 'analyst', '/rules?new=1', lang);
    await page.waitForSelector('.cm-content');
    await page.click('.cm-content');
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('rule "T" version 1 {\n  when consinee = 1\n  then lane red 100%\n}\n');
    await page.waitForFunction((w) => document.querySelector('main').innerText.includes(w), words);
    await settled(page);
    assert.deepEqual(await english(page), [], lang);
    await page.context().close();
  }
});

test('a rule of the office speaks the language of its reader', async (world) => {
  const page = await open(world, 'chief', '/rules?rule=PARTY-FIRST-CONSIGNEE', 'az');
  await page.waitForFunction(() => document.querySelector('main').innerText.includes('Bu alıcının ilk yükü'));
  await page.context().close();
  const english = await open(world, 'chief', '/rules?rule=PARTY-FIRST-CONSIGNEE', 'en');
  await english.waitForFunction(() => document.querySelector('main').innerText.includes('First consignment of this consignee'));
  await english.context().close();
});

test('the centre refuses in the language of who is refused', async (world) => {
  for (const [lang, wanted] of [['az', 'NONE-SUCH qaydası yoxdur'], ['ru', 'правила NONE-SUCH нет']]) {
    const page = await open(world, 'chief', '/rules?rule=NONE-SUCH', lang);
    await page.waitForFunction((w) => document.body.innerText.includes(w), wanted);
    assert.deepEqual(await english(page), [], lang);
    await page.context().close();
  }
});

test('the log is read in words, and found by them', async (world) => {
  for (const [lang, what, shown] of [['az', 'daxil oldu', 'daxil oldu'], ['ru', 'вход', 'вход']]) {
    const page = await open(world, 'auditor', '/log', lang);
    await page.waitForSelector('tbody tr');
    await page.locator('.filters select').selectOption({ label: what });
    await page.waitForFunction(() => new URL(location.href).searchParams.get('action') === 'sign_in');
    await settled(page);
    const lines = await page.locator('tbody tr td:nth-child(4)').allInnerTexts();
    assert.ok(lines.length > 0 && lines.every((l) => l.includes(shown) && l.includes('sign_in')), lines.join('; '));
    await page.context().close();
  }
});

test('a day is typed in the form of the language or as YYYY-MM-DD, and moved by arrows', async (world) => {
  const page = await open(world, 'auditor', '/log', 'az');
  const field = page.locator('.filters input.day').first();
  const asked = () => new URL(page.url()).searchParams.get('from_day');
  await field.fill('05.03.2026');
  await field.press('Enter');
  await page.waitForFunction(() => new URL(location.href).searchParams.get('from_day') === '2026-03-05');
  assert.equal(await field.inputValue(), '05.03.2026');
  await field.press('ArrowDown');
  await page.waitForFunction(() => new URL(location.href).searchParams.get('from_day') === '2026-03-04');
  await field.fill('2026-03-31');
  await field.press('Enter');
  await page.waitForFunction(() => new URL(location.href).searchParams.get('from_day') === '2026-03-31');
  assert.equal(await field.inputValue(), '31.03.2026');
  await field.fill('31.02.2026');
  await field.press('Enter');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(asked(), '2026-03-31');
  await page.context().close();
});

/* What is said on screens, on papers and by workflows has one word: müsadirə is confiscation, приказ sends an officer. */
test('a seizure and an order are called the same everywhere in Azerbaijani and Russian', async () => {
  const files = (dir, ends) => readdirSync(join(source, dir), { recursive: true }).filter((f) => f.endsWith(ends)).map((f) => join(source, dir, f));
  const wrong = [];
  for (const file of [...files('ui/src/i18n/az', '.json'), ...files('config', '.ini'), ...files('ui/src/i18n/ru', '.json')])
    for (const line of readFileSync(file, 'utf8').split('\n'))
      if (/müsadir|приказы? на досмотр|yoxlama tapşır/iu.test(line.replaceAll('İ', 'i'))) wrong.push(line.trim());
  assert.deepEqual(wrong, []);
});

await runAll();
