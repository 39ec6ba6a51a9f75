/* Cases and evidence in a browser: `TAMGA_BUILD=build-check node tests/ui/test_cases.mjs`. */
import assert from 'node:assert/strict';
import { signIn } from './centre.mjs';
import { runAll, test } from './tap.mjs';

async function open({ centre, browser }, role, path, lang = 'en') {
  const page = await browser.page(lang);
  await signIn(page, role, centre.accounts[role], path);
  page.faults.length = 0;
  return page;
}

/** Calls the centre as the person of this page. */
async function ask(page, method, path, body) {
  const answer = await page.evaluate(
    async ([m, p, b]) => {
      const { csrf } = await (await fetch('/api/session')).json();
      const got = await fetch(p, {
        method: m,
        headers: { 'X-CSRF-Token': csrf, 'X-Purpose': 'test', ...(b ? { 'Content-Type': 'application/json' } : {}) },
        body: b && JSON.stringify(b),
      });
      return { ok: got.ok, body: await got.json() };
    },
    [method, path, body],
  );
  assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const newCase = (page, title, more = {}) => ask(page, 'POST', '/api/cases', { title, ...more });

/** A consignment whose declaration names parties. */
async function withParties(page) {
  const all = (await ask(page, 'GET', '/api/seizures?most=50')).items.map((z) => z.consignment).filter(Boolean);
  const made = await newCase(page, 'to see whom it names', { links: [`consignment:${all[0]}`] });
  assert.ok(made.party_offers.length > 0, 'the demonstration names no party');
  return all[0];
}

test('the parties that the consignments name come with one key, one goes again with a reason', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const consignment = await withParties(page);
  const { id, party_offers: offers } = await newCase(page, 'parties by one key', { links: [`consignment:${consignment}`] });
  await page.goto(`/case?id=${id}`);
  await page.getByText('No party is entered.').waitFor();
  await page.keyboard.press('p');
  const parties = page.getByRole('region', { name: 'Parties' });
  await parties.locator('tbody tr').nth(offers.length - 1).waitFor();
  assert.equal(await parties.locator('tbody tr').count(), offers.length);
  await parties.getByRole('button', { name: /^Take out/ }).first().click();
  await parties.getByLabel('Why it is no party').fill('only the haulier of the return trip');
  await parties.getByRole('button', { name: /^Take out/ }).first().click();
  await parties.getByText(/taken out .*only the haulier of the return trip/).waitFor();
  await page.keyboard.press('4');
  await page.locator('li.party_ended').waitFor();
  await page.context().close();
});

test('a party is searched in the registry and put in with its role', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { code } = (await newCase(page, 'whom to search', { links: [`consignment:${await withParties(page)}`] })).party_offers[0];
  const { id } = await newCase(page, 'a party by search');
  await page.goto(`/case?id=${id}`);
  const parties = page.getByRole('region', { name: 'Parties' });
  await parties.getByLabel('Search by code or name').fill(code);
  await parties.getByLabel('Role').selectOption('forwarder');
  await parties.getByRole('button', { name: 'Search' }).click();
  await parties.getByRole('button', { name: new RegExp(`^\\+ .*${code}`) }).first().click();
  await parties.locator('tbody tr', { hasText: code }).getByText('forwarder').waitFor();
  await page.context().close();
});

test('a case is joined by its number and parted again from either side', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const kept = await newCase(page, 'the first of two');
  const other = await newCase(page, 'the second of two');
  await page.goto(`/case?id=${kept.id}`);
  const field = page.getByLabel('Number of the case to join');
  await field.focus();
  await page.waitForFunction((number) => [...document.querySelectorAll('datalist option')].some((o) => o.value === number), other.number);
  await field.fill(other.number.toLowerCase());
  await page.getByLabel('Reason').first().fill('one load in two trucks');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('link', { name: other.number }).click();
  await page.waitForFunction((id) => location.search.includes(`id=${id}`), other.id);
  await page.getByText('This case was joined to').waitFor();
  await page.locator('header').getByRole('link', { name: kept.number }).waitFor();
  await page.getByRole('button', { name: 'Undo the joining' }).click();
  await page.getByText('This case was joined to').waitFor({ state: 'detached' });
  assert.deepEqual((await ask(page, 'GET', `/api/cases/${kept.id}`)).merged, []);
  await page.context().close();
});

test('the dossier with persons is reached by a key, asks what for, and is a PDF', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { id } = await newCase(page, 'persons on paper');
  await ask(page, 'POST', `/api/cases/${id}/suspects`, { name: 'Person of the test', role: 'driver', sex: 'x', citizenship: 'XX' });
  await page.goto(`/case?id=${id}`);
  await page.getByRole('button', { name: 'Dossier with persons…' }).waitFor();
  await page.keyboard.press('Shift+D');
  await page.getByLabel('Purpose').fill('file for the court');
  await page.keyboard.press('Enter');
  await page.getByText('Person of the test').waitFor();
  await page.keyboard.press('Shift+D');
  const link = page.getByRole('link', { name: /^Dossier with persons: open the PDF/ });
  const head = await page.evaluate(async (href) => (await (await fetch(href)).text()).slice(0, 5), await link.getAttribute('href'));
  assert.equal(head, '%PDF-');
  await page.context().close();
});

test('a case that is over says so and offers only to be reopened', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { items } = await ask(page, 'GET', '/api/cases');
  let over = items.find((c) => ['referred', 'closed'].includes(c.flow.state) && c.merged_into === undefined);
  if (over === undefined) {
    over = items.find((c) => c.flow.state === 'review');
    const chief = await open(world, 'chief', '/case');
    await ask(page, 'POST', `/api/cases/${over.id}/changes`, { disposition: 'handed to the prosecutor' });
    await ask(chief, 'POST', `/api/cases/${over.id}/moves`, { arrow: 'refer' });
    await chief.context().close();
  }
  await page.goto(`/case?id=${over.id}`);
  await page.getByText('The case is over: it takes no change.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Join', exact: true }).count(), 0);
  await page.goto(`/case?id=${over.id}&tab=seizures`);
  await page.waitForSelector('section table');
  assert.equal(await page.getByRole('button', { name: 'Complete the facts' }).count(), 0);
  await page.context().close();
});

test('Ctrl+K and the evidence search find what a number or the code of a paper is of, and nothing that one may not see', async (world) => {
  const page = await open(world, 'custodian', '/evidence');
  const { items } = await ask(page, 'GET', '/api/exhibits?most=50');
  const { id, number } = items.at(-1);
  await page.getByRole('searchbox').fill(`tamga:exhibit/${number}`);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: number }).waitFor();
  assert.equal(await page.locator('.list li').count(), 1);
  const seek = async (p, text) => {
    await p.keyboard.press('Control+k');
    await p.getByRole('combobox', { name: 'Go, find, act' }).fill(text);
    await p.keyboard.press('Enter');
  };
  const investigator = await open(world, 'investigator', '/case');
  const secret = await newCase(investigator, 'found by its number', { compartment: 'North' });
  const { number: order, id: orderId } = (await ask(investigator, 'GET', '/api/board')).items[0];
  for (const [text, at] of [
    [secret.number.toLowerCase(), `/case?id=${secret.id}`],
    [`tamga:exhibit/${number}/1`, `/evidence?id=${id}`],
    [`tamga:order/${order}`, `/board?order=${orderId}`],
  ]) {
    await seek(investigator, text);
    await investigator.waitForURL((u) => u.pathname + u.search === at);
  }
  const chief = await open(world, 'chief', '/case');
  await seek(chief, secret.number);
  await chief.getByText(`Nothing that you may see has the number ${secret.number}.`).waitFor();
  await chief.context().close();
  for (const p of [page, investigator]) {
    assert.deepEqual(p.faults, []);
    await p.context().close();
  }
});

test('a case is linked by the number of a declaration, and what is not there is said in words', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { number: order, consignment } = (await ask(page, 'GET', '/api/board')).items[0];
  const { id } = await newCase(page, 'linked by numbers', { links: [`consignment:${consignment}`] });
  await page.goto(`/case?id=${id}`);
  await page.getByText(/^consignment of declaration \S*\D/).waitFor();
  const field = page.getByLabel('Number of a declaration or order');
  const link = page.getByRole('button', { name: 'Link', exact: true });
  await link.click();
  await page.getByText('Type the number.').waitFor();
  await field.fill('NO-SUCH-NUMBER');
  await link.click();
  await page.getByText('no declaration and no order has the number "NO-SUCH-NUMBER"').waitFor();
  await field.fill(`tamga:order/${order}`);
  await link.click();
  await page.getByRole('link', { name: `inspection order ${order}` }).waitFor();
  await page.context().close();
});

test('citizenship is chosen by the name of the country, access from a list, and a button says what it lacks', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { id } = await newCase(page, 'chosen from lists');
  await page.goto(`/case?id=${id}&tab=access`);
  await page.getByRole('button', { name: 'Give access' }).click();
  await page.getByText('Choose whose account. Say why, in three letters or more.').waitFor();
  const names = await page.getByLabel('Account').locator('option').allTextContents();
  assert.ok(names.some((n) => n.endsWith('(chief)')) && !names.some((n) => n.endsWith('(statistician)')), names.join());
  await page.goto(`/case?id=${id}&tab=persons`);
  await page.getByRole('button', { name: 'Read the persons' }).click();
  await page.getByRole('button', { name: /^Read, and write/ }).click();
  await page.getByText('Say what for, in five letters or more.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Enter a person' }).click();
  const form = page.locator('dialog form');
  await form.getByLabel('Name', { exact: true }).fill('Person of the lists');
  await form.getByRole('combobox', { name: 'Role' }).selectOption('driver');
  await form.getByRole('combobox', { name: 'Sex' }).selectOption('x');
  await form.getByRole('button', { name: /^Keep/ }).click();
  await form.getByText('Choose the citizenship.').waitFor();
  await form.getByRole('combobox', { name: 'Citizenship' }).selectOption({ label: 'Georgia' });
  await page.keyboard.press('Control+Enter');
  await form.waitFor({ state: 'detached' });
  await page.context().close();
});

await runAll();
