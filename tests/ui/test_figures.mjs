/* The statistics screen, in a browser: `TAMGA_BUILD=build-check node tests/ui/test_figures.mjs`. With TAMGA_LOOK=FOLDER it keeps
 * pictures of what it saw. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { signIn } from './centre.mjs';
import { inEveryLook, violations } from './look.mjs';
import { runAll, test } from './tap.mjs';

const LOOK = process.env.TAMGA_LOOK;
const YEAR = '/figures?from=2026-01-01&to=2026-12-31';

async function open({ centre, browser }, role, path, lang = 'en') {
  const page = await browser.page(lang);
  await signIn(page, role, centre.accounts[role], path);
  await page.waitForSelector('main h1', { state: 'attached' });
  page.faults.length = 0;
  return page;
}
async function keep(page, name) {
  if (LOOK) await page.screenshot({ path: join(LOOK, `${name}.png`), fullPage: true });
}
const valueOf = (page, words) => page.locator('tr', { has: page.locator('td.words', { hasText: words }) }).locator('td.value').first();

test('a whole part of a year is chosen, and the same of the year before stands beside it', async (world) => {
  const page = await open(world, 'statistician', '/figures');
  await page.getByLabel('Whole').selectOption('q3');
  const chosen = new URL(page.url()).searchParams;
  assert.match(chosen.get('from'), /-07-01$/);
  assert.match(chosen.get('to'), /-09-30$/);
  await page.getByLabel('of the year').selectOption('2024');
  assert.equal(new URL(page.url()).searchParams.get('from'), '2024-07-01');
  await page.locator('.periods .muted', { hasText: '2023' }).waitFor();
  await page.getByText('Nothing is recorded for this period').waitFor();
  await page.getByLabel('Whole').selectOption('half2');
  assert.equal(new URL(page.url()).searchParams.get('to'), '2024-12-31');
  await page.context().close();
});

test('a number leads to the records that make it up, for those who may read them', async (world) => {
  const page = await open(world, 'chief', YEAR);
  const facts = await valueOf(page, 'facts (cases)').innerText();
  await valueOf(page, 'facts (cases)').getByRole('button').click();
  const parts = page.getByRole('dialog');
  await parts.getByText(`${facts} records make up this figure.`, { exact: false }).waitFor();
  const shown = await parts.locator('tbody tr').count();
  const hidden = Number(/(\d+) of them (?:is|are) not/.exec(await parts.innerText())?.[1] ?? 0);
  assert.equal(shown + hidden, Number(facts), 'shown and hidden are all');
  assert.ok(shown > 0);
  await keep(page, 'figures-parts');
  await parts.locator('tbody a').first().click();
  await page.waitForURL(/\/case\?id=\d+/);
  await page.context().close();
});

test('what stands behind a figure of persons is read for a purpose', async (world) => {
  const page = await open(world, 'investigator', YEAR);
  await valueOf(page, 'persons held to account').getByRole('button').click();
  const parts = page.getByRole('dialog');
  assert.equal(await parts.locator('table').count(), 0, 'nothing before a purpose is given');
  await parts.getByLabel('Purpose').fill('the report to the ministry');
  await parts.getByRole('button', { name: /^Read/ }).click();
  await parts.getByText(/make up this figure|makes up this figure/).waitFor();
  await page.context().close();
});

test('a statistician sees counts and nothing behind them', async (world) => {
  const page = await open(world, 'statistician', YEAR);
  await valueOf(page, 'facts (cases)').waitFor();
  assert.equal(await page.locator('td.value button').count(), 0);
  const answer = await page.evaluate(async () => (await fetch('/api/report/parts?from=2026-01-01&to=2026-12-31&section=facts&code=facts')).json());
  assert.deepEqual(answer.items, []);
  assert.ok(answer.hidden > 0);
  await page.context().close();
});

test('the chart says the same to those who listen: a row of a table for each bar', async (world) => {
  const page = await open(world, 'statistician', `${YEAR}&with=year`);
  for (const by of ['by substance', 'by month']) {
    await page.getByRole('button', { name: by }).click();
    await page.locator('section table.hidden-words tbody tr').first().waitFor({ state: 'attached' });
    const said = await page.locator('section table.hidden-words tbody tr').allTextContents();
    const drawn = await page.locator('svg g').evaluateAll((list) => list.map((g) => [...g.querySelectorAll('text')].map((x) => x.textContent).join('')));
    assert.deepEqual(said.map((x) => x.replaceAll(/\s/g, '')), drawn.map((x) => x.replaceAll(/\s/g, '')), by);
    assert.ok((await page.locator('svg rect.old').count()) > 0 && said.length > 0, 'the period compared with is drawn');
  }
  await keep(page, 'figures');
  await page.context().close();
});

test('a copy for publication is issued as its own paper', async (world) => {
  const page = await open(world, 'statistician', YEAR);
  await page.getByLabel('Copy').selectOption('publication');
  await page.getByRole('button', { name: 'Report for publication' }).click();
  await page.getByRole('link', { name: /Report for publication/ }).waitFor();
  assert.match(await page.getByRole('link', { name: /XLSX/ }).getAttribute('href'), /copy=publication/);
  await page.context().close();
});

test('what lies behind a number has no axe violation in both themes and three languages', async (world) => {
  const page = await open(world, 'chief', YEAR);
  const faults = await inEveryLook(page, async (now, lang, theme) => {
    await now.locator('td.value button').first().click();
    await now.locator('dialog tbody tr').first().waitFor();
    await keep(now, `figures-${lang}-${theme}`);
    return violations(now);
  });
  await page.context().close();
  assert.deepEqual(faults, []);
});

await runAll();
