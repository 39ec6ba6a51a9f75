/* The list of substances, the code lists, a seizure without an order, all incidents:
 * `TAMGA_BUILD=build-check node tests/ui/test_lists.mjs`. */
import assert from 'node:assert/strict';
import { signIn } from './centre.mjs';
import { inEveryLook, violations } from './look.mjs';
import { runAll, test } from './tap.mjs';

const SHOTS = process.env.TAMGA_SHOTS;

/** The day of the centre. */
const dayOf = (page) => page.evaluate(async () => (await fetch('/health')).json()).then((h) => h.now.slice(0, 10));

async function open({ centre, browser }, role, path, lang = 'en', theme = 'light') {
  const page = await browser.page(lang, theme);
  await signIn(page, role, centre.accounts[role], path);
  page.faults.length = 0;
  today ||= await dayOf(page);
  return page;
}

async function ask(page, method, path, body) {
  const answer = await page.evaluate(
    async ([m, p, b]) => {
      const { csrf } = await (await fetch('/api/session')).json();
      const headers = { 'X-CSRF-Token': csrf, 'X-Purpose': 'test', ...(b ? { 'Content-Type': 'application/json' } : {}) };
      const got = await fetch(p, { method: m, headers, body: b && JSON.stringify(b) });
      return { ok: got.ok, body: await got.json() };
    },
    [method, path, body],
  );
  assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/* By the centre's clock, which stands in another year. */
let today = '';
const later = (days) => new Date(Date.parse(today) + days * 86400000).toISOString().slice(0, 10);
const healthy = async (page) => {
  assert.deepEqual(page.faults, []);
  await page.context().close();
};

test('the list of substances as of a day is searched, changed from a day on, and the time before stays as it was', async (world) => {
  const page = await open(world, 'statistician', '/figures');
  await page.getByRole('link', { name: 'Lists' }).click();
  const rows = page.locator('tbody tr');
  await page.getByLabel('Name, code, HS or CAS').fill('108-24-7');
  await page.getByRole('row', { name: /acetic anhydride.*precursor.*1988 Table I.*2915\.24.*108-24-7.*precursors/ }).waitFor();
  assert.equal(await rows.count(), 1);
  await page.getByLabel('Name, code, HS or CAS').fill('heroin');
  await page.getByLabel('Class').selectOption('narcotic');
  await page.getByRole('button', { name: /^Change.*heroin/ }).click();
  const form = page.getByRole('dialog');
  assert.equal(await form.getByLabel('A seizure is large from, kg').inputValue(), '0.050000');
  await form.getByLabel('A seizure is large from, kg').fill('0.075');
  await form.getByLabel('CAS').fill('561-27-4');
  await form.getByLabel('From', { exact: true }).fill(later(10));
  await page.keyboard.press('Control+Enter');
  await form.getByText('its last digit does not fit').waitFor();
  await form.getByLabel('CAS').fill('561-27-3');
  await page.keyboard.press('Control+Enter');
  await page.getByText(`in force from ${later(10)}`).waitFor();
  await page.getByRole('row', { name: /heroin.*0\.05 kg/ }).waitFor();
  await page.getByLabel('As of').fill(later(10));
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /heroin.*0\.075 kg/ }).waitFor();
  await page.getByLabel('every row that ever stood').check();
  await rows.nth(1).waitFor();
  assert.equal(await rows.count(), 2, 'the row of before and the new one');
  await healthy(page);
});

test('a new substance needs its names in three languages, and who may not change the list only reads it', async (world) => {
  const page = await open(world, 'administrator', '/substances');
  await page.waitForSelector('tbody tr');
  await page.keyboard.press('n');
  const form = page.getByRole('dialog');
  await form.getByLabel('Code').fill('nitazene');
  await form.getByLabel('Class').selectOption('narcotic');
  await form.getByLabel('Line of the figures').selectOption('other');
  await form.getByLabel('Name, English').fill('nitazene');
  await page.keyboard.press('Control+Enter');
  await form.getByText('Give the name in all three languages.').waitFor();
  await form.getByLabel('Name, Azərbaycanca').fill('nitazen');
  await form.getByLabel('Name, Русский').fill('нитазен');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('row', { name: /nitazene/ }).waitFor();
  await healthy(page);
  const reader = await open(world, 'investigator', '/evidence', 'ru');
  await reader.getByRole('link', { name: 'Списки' }).click();
  await reader.getByRole('row', { name: /нитазен/ }).waitFor();
  assert.equal(await reader.getByRole('button', { name: /Изменить|Добавить вещество/ }).count(), 0);
  await reader.keyboard.press('j');
  await reader.waitForFunction(() => document.activeElement.tagName === 'TR');
  await healthy(reader);
});

test('every code list is read with its words and where it is changed', async (world) => {
  const page = await open(world, 'auditor', '/substances');
  await page.waitForSelector('tbody tr');
  await page.keyboard.press('2');
  await page.getByText('config/codes-casework.ini').waitFor();
  const { lists } = await ask(page, 'GET', '/api/codes');
  const panel = page.getByRole('tabpanel', { name: /Code lists/ });
  for (const { name, codes } of lists) {
    const section = panel.locator('section').filter({ hasText: `[${name}]` });
    assert.equal(await section.locator('tbody tr').count(), codes.length, name);
  }
  await healthy(page);
});

test('a seizure that no order led to is recorded with all that is known of it', async (world) => {
  const page = await open(world, 'investigator', '/evidence');
  await page.waitForSelector('.list h1');
  await page.keyboard.press('r');
  const form = page.getByRole('dialog', { name: 'Record a seizure' });
  await page.keyboard.press('Control+Enter');
  await form.getByText('Say when it was seized.').waitFor();
  await form.getByLabel('Seized at').fill(`${later(-1)} 08:30`);
  await form.getByLabel('Unit *', { exact: true }).fill('river patrol');
  await form.getByLabel('Place', { exact: false }).first().selectOption('road');
  await form.getByLabel('Direction').selectOption('transit');
  await form.getByLabel('Found through *').selectOption('partner');
  await form.getByLabel('Hidden in *').selectOption('fuel_tank');
  const one = form.getByRole('region', { name: 'substance 1' });
  await one.getByLabel('Substance').selectOption('methamphetamine');
  await one.getByLabel('Form').selectOption('liquid');
  await one.getByLabel('Volume, litres').fill('2,5');
  await form.getByRole('button', { name: 'Add a line' }).click();
  const two = form.getByRole('region', { name: 'substance 2' });
  await two.getByLabel('Substance').selectOption('cannabis_plant');
  await two.getByLabel('Form').selectOption('plant');
  await two.getByLabel('Count', { exact: true }).fill('40');
  await two.getByLabel('Counted as').selectOption('plant');
  await two.getByLabel('How the plants grew').selectOption('wild');
  await two.getByLabel('Area').fill('120');
  await form.getByLabel('Its country, two letters').selectOption('GE');
  await form.getByLabel('Value', { exact: true }).fill('1250,50');
  await form.getByLabel('Currency').selectOption('USD');
  for (const code of ['IR', 'AZ', 'GE']) await form.getByLabel('Next country of the route').selectOption(code);
  await form.getByRole('button', { name: 'Add a document' }).click();
  await form.getByLabel('Number', { exact: false }).last().fill('CMR 4471');
  await form.getByLabel('Day of the document').fill(later(-2));
  for (let i = 0; i < 2; i++) await form.getByRole('button', { name: 'Add a means' }).click();
  assert.equal(await form.getByLabel('again').nth(1).isChecked(), true, 'the same means once more');
  await form.getByLabel('again').nth(1).uncheck();
  await form.getByLabel('prevented transit').check();
  const answer = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/api/seizures'));
  await page.keyboard.press('Control+Enter');
  const told = await (await answer).json();
  assert.ok(told.number, JSON.stringify(told));
  const { lines, documents, instruments, ...z } = await ask(page, 'GET', `/api/seizures/${told.id}`);
  assert.deepEqual([z.route, z.conveyance_country, z.value_minor, z.value_currency, z.prevented_transit, z.concealment, z.trigger],
    ['IR>AZ>GE', 'GE', 125050, 'USD', true, 'fuel_tank', 'partner']);
  assert.deepEqual(lines.map((l) => [l.substance, l.volume_ul, l.count, l.count_kind, l.growth, l.area_m2]),
    [['methamphetamine', 2500000, undefined, undefined, undefined, undefined], ['cannabis_plant', undefined, 40, 'plant', 'wild', 120]]);
  assert.deepEqual(documents, [{ kind: 'cmr', number: 'CMR 4471', day: later(-2) }]);
  assert.deepEqual(instruments.map((i) => [i.means, i.again]), [['xray', false], ['xray', false]]);
  await page.getByRole('dialog', { name: 'Seal an exhibit' }).waitFor();
  await healthy(page);
});

test('the facts of a seizure keep the day of a document, the value, and what was used again', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { items } = await ask(page, 'GET', '/api/seizures?most=1');
  const { id } = await ask(page, 'POST', '/api/cases', { title: 'facts are completed' });
  const one = { seized: `${later(-1)}T08:00:00Z`, place_kind: 'road', direction: 'import', unit: 'river patrol', trigger: 'routine', concealment: 'cab',
    lines: [{ substance: 'heroin', form: 'powder', mass_mg: 2000 }], case: id, post: items[0]?.post,
    instruments: [{ means: 'dog', reaction: 'suspect' }] };
  const z = await ask(page, 'POST', '/api/seizures', one);
  await page.goto(`/case?id=${id}&tab=seizures&facts=${z.id}`);
  const form = page.getByRole('dialog', { name: 'Complete the facts' });
  await form.getByLabel('Value', { exact: true }).fill('80');
  await form.getByLabel('again').check();
  await form.getByRole('button', { name: 'Add a document' }).click();
  await form.getByLabel('Number', { exact: false }).last().fill('T1-88');
  await form.getByLabel('Day of the document').fill('2026-03-02');
  await page.keyboard.press('Control+Enter');
  await form.waitFor({ state: 'detached' });
  const now = await ask(page, 'GET', `/api/seizures/${z.id}`);
  assert.deepEqual([now.value_minor, now.value_currency, now.instruments[0].again, now.documents[0].day], [8000, 'AZN', true, '2026-03-02']);
  await healthy(page);
});

/** An exhibit whose weight differs at the second weighing. */
async function differs(page) {
  const { items } = await ask(page, 'GET', '/api/seizures?most=100');
  const line = items.flatMap((z) => z.lines).find((l) => !l.replaced);
  const hands = { from: 'team', to: 'store', place: 'Baku', purpose: 'keeping' };
  const e = await ask(page, 'POST', '/api/exhibits', { ...hands, line: line.id, words: 'a bag', seal_new: 'AZ-1', net_mg: 2_000_000 });
  const weighed = { ...hands, arrow: 'weigh', seal_old: 'AZ-1', seal_new: 'AZ-2', net_mg: 1_000_000, witness_1: 'Officer 1042', witness_2: 'Officer 1077' };
  return ask(page, 'POST', `/api/exhibits/${e.id}/moves`, { ...weighed, confirmed: true, confirm_note: 'weighed twice' });
}

test('all incidents stand in one list, open ones first; one explains, another closes', async (world) => {
  const page = await open(world, 'custodian', '/evidence');
  const exhibit = await differs(page);
  await page.reload();
  await page.waitForSelector('.list h1');
  await page.keyboard.press('i');
  const mine = page.locator('.incidents li').filter({ hasText: exhibit.number }).first();
  await mine.getByRole('button', { name: /^Explain/ }).click();
  await mine.getByRole('textbox').fill('the bag had dried');
  await mine.getByRole('button', { name: 'Explain', exact: true }).click();
  await mine.getByText('the bag had dried').waitFor();
  assert.equal(await mine.getByRole('button', { name: /^Close/ }).count(), 0, 'who explained does not close');
  await healthy(page);
  const chief = await open(world, 'chief', '/evidence?view=incidents');
  const theirs = chief.locator('.incidents li').filter({ hasText: exhibit.number }).first();
  await theirs.getByRole('button', { name: /^Close/ }).click();
  await theirs.getByRole('textbox').fill('weighed once more');
  await theirs.getByRole('button', { name: /^Close/ }).last().click();
  await theirs.locator('section.over').waitFor();
  await chief.getByRole('group', { name: 'State' }).last().getByRole('button', { name: /^closed/ }).click();
  await theirs.waitFor();
  await chief.getByRole('button', { name: /^to be explained/ }).click();
  await theirs.waitFor({ state: 'detached' });
  await healthy(chief);
});

const STATES = [
  ['statistician', '/substances'],
  ['statistician', '/substances?edit=heroin'],
  ['administrator', '/substances?tab=codes'],
  ['investigator', '/evidence?form=seizure'],
  ['investigator', '/evidence?view=incidents'],
];

test('lists, the record of a seizure and incidents have no axe violation in both themes and three languages', async (world) => {
  const faults = [];
  for (const [role, path] of STATES) {
    const page = await open(world, role, path);
    const look = async (now, lang, theme) => {
      const seen = await violations(now);
      if (SHOTS) await now.screenshot({ path: `${SHOTS}/${path.replaceAll(/\W/g, '_')}.${lang}.${theme}.png` });
      return seen;
    };
    faults.push(...(await inEveryLook(page, look)).map((v) => `${path} ${v}`));
    await page.context().close();
  }
  assert.deepEqual(faults, []);
});

await runAll();
