/* Work that goes from one person to the next, in a browser: `TAMGA_BUILD=build-check node tests/ui/test_flows.mjs`. */
import assert from 'node:assert/strict';
import { signIn } from './centre.mjs';
import { runAll, test } from './tap.mjs';

const ASTARA = 'AZAST001';
const MOST_STEPS = 500;
const MOST_TABS = 30;
const LIVE_MS = 10000;
const DRUGS = '8';

async function open({ centre, browser }, role, path) {
  const page = await browser.page();
  await signIn(page, role, centre.accounts[role], path);
  page.faults.length = 0;
  return page;
}

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

const get = (page, path) => page.evaluate(async (p) => (await fetch(p)).json(), path);
const selected = (page) => new URL(page.url()).searchParams.get('sel');
const numberOf = (text) => Number(text.replace(/[^\d.]/g, ''));

/** An analyst orders the inspection of the first in Astara's red lane; tells which it was. */
async function order(world) {
  const page = await open(world, 'analyst', `/queue?post=${ASTARA}&lane=red`);
  await page.waitForSelector('[role=option][aria-selected=true]');
  await page.waitForSelector('.bar');
  const id = selected(page);
  const { declaration } = await get(page, `/api/consignments/${id}`);
  assert.equal(declaration.post, ASTARA);
  const answer = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().includes(`/${id}/decisions`));
  await press(page, 'i', 'x', 'Enter');
  assert.ok((await answer).ok());
  await page.context().close();
  return { id, ref: declaration.ref };
}

async function tabTo(page, name) {
  const field = page.getByLabel(name, { exact: true });
  for (let i = 0; i < MOST_TABS; i++) {
    if (await field.evaluate((e) => e === document.activeElement)) return;
    await press(page, 'Tab');
  }
  throw new Error(`Tab does not come to "${name}"`);
}

/** The team enters by keyboard alone that 12 kg of heroin were in what was ordered. */
async function findHeroin(page, { id, ref }) {
  await page.waitForSelector(`#order-${id}`);
  for (let i = 0; selected(page) !== id && i < MOST_STEPS; i++) await press(page, 'j');
  assert.equal(selected(page), id, 'J does not come to the order');
  await page.waitForFunction((r) => document.querySelector('article h2')?.textContent === r, ref);
  await press(page, 'Enter', DRUGS, 'x', 'c');
  await tabTo(page, 'Minutes');
  await page.keyboard.type('45');
  await tabTo(page, 'Substance or thing, line 1');
  await page.keyboard.type('Heroin');
  await tabTo(page, 'Kilograms, line 1');
  await page.keyboard.type('12');
  const asked = () => page.waitForResponse((r) => r.request().method() === 'POST' && r.url().includes(`/${id}/results`));
  let answer = asked();
  await press(page, 'Control+Enter');
  let told = await answer;
  if (told.status() === 409) {
    /* It is expected tomorrow only: the screen asks whether it is really so. */
    await page.getByLabel('Why it is so').fill('it came a day early');
    answer = asked();
    await page.getByRole('button', { name: 'It is so: enter it' }).click();
    told = await answer;
  }
  assert.ok(told.ok(), await told.text());
  return told.request().postDataJSON();
}

test('what an analyst orders comes to the team, and its find says what it changed', async (world) => {
  const team = await open(world, 'team', '/team');
  const ordered = await order(world);
  const sent = await findHeroin(team, ordered);
  assert.deepEqual([sent.outcome, sent.means.toSorted(), sent.minutes], ['drugs', ['dog', 'xray'], 45]);
  assert.deepEqual(sent.seized, [{ substance: 'heroin', mass_kg: 12 }]);
  await team.waitForSelector('.moved');
  const words = await team.textContent('.moved');
  assert.ok(words.includes(`Result of ${ordered.ref} is entered`), words);
  assert.match(words, /heroin\s+12 kg/i);
  const said = await team.locator('.moved .say').allTextContents();
  const numbers = said.map((s) => /^Now expected at (.+?); before this result it was (.+?)\.$/.exec(s));
  assert.ok(numbers.some((n) => n !== null && numberOf(n[1]) > numberOf(n[2])), said.join(' '));
  assert.equal(await team.locator(`#order-${ordered.id}`).count(), 0, 'what was inspected is still to be inspected');
  assert.deepEqual(team.faults, []);
  await team.context().close();
  return said.join(' ');
});

/** What the row of a post says: how many inspected, how many finds. */
async function figuresOf(page, name) {
  const cells = await page.locator(`tr:has(button[title="${name}"]) td`).allTextContents();
  return { inspected: numberOf(cells[1]), found: numberOf(cells[3]) };
}

test('a find moves the figures of its post before the eyes of the chief', async (world) => {
  const chief = await open(world, 'chief', '/chief');
  const { name } = (await get(chief, '/api/posts')).items.find((p) => p.code === ASTARA);
  await chief.waitForSelector(`tr button[title="${name}"]`);
  const before = await figuresOf(chief, name);
  const team = await open(world, 'team', '/team');
  await findHeroin(team, await order(world));
  await team.context().close();
  await chief.waitForFunction((n) => document.querySelector('.fresh[role=status]').textContent.includes(n), name, {
    timeout: LIVE_MS,
  });
  assert.deepEqual(await figuresOf(chief, name), { inspected: before.inspected + 1, found: before.found + 1 });
  await chief.context().close();
});

test('a stranger signs in, releases, orders an inspection, plays the team, and the chief sees it', async (world) => {
  const { centre, browser } = world;
  const chief = await open(world, 'chief', '/chief');
  const { name } = (await get(chief, '/api/posts')).items.find((p) => p.code === ASTARA);
  await chief.waitForSelector(`tr button[title="${name}"]`);
  const before = await figuresOf(chief, name);

  /* Only what stands on the screen is used: the sign-in, the buttons of the decision, the list of the team. */
  const officer = await browser.page();
  await officer.goto('/');
  await officer.getByLabel('Account').fill('analyst');
  await officer.getByLabel('Password', { exact: true }).fill(centre.accounts.analyst);
  await officer.getByRole('button', { name: 'Sign in' }).click();
  await officer.waitForSelector('[role=option][aria-selected=true]');
  officer.faults.length = 0; /* who is not signed in yet is told so */
  await officer.getByLabel('Post', { exact: true }).selectOption(ASTARA);
  for (let i = 0; i < 3; i++) {
    await officer.waitForSelector('.bar');
    const ref = (await officer.textContent('article h2')).trim();
    await officer.getByRole('button', { name: /Release$/ }).click();
    await officer.locator('.reasons button').first().click();
    await officer.getByText(`${ref} released`).waitFor();
  }
  await officer.getByRole('button', { name: 'Red', exact: true }).click();
  await officer.getByLabel('Post', { exact: true }).selectOption(ASTARA);
  await officer.waitForFunction((p) => new URL(location).searchParams.get('post') === p && document.querySelector('.bar'), ASTARA);
  await officer.waitForSelector('[role=option][aria-selected=true]');
  const ref = (await officer.textContent('[role=option][aria-selected=true] .ref')).trim();
  await officer.waitForFunction((r) => document.querySelector('article h2')?.textContent === r, ref);
  await officer.getByRole('button', { name: /Inspect$/ }).click();
  await officer.getByRole('button', { name: /X-ray$/ }).click();
  await officer.getByRole('button', { name: /Order the inspection/ }).click();
  await officer.getByText(`Inspection of ${ref} ordered`).waitFor();
  const id = (await get(officer, `/api/declarations?ref=${ref}`)).consignment;
  assert.deepEqual(officer.faults, []);
  await officer.context().close();

  const team = await open(world, 'team', '/team');
  await findHeroin(team, { id: String(id), ref });
  await team.waitForSelector('.moved');
  await team.context().close();
  await chief.waitForFunction(
    ({ n, was }) => Number(document.querySelector(`tr:has(button[title="${n}"]) td:nth-of-type(2)`)?.textContent.replace(/\D/g, '')) > was,
    { n: name, was: before.inspected },
    { timeout: LIVE_MS },
  );
  const after = await figuresOf(chief, name);
  assert.deepEqual([after.inspected, after.found], [before.inspected + 1, before.found + 1]);
  await chief.context().close();
});

test('the dial shows what it would choose before it is saved, is saved, and Z takes it back', async (world) => {
  const page = await open(world, 'chief', '/chief');
  const { w_minor: stands } = await get(page, '/api/dial');
  await press(page, 'w');
  const field = page.getByLabel(/^One find is worth/);
  await field.focus();
  await page.keyboard.type(String(stands / 10));
  await page.waitForFunction(() => /^[1-9]/.test(document.querySelector('.preview h3')?.textContent.trim() ?? ''));
  assert.match(await page.textContent('.preview h3'), /consignments? changes? (its|their) lane/);
  assert.ok((await page.locator('.preview li').count()) > 0);
  assert.ok((await page.locator('.preview td.moved').count()) > 0);
  assert.equal((await get(page, '/api/dial')).w_minor, stands, 'a preview changed the dial');
  await press(page, 'Control+Enter');
  await page.getByText('The worth of a security find is set').waitFor();
  assert.equal((await get(page, '/api/dial')).w_minor, stands * 10);
  const back = page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().endsWith('/api/dial'));
  await press(page, 'z');
  assert.ok((await back).ok());
  assert.equal((await get(page, '/api/dial')).w_minor, stands);
  await page.context().close();
});

const HEAD = 'ref,lodged,regime,post,consignee_code,origin,hs,net_kg,value,currency';
const BAD = `26AZ900002,2026-09-16T08:15:30+04:00,import,${ASTARA},1400123451,IR,77,1200,2100,AZN`;
const ROWS = [
  HEAD,
  `26AZ900001,2026-09-16T08:15:30+04:00,import,${ASTARA},1400123451,IR,080620,20500,31200.50,AZN`,
  BAD,
  `26AZ900003,2026-09-16T08:15:30+04:00,import,${ASTARA},1400123451,IR,080410,1200,2100,AZN`,
  '',
];

test('a bad row is shown before the import, and afterwards in quarantine as it was written and why', async (world) => {
  const page = await open(world, 'analyst', '/import');
  const buffer = Buffer.from(ROWS.join('\n'));
  await page.setInputFiles('input[type=file]', { name: 'three.csv', mimeType: 'text/csv', buffer });
  await page.waitForSelector('.faulty .finding');
  assert.equal(await page.locator('tr.faulty .finding').count(), 1);
  assert.match(await page.textContent('.faulty .finding'), /Fault.*hs.*77/s);
  const reason = (await page.textContent('.faulty .finding > span:last-child')).trim();
  await press(page, 'Control+Enter');
  await page.waitForSelector('.outcome dl');
  const names = await page.locator('.outcome dt').allTextContents();
  const sums = (await page.locator('.outcome dd').allTextContents()).map(numberOf);
  const summary = Object.fromEntries(names.map((n, i) => [n, sums[i]]));
  assert.deepEqual([sums[0], sums[3]], [2, 1], JSON.stringify(summary));
  await press(page, 'q');
  await page.waitForSelector('.record pre');
  assert.equal(await page.textContent('.above [role=status]'), '1 record waits');
  assert.equal((await page.textContent('.record pre')).trim(), BAD);
  assert.ok((await page.locator('.record dd').allTextContents()).some((said) => said.trim() === reason), 'the reason that the preview said');
  await page.context().close();
  return reason;
});

await runAll();
