/* A rule's way from an analyst's first word to an officer's queue: `TAMGA_BUILD=build-check node tests/ui/test_lab.mjs`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { require, signIn } from './centre.mjs';
import { runAll, test } from './tap.mjs';

const AXE = require.resolve('axe-core/axe.min.js');
const SETTLE_MS = 900;
const THEMES = ['light', 'dark'];
const LANGS = ['az', 'en', 'ru'];
const NAME = 'TEST-MIRRORS';
const WORDS = 'Mirrors of glass from a land that makes none';

const rule = (condition) => `rule "${NAME}" version 1 {
  title   "Mirrors"
  owner   desk:targeting
  basis   "Customs Code"
  expires 2027-06-30
  when    ${condition}
  then    lane red 100%  weight +6 dB  offence fraud  check scale
  why     "${WORDS}"
  trader  "the goods are to be weighed"
}
`;

async function open({ centre, browser }, role, path, lang, theme) {
  const page = await browser.page(lang, theme);
  await signIn(page, role, centre.accounts[role], path);
  page.faults.length = 0;
  return page;
}

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

const get = (page, path) => page.evaluate(async (p) => (await fetch(p)).json(), path);

/** Types a text in place of the whole rule, by keyboard. */
async function write(page, text) {
  await page.waitForSelector('.cm-content');
  await page.locator('.cm-content').focus();
  await press(page, 'Control+a', 'Delete');
  await page.keyboard.insertText(text);
}

/** Lodges a consignment of mirrors over the API. */
async function lodge(page, ref) {
  return page.evaluate(
    async (ref) => {
      const { csrf } = await (await fetch('/api/session')).json();
      const [post] = (await (await fetch('/api/posts')).json()).items;
      const body = {
        ref,
        lodged: '2026-09-16T05:40:00+04:00',
        regime: 'import',
        post: post.code,
        consignee: { code: '1400999001', name: 'Mirror Trade', country: 'AZ' },
        departure: 'KZ',
        currency: 'AZN',
        value: 900,
        items: [{ item_no: 1, hs: '700992', origin: 'KZ', net_kg: 300, gross_kg: 320, value: 900 }],
      };
      const answer = await fetch('/api/declarations', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
        body: JSON.stringify(body),
      });
      return answer.json();
    },
    ref,
  );
}

test('an analyst writes a rule, a fault is shown and mended, history tries it, a chief approves, the queue says its words', async (world) => {
  const analyst = await open(world, 'analyst', '/rules');
  await analyst.waitForSelector('.cm-content');
  await press(analyst, 'n');
  await analyst.waitForFunction(() => new URL(location).searchParams.get('new') === '1');
  await write(analyst, rule('hs under 7009 and orgin = KZ'));
  await analyst.waitForSelector('.cm-lintRange-error');
  await analyst.waitForSelector('.faults .error');
  const said = await analyst.textContent('.faults .error .said');
  assert.match(said, /orgin/);
  assert.match(said, /origin/, 'no suggestion');
  assert.ok(await analyst.getByRole('button', { name: /Save draft/ }).isDisabled(), 'a faulty rule can be saved');

  await write(analyst, rule('hs under 7009 and origin = KZ'));
  await analyst.getByText('The rule holds together').waitFor();
  assert.equal(await analyst.locator('.cm-lintRange-error').count(), 0);
  await press(analyst, 'Control+s');
  await analyst.waitForFunction((n) => new URL(location).searchParams.get('rule') === n, NAME);
  await analyst.getByRole('heading', { name: NAME }).waitFor();
  assert.equal(await analyst.getByRole('button', { name: /Propose/ }).count(), 0, 'proposed without a back-test');
  await press(analyst, 'Escape', 'Control+Enter');
  await analyst.waitForSelector('.report .sum');
  const tested = await get(analyst, `/api/rules/${NAME}`);
  assert.equal(Number((await analyst.textContent('.report .sum b')).replace(/\D/g, '')), tested.back_test.hits);
  await analyst.getByRole('button', { name: /Propose/ }).waitFor();
  await press(analyst, 'p');
  await analyst.waitForSelector('.below textarea');
  await analyst.keyboard.type('Mirrors come at half their worth; reads hs and origin; red lane');
  await press(analyst, 'Control+Enter');
  await analyst.getByText(`${NAME} is proposed`).waitFor();
  await analyst.waitForFunction(() => document.querySelector('.below .go') !== null);
  assert.equal(await analyst.getByRole('button', { name: /Approve/ }).count(), 0, 'its author may approve it');
  assert.deepEqual(analyst.faults, []);

  const chief = await open(world, 'chief', `/rules?rule=${NAME}`);
  await chief.waitForSelector('.cm-content');
  await chief.waitForSelector('.report .sum');
  await press(chief, 'a');
  await chief.waitForSelector('.below textarea');
  await press(chief, 'Control+Enter');
  await chief.getByText(`${NAME} is live`).waitFor();
  const steps = (await get(chief, `/api/rules/${NAME}`)).steps.map((s) => s.to);
  assert.deepEqual(steps, ['draft', 'proposed', 'live']);
  await chief.waitForSelector('ol .dot.live', { state: 'attached' });
  assert.deepEqual(chief.faults, []);
  await chief.context().close();

  const lodged = await lodge(analyst, 'MIRROR-1');
  const id = lodged.records[0].consignment;
  assert.ok(id > 0, JSON.stringify(lodged));
  await analyst.goto(`/queue?sel=${id}`);
  await analyst.getByText(WORDS).waitFor();
  const mine = analyst.locator('section[aria-label="Rules that hit"] > ul > li', { hasText: NAME });
  const because = await mine.locator('.because').textContent();
  assert.match(because, /hs.*7009/);
  assert.match(because, /origin.*KZ/);
  await analyst.context().close();
  return said;
});

test('a rule about a person\'s sex is refused loudly', async (world) => {
  const page = await open(world, 'analyst', '/rules?new=1');
  await write(page, rule('hs under 7009 and sex = "m"'));
  await page.waitForSelector('.guarded');
  assert.match(await page.textContent('.guarded'), /Protected attribute/);
  assert.ok(await page.getByRole('button', { name: /Save draft/ }).isDisabled());
  await page.context().close();
});

test('words of the language are offered while it is typed', async (world) => {
  const page = await open(world, 'analyst', '/rules?new=1');
  await write(page, 'rule "X" version 1 { when consi');
  await press(page, 'Control+Space');
  await page.waitForSelector('.cm-tooltip-autocomplete');
  const offered = await page.locator('.cm-tooltip-autocomplete li').allTextContents();
  assert.ok(offered.some((o) => o.startsWith('consignee')), offered.join(' '));
  await page.context().close();
});

test('what was typed in the editor survives a reload', async (world) => {
  const page = await open(world, 'analyst', '/rules?new=1');
  await write(page, rule('hs under 7010'));
  await page.getByText('The rule holds together').waitFor();
  await page.reload();
  await page.waitForSelector('.cm-content');
  await page.waitForFunction(() => document.querySelector('.editor').shadowRoot?.textContent.includes('7010'));
  await page.context().close();
});

test('a list is made, filled, and an entry ended', async (world) => {
  const page = await open(world, 'analyst', '/rules?tab=lists');
  await press(page, 'n');
  await page.getByLabel('Name, as rules write it').fill('WATCHED-HS');
  await page.getByLabel('What it holds').fill('Codes to look at');
  await page.getByRole('button', { name: 'Make the list' }).click();
  await page.getByRole('heading', { name: 'WATCHED-HS' }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill('700992');
  await page.getByLabel('Why it stands here').fill('cheap mirrors');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.locator('tbody tr', { hasText: '700992' }).waitFor();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByText('1 entry ended').waitFor();
  await page.waitForFunction(() => !document.querySelector('.one tbody')?.textContent.includes('700992'));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

async function violations(page) {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} (${n.any[0]?.message ?? v.help})`));
}

/* The role that sees most of it. */
const LOOKS = [
  ['chief', '/rules?rule=PARTY-FIRST-CARRIER'],
  ['chief', '/rules?tab=board'],
  ['chief', '/rules?tab=lists'],
];

for (const [role, path] of LOOKS) {
  test(`${path} has no axe violation in both themes and three languages`, async (world) => {
    const faults = [];
    for (const [theme, lang] of THEMES.flatMap((t) => LANGS.map((l) => [t, l]))) {
      const page = await open(world, role, path, lang, theme);
      await page.waitForSelector('main h1', { state: 'attached' });
      await page.waitForTimeout(SETTLE_MS);
      faults.push(...(await violations(page)).map((v) => `${lang} ${theme} ${v}`));
      await page.context().close();
    }
    assert.deepEqual(faults, []);
  });
}

await runAll();
