/* From an order at the post to the figures of the period, in a browser: `TAMGA_BUILD=build-check node tests/ui/test_casework.mjs`. */
import assert from 'node:assert/strict';
import { signIn } from './centre.mjs';
import { inEveryLook, violations } from './look.mjs';
import { settled } from './still.mjs';
import { runAll, test } from './tap.mjs';

const ASTARA = 'AZAST001';
const PHONE = { width: 360, height: 740 };

async function open({ centre, browser }, role, path, lang = 'en', size = undefined) {
  const page = await browser.page(lang);
  if (size) await page.setViewportSize(size);
  await signIn(page, role, centre.accounts[role], path);
  page.faults.length = 0;
  return page;
}

/** Calls the centre as the person of this page. */
const ask = (page, method, path, body) =>
  page.evaluate(
    async ([m, p, b]) => {
      const { csrf } = await (await fetch('/api/session')).json();
      const answer = await fetch(p, {
        method: m,
        headers: { 'X-CSRF-Token': csrf, 'X-Purpose': 'test', ...(b ? { 'Content-Type': 'application/json' } : {}) },
        body: b && JSON.stringify(b),
      });
      return { status: answer.status, body: await answer.json() };
    },
    [method, path, body],
  );
const get = async (page, path) => (await ask(page, 'GET', path)).body;

/** An analyst orders an inspection at Astara; tells the order. */
async function order(world) {
  const page = await open(world, 'analyst', '/board');
  const { items } = await get(page, `/api/queue?post=${ASTARA}&open=true&most=200`);
  const { consignment } = items.find((i) => i.expected < '2026-09-16T20');
  const made = await ask(page, 'POST', `/api/consignments/${consignment}/decisions`, {
    action: 'inspect',
    means: ['xray', 'dog', 'unloading'],
    reason: 'Density of the load does not fit the goods',
    looked_at: [],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const found = (await get(page, '/api/board')).items.find((o) => o.consignment === consignment);
  await page.context().close();
  return found;
}

/** The team taps through one step of the order that is open: start, reaction, reading, enter. */
async function enterStep(page, means, reaction, reading) {
  await page.getByRole('button', { name: `Start: ${means}` }).click();
  await page.locator('.choices label', { hasText: reaction }).click();
  if (reading) await page.getByLabel('Reading', { exact: true }).fill(reading);
  await page.getByRole('button', { name: /^Enter the step/ }).click();
}

const stepLine = (page, means) => page.locator('ol li', { hasText: means });

test('steps typed without a line wait in the phone and are entered once when it is back', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await page.getByRole('button', { name: 'Start: X-ray' }).waitFor();
  const sent = [];
  page.on('request', (r) => r.url().endsWith('/steps') && sent.push(r.postDataJSON().client_key));
  await page.context().setOffline(true);
  await enterStep(page, 'X-ray', 'suspicious', 'shadow behind the front wall');
  await enterStep(page, 'dog', 'suspicious', 'sat at the left axle');
  await page.getByText('2 entries wait for the line').waitFor();
  assert.equal(await page.locator('li.waiting').count(), 2);
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.querySelectorAll('li.waiting').length === 0, null, { timeout: 40000 });
  const { steps } = await get(page, `/api/orders/${id}`);
  assert.deepEqual(
    steps.map((s) => [s.means, s.reaction ?? '', s.reading ?? '']),
    [
      ['xray', 'suspect', 'shadow behind the front wall'],
      ['dog', 'suspect', 'sat at the left axle'],
      ['unloading', '', ''],
    ],
  );
  assert.equal(await stepLine(page, 'suspicious').count(), 2);
  assert.equal(new Set(sent).size, 2);
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('tamga.outbox')).length), 0);
  await page.context().close();
  return `${sent.length} sendings of 2 steps`;
});

test('a step whose answer was lost on the way is not entered twice', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  let lost = 0;
  await page.route('**/api/orders/*/steps', async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await enterStep(page, 'dog', 'nothing');
  await page.getByText('1 entry waits for the line').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('li.waiting').length === 0, null, { timeout: 20000 });
  const { steps } = await get(page, `/api/orders/${id}`);
  assert.equal(lost, 2);
  assert.equal(steps.length, 3);
  assert.equal(steps.filter((s) => s.reaction === 'none').length, 1);
  await page.context().close();
});

test('what waits outlives the tab, and a step that the centre refuses says why and can be thrown away', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await page.route('**/api/orders/*/steps', (r) => r.abort());
  await enterStep(page, 'dog', 'nothing');
  await page.getByText('1 entry waits for the line').waitFor();
  await page.unroute('**/api/orders/*/steps');
  const refused = { type: 'urn:tamga:problem:invalid', detail: 'the step ended before it began', errors: [] };
  await page.route('**/api/orders/*/steps', (r) =>
    r.fulfill({ status: 400, contentType: 'application/problem+json', body: JSON.stringify(refused) }));
  await page.reload();
  await page.getByText('the step ended before it began').waitFor();
  await page.getByRole('button', { name: 'Throw away' }).click();
  await page.waitForFunction(() => document.querySelectorAll('li.waiting').length === 0);
  await page.context().close();
});

/** On the phone: drugs, one line of heroin, sent. */
async function enterResult(page, kg = '1.5') {
  await page.getByRole('button', { name: 'Enter the result' }).click();
  await page.locator('.choices label', { hasText: 'drugs' }).click();
  await page.locator('.choices label', { hasText: 'X-ray' }).click();
  const substance = page.getByLabel('Substance or thing, line 1');
  await substance.fill('Heroinnn');
  await page.getByLabel(/^“Heroinnn” is not in the list/).waitFor();
  await substance.fill('Heroin');
  await page.getByLabel('Kilograms, line 1').fill(kg);
  await page.getByRole('button', { name: /^Enter the result/ }).click();
}

test('only what was done stands in the result: a planned step is not ticked, minutes are those of the steps', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await enterStep(page, 'dog', 'suspicious', 'sat at the left axle');
  await page.waitForFunction(() => /^(Start|Continue): X-ray/.test(document.activeElement?.textContent.trim() ?? ''));
  await page.getByRole('button', { name: 'Enter the result' }).click();
  await page.locator('#result-first').waitFor();
  const ticked = page.locator('.choices label.on');
  assert.deepEqual((await ticked.allTextContents()).map((w) => /dog/.test(w)), [true]);
  assert.equal(await page.getByLabel('Minutes').inputValue(), '1');
  await page.getByRole('button', { name: /^Enter the result/ }).click();
  await page.getByText('Choose what was found.').waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'result-first');
  await page.locator('.choices label', { hasText: 'nothing' }).first().click();
  await page.getByRole('button', { name: /^Enter the result/ }).click();
  await page.waitForSelector('.moved');
  const { steps, found } = await get(page, `/api/orders/${id}`);
  assert.deepEqual([found.outcome, found.means], ['none', ['dog']]);
  assert.deepEqual(steps.filter((s) => s.reaction).map((s) => s.means), ['dog']);
  await page.context().close();
});

test('a step that runs says so after a reload, one that waits is done, and an opened order stays readable without a line', async (world) => {
  const { id, expected } = await order(world);
  assert.match(expected, /^\d{4}-/);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await page.getByText(/^(arrives|was to arrive) /).first().waitFor();
  await page.getByRole('button', { name: 'Start: X-ray' }).click();
  await page.getByText('Set the times by hand').click();
  await page.locator('#step-started').fill('00:01');
  await page.locator('#step-started').blur();
  await page.getByText('The step began before the order was issued.').waitFor();
  assert.ok(await page.locator('#step-started').isVisible());
  await page.goto(`/post?order=${id}`);
  await page.getByRole('button', { name: /^Continue: X-ray, since / }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.route('**/api/orders/**', (r) => r.abort());
  await enterStep(page, 'dog', 'nothing', 'all round');
  await page.locator('ol li', { hasText: 'dog' }).getByText('done, waits for the line').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Start: dog' }).count(), 0);
  await page.locator('li.waiting', { hasText: 'all round' }).waitFor();
  await page.getByRole('button', { name: /To the orders/ }).click();
  await page.reload();
  await page.locator('.orders button').first().waitFor();
  await page.goto(`/post?order=${id}`);
  await page.getByText('As it was when the line was last there.').waitFor();
  await page.unroute('**/api/orders/**');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await nothingWaits(page);
  await page.getByText('As it was when the line was last there.').waitFor({ state: 'detached' });
  await page.context().close();
});

test('the chief sees outcome, lines and the number of the seizure beside the button, then the case', async (world) => {
  const { id } = await order(world);
  const team = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await enterResult(team, '3.25');
  await team.waitForSelector('.moved');
  await team.getByRole('link', { name: 'Seal an exhibit' }).first().waitFor();
  const chief = await open(world, 'chief', `/board?order=${id}`);
  const next = chief.locator('#order-next');
  await next.getByText('drugs').first().waitFor();
  await next.getByText('3.25 kg').waitFor();
  const { seizures } = await get(chief, `/api/orders/${id}`);
  await next.getByText((await get(chief, `/api/seizures/${seizures[0]}`)).number).waitFor();
  await next.getByRole('button', { name: /^Confirm the seizure/ }).click();
  await next.getByRole('link', { name: /^Case / }).waitFor();
  assert.equal(await next.getByRole('link', { name: 'Enter steps' }).count(), 0);
  await chief.waitForFunction(() => document.activeElement.tagName !== 'BODY');
  await team.context().close();
  await chief.context().close();
});

test('sealing after a find is prefilled, says what is wrong at the field, and does not offer the sealed line first', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await enterResult(page, '2');
  await page.waitForSelector('.moved');
  await page.getByRole('link', { name: 'Seal an exhibit' }).first().click();
  const form = page.locator('dialog form');
  await page.waitForFunction(() => Number(document.querySelector('dialog form select')?.value) > 0);
  assert.match(await form.getByLabel('What it looks like').inputValue(), /^heroin, 2 kg/);
  assert.equal(await form.getByLabel('Place').inputValue(), 'Astara');
  await form.getByLabel('Net, kg').fill('two');
  await form.getByRole('button', { name: /^Seal an exhibit/ }).click();
  const wrong = form.locator('label:has(.field-fault)');
  assert.deepEqual((await wrong.allTextContents()).map((w) => w.slice(0, 7)), ['From wh', 'New sea', 'Net, kg']);
  await page.waitForFunction(() => document.activeElement.closest('label')?.textContent.startsWith('From whom'));
  await form.getByLabel('From whom *').fill('driver');
  await form.getByLabel('New seal').fill(`AZ-${id}`);
  await form.getByLabel('Net, kg').fill('2');
  await form.getByRole('button', { name: /^Seal an exhibit/ }).click();
  await page.getByText('The chain is whole').waitFor();
  const { seizures } = await get(page, `/api/orders/${id}`);
  await page.goto(`/evidence?form=seal&seizure=${seizures[0]}`);
  await form.locator('optgroup[label="sealed already"] option').waitFor({ state: 'attached' });
  assert.equal(await form.locator('select > option').count(), 1);
  await page.context().close();
});

test('on a phone nothing of the board lies beyond the edge, and without orders the post shows what stands in the red lane', async (world) => {
  const { ref } = await order(world);
  const chief = await open(world, 'chief', `/board?post=${ASTARA}`, 'ru', PHONE);
  const row = chief.locator('tr', { hasText: ref });
  const right = await row.locator('td').evaluateAll((all) => Math.max(...all.map((e) => e.getBoundingClientRect().right)));
  assert.ok(right <= PHONE.width, `${right}`);
  await row.locator('.state').getByText(/./).first().waitFor();
  await chief.context().close();
  const team = await open(world, 'team', '/', 'en', PHONE);
  await team.route('**/api/board*', (r) => r.fulfill({ json: { items: [] } }));
  await team.goto('/post');
  await team.getByRole('link', { name: /of the red lane/ }).click();
  await team.locator('.list ul li').first().waitFor();
  await team.context().close();
});

const nothingWaits = (page) => page.waitForFunction(() => document.querySelectorAll('li.waiting').length === 0, null, { timeout: 40000 });

test('a result whose answer was lost on the way is entered exactly once, with its seizure', async (world) => {
  const { id, consignment } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  const sent = [];
  await page.route('**/api/consignments/*/results', async (route) => {
    sent.push(route.request().postDataJSON().client_key);
    if (sent.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await enterResult(page);
  await page.getByText('1 entry waits for the line').waitFor();
  await page.waitForSelector('.moved', { timeout: 20000 });
  assert.equal(sent.length, 2);
  assert.equal(new Set(sent).size, 1);
  const chief = await open(world, 'chief', '/board');
  assert.equal((await get(chief, `/api/consignments/${consignment}`)).results.length, 1);
  assert.equal((await get(page, `/api/orders/${id}`)).seizures.length, 1);
  await page.context().close();
  await chief.context().close();
});

test('a move, a step and a result typed without a line outlive a reload and go in the order they were made', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  const wires = ['**/api/orders/*/steps', '**/api/orders/*/moves', '**/api/consignments/*/results'];
  for (const wire of wires) await page.route(wire, (r) => r.abort());
  await page.getByRole('button', { name: /^Accept/ }).click();
  await enterStep(page, 'dog', 'suspicious', 'sat at the left axle');
  await enterResult(page);
  await page.getByText('3 entries wait for the line').waitFor();
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('li.waiting').length === 3);
  const sent = [];
  page.on('request', (r) => r.method() === 'POST' && /steps|moves|results/.test(r.url()) && sent.push(/(\w+)$/.exec(r.url())[1]));
  for (const wire of wires) await page.unroute(wire);
  await page.getByRole('button', { name: 'Send now' }).or(page.locator('ul li.waiting').first()).first().click();
  await nothingWaits(page);
  assert.deepEqual(sent.slice(-3), ['moves', 'steps', 'results']);
  const { flow, steps, seizures } = await get(page, `/api/orders/${id}`);
  assert.deepEqual([flow.state, steps.find((s) => s.means === 'dog').reading, seizures.length], ['result', 'sat at the left axle', 1]);
  await page.context().close();
});

test('what can hardly be is asked about in words, and goes through with a reason', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`, 'az', PHONE);
  await page.evaluate(() => localStorage.setItem('tamga.lang', 'en'));
  await page.reload();
  await enterResult(page, '900000');
  await page.getByText('Is it really so?').waitFor();
  await page.getByText('900,000 kg is more than a vehicle weighs with its load (44,000 kg).').waitFor();
  await page.getByRole('button', { name: 'It is so: enter it' }).click();
  await page.getByText('Say why in a few words.').waitFor();
  await page.getByLabel('Why it is so').fill('weighed on the bridge twice');
  await page.getByRole('button', { name: 'It is so: enter it' }).click();
  await nothingWaits(page);
  assert.equal((await get(page, `/api/orders/${id}`)).flow.state, 'result');
  await page.context().close();
});

test('the phone screen fits 360 pixels and every target is large enough for a thumb', async (world) => {
  const { id } = await order(world);
  for (const path of ['/post', `/post?order=${id}`, `/post?order=${id}&do=step&means=dog`]) {
    const page = await open(world, 'team', path, 'ru', PHONE);
    await page.waitForSelector('.post button');
    await settled(page);
    const told = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      small: [...document.querySelectorAll('main button, main input:not([type=radio]):not([type=file]), main select, main summary, main .choices label')]
        .filter((e) => e.checkVisibility())
        .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
        .filter(([, h]) => h < 44),
    }));
    assert.deepEqual([path, told.wide <= 0, told.small], [path, true, []]);
    await page.context().close();
  }
});

test('a step is entered by keyboard alone', async (world) => {
  const { id } = await order(world);
  const page = await open(world, 'team', `/post?order=${id}`);
  await page.getByRole('button', { name: 'Start: X-ray' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.choices');
  await page.keyboard.press('2');
  const answer = page.waitForResponse((r) => r.url().endsWith(`/orders/${id}/steps`));
  await page.keyboard.press('Control+Enter');
  assert.equal((await answer).status(), 201);
  await stepLine(page, 'suspicious').waitFor();
  await page.context().close();
});

test('the board puts what is late first, filters by post, and says who may not and why', async (world) => {
  const { id, ref } = await order(world);
  const page = await open(world, 'chief', `/board?post=${ASTARA}`);
  await page.getByRole('button', { name: ref }).click();
  await page.getByText('What may be done next').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('order'), String(id));
  await page.locator('details summary').first().click();
  await page.getByText('enter what the control found first.').first().waitFor();
  const marks = await page.locator('table .due').evaluateAll((all) => all.map((e) => e.classList.contains('over')));
  assert.deepEqual(marks, marks.toSorted((a, b) => Number(b) - Number(a)));
  await page.getByLabel('Who may do it now:').selectOption('dog');
  await page.waitForFunction(() => document.querySelectorAll('.both li').length > 0 || document.querySelector('.both .muted'));
  await page.context().close();
});

test('a dispatch is planned, ordered and cancelled with a reason', async (world) => {
  const page = await open(world, 'chief', '/board?tab=staff');
  const number = `T${Date.now() % 100000}`;
  const added = await ask(page, 'POST', '/api/staff', { officer: { service_number: number, name: 'Officer Test', skills: ['xray'], post: ASTARA } });
  assert.equal(added.status, 201);
  await page.reload();
  await page.getByRole('button', { name: 'Plan a dispatch' }).click();
  const form = page.locator('dialog form');
  await form.getByLabel('Officer').selectOption({ label: await form.locator('option', { hasText: 'Officer Test' }).first().textContent() });
  await form.getByLabel('Post').selectOption('AZBIL001');
  await form.getByLabel('Reason').fill('Night shift is short of hands');
  await page.keyboard.press('Control+Enter');
  const row = page.locator('tr', { hasText: 'Officer Test' }).filter({ hasText: 'Night shift is short of hands' });
  await row.getByText('planned').waitFor();
  await row.getByRole('button', { name: 'Order' }).click();
  await row.getByText('ordered').waitFor();
  await row.getByRole('button', { name: /^Cancel/ }).first().click();
  await row.locator('textarea').fill('Shift is full again');
  await row.locator('.note button.primary').click();
  await row.getByText('cancelled').waitFor();
  await page.context().close();
});

test('a team is made, its shift is planned and taken back, and who is not on it may not', async (world) => {
  const page = await open(world, 'chief', `/board?tab=staff&post=${ASTARA}`);
  await page.getByRole('button', { name: 'Add a team' }).click();
  const form = page.locator('dialog form');
  await form.getByLabel('Name').fill('Night watch');
  await form.getByLabel('Post').selectOption(ASTARA);
  await form.getByRole('checkbox', { name: /^X-ray operator, .*D-1003/ }).check();
  await page.keyboard.press('Control+Enter');
  await page.locator('tr', { hasText: 'Night watch' }).getByText('X-ray operator').waitFor();
  await page.getByRole('button', { name: 'Plan a shift' }).click();
  await form.getByLabel('Team').selectOption({ index: 1 });
  await form.getByLabel('On so many days in a row').fill('2');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => document.querySelectorAll('tr td.nowrap').length >= 2 && !document.querySelector('dialog form'));
  const { rota, officers } = await get(page, '/api/staff');
  assert.equal(rota.length, 2);
  assert.equal(Date.parse(rota[1].from) - Date.parse(rota[0].from), 86400000);
  const dog = officers.find((o) => o.dog);
  assert.equal(typeof dog.worked_minutes, 'number');
  await page.getByText(/^may work \d+ min$/).first().waitFor();
  for (let left = 2; left > 0; left--) {
    await page.getByRole('button', { name: /^Take back/ }).first().click();
    await page.waitForFunction((n) => document.querySelectorAll('button:disabled').length === 0 && [...document.querySelectorAll('button')].filter((b) => b.textContent.startsWith('Take back')).length === n, left - 1);
  }
  assert.equal((await get(page, '/api/staff')).rota.length, 0);
  await page.context().close();
});

test('the administrator reads each workflow by its digit: states, deadlines, who may and what follows', async (world) => {
  const page = await open(world, 'administrator', '/workflows', 'en');
  await page.locator('[role=tab]').first().waitFor();
  const kinds = await page.locator('[role=tab]').allTextContents();
  const at = kinds.findIndex((k) => k.includes('Inspection order'));
  await page.keyboard.press(String(at + 1));
  const panel = page.locator('[role=tabpanel]:visible');
  await panel.getByText('within 30 min from the arrival; after that: the chief is told').waitFor();
  const seizure = panel.locator('tr', { hasText: 'Confirm the seizure' });
  assert.match(await seizure.textContent(), /shift chief.*a second person.*a case is opened/s);
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TH');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

/** Fills the fields of a window by their labels. */
async function fill(form, values) {
  for (const [label, value] of Object.entries(values)) await form.getByRole('textbox', { name: label }).fill(value);
}

test('a find goes from the order to the figures: dog, X-ray, unloading, 12 kg, case, weighing, laboratory, report', async (world) => {
  const { id, consignment } = await order(world);
  const first = await open(world, 'statistician', '/figures?from=2026-09-01&to=2026-09-30&with=none');
  await first.waitForSelector('tbody .total');
  const before = (await get(first, '/api/report?from=2026-09-01&to=2026-09-30')).figures;

  const team = await open(world, 'team', `/post?order=${id}`, 'en', PHONE);
  await enterStep(team, 'dog', 'suspicious', 'sat at the left axle');
  await enterStep(team, 'X-ray', 'suspicious', 'shadow behind the front wall');
  await enterStep(team, 'unloading', 'found', '303 packages');
  await team.getByRole('button', { name: 'Enter the result' }).click();
  await team.locator('.choices label', { hasText: 'drugs' }).click();
  await team.getByLabel('Substance or thing, line 1').fill('Heroin');
  await team.getByLabel('Kilograms, line 1').fill('12');
  await team.getByRole('button', { name: /^Enter the result/ }).click();
  await team.waitForSelector('.moved');

  const chief = await open(world, 'chief', `/board?order=${id}`);
  await chief.getByRole('button', { name: /^Confirm the seizure/ }).click();
  await chief.waitForFunction(() => /: seized/.test(document.body.textContent));
  const work = await get(chief, `/api/orders/${id}`);
  assert.equal(work.flow.state, 'seized');
  const seizure = await get(chief, `/api/seizures/${work.seizures[0]}`);
  assert.deepEqual([seizure.consignment, seizure.lines[0].substance, seizure.lines[0].mass_mg], [consignment, 'heroin', 12000000]);
  await chief.goto(`/case?id=${seizure.case}&tab=access`);
  await chief.getByLabel('Account').selectOption('investigator');
  await chief.locator('form').getByLabel('Reason').fill('leads the case');
  await chief.getByRole('button', { name: 'Give access' }).click();
  await chief.getByText('leads the case', { exact: true }).waitFor();

  await team.goto(`/evidence?form=seal&seizure=${seizure.id}`);
  const seal = team.locator('dialog form');
  await seal.getByLabel('What is sealed').selectOption({ index: 1 });
  await fill(seal, { 'What it looks like': '303 packages in a sack', 'From whom': 'driver', 'To whom': 'inspection team', Place: 'Astara', 'What for': 'sealing', 'New seal': 'AZ-9001' });
  await seal.getByRole('button', { name: /^Seal an exhibit/ }).click();
  await team.getByText('The chain is whole').waitFor();
  await team.getByRole('button', { name: /^Weigh/ }).click();
  const weigh = team.locator('dialog form');
  await fill(weigh, { 'To whom': 'inspection team', 'What for': 'weighing', 'Seal as read on it': 'AZ-9001', 'New seal': 'AZ-9002', 'Net, kg': '12', 'Gross, kg': '12.4', 'First witness': 'Witness One' });
  await weigh.getByRole('button', { name: /^Weigh/ }).click();
  await team.getByText('Two different witnesses are needed.').waitFor();
  await weigh.getByLabel('Second witness').fill('Witness Two');
  await weigh.getByRole('button', { name: /^Weigh/ }).click();
  await team.getByText('Witness One, Witness Two').waitFor();

  const investigator = await open(world, 'investigator', `/case?id=${seizure.case}&tab=seizures`);
  await investigator.getByRole('button', { name: /^Laboratory result/ }).click();
  const lab = investigator.locator('dialog form');
  await lab.getByLabel('Substance').selectOption('methamphetamine');
  await lab.getByLabel('Net mass, kg').fill('11.997340');
  await lab.getByLabel('Form').selectOption('powder');
  await investigator.keyboard.press('Control+Enter');
  await lab.getByText("Name the laboratory's report and its day.").waitFor();
  await lab.getByLabel('Laboratory report, number').fill('FX-1042');
  await lab.getByLabel('Its day').first().fill('2026-09-16');
  await investigator.keyboard.press('Control+Enter');
  await lab.getByText('No exhibit of it was handed to the laboratory.').waitFor();
  assert.match(investigator.faults.shift() ?? '', /409/);
  await lab.getByLabel('Why it is so').fill('the post sent a sample');
  await investigator.keyboard.press('Control+Enter');
  await investigator.getByText('another substance').waitFor();
  const line = await investigator.locator('section table tbody tr').first().textContent();
  assert.match(line, /heroin.*12 kg.*methamphetamine.*11\.99734 kg.*−0\.00266 kg/s);

  await first.reload();
  await first.waitForSelector('tbody .total');
  const after = (await get(first, '/api/report?from=2026-09-01&to=2026-09-30')).figures;
  const massOf = (f, name, stage) => f.lines.find((l) => l.line === name)?.[stage].mass_mg ?? 0;
  assert.equal(massOf(after, 'methamphetamine', 'now') - massOf(before, 'methamphetamine', 'now'), 11997340);
  assert.equal(massOf(after, 'heroin', 'seized') - massOf(before, 'heroin', 'seized'), 12000000);
  const total = (after.total.mass_mg / 1e6).toLocaleString('en', { minimumFractionDigits: 6 });
  await first.locator('tr.total', { hasText: 'total seized' }).getByText(total).first().waitFor();
  const gap = first.locator('li.open', { hasText: 'as confirmed against as seized: methamphetamine' });
  await gap.getByText('the laboratory, or a correction, changed what was first recorded').waitFor();
  assert.equal(await first.locator('li:not(.open)', { hasText: 'total against its named lines' }).count(), 1);
  for (const p of [first, team, chief, investigator]) {
    assert.deepEqual(p.faults, []);
    await p.context().close();
  }
});

test('a chief whom a closed case does not name cannot open it, and the refusal is in the log', async (world) => {
  const investigator = await open(world, 'investigator', '/case?form=open');
  const form = investigator.locator('dialog form');
  await form.getByLabel('What it is about').fill('Route of the southern corridor');
  await form.getByLabel('Closed circle').fill('South');
  await form.getByRole('button', { name: /^Open a case/ }).click();
  await form.getByText('Choose the kind of fact.').waitFor();
  await form.getByLabel('Kind of fact').selectOption('smuggling');
  await form.getByRole('button', { name: /^Open a case/ }).click();
  await investigator.waitForFunction(() => /^\d+$/.test(new URL(location).searchParams.get('id') ?? ''));
  const id = new URL(investigator.url()).searchParams.get('id');
  await investigator.getByText('Route of the southern corridor').first().waitFor();
  const chief = await open(world, 'chief', '/case');
  await chief.waitForSelector('.list ul, .list .empty');
  assert.equal(await chief.getByText('Route of the southern corridor').count(), 0);
  await chief.goto(`/case?id=${id}`);
  await chief.getByText('This case does not name you.').waitFor();
  await chief.context().close();
  await investigator.context().close();
  const auditor = await open(world, 'auditor', '/log');
  const { size } = await get(auditor, '/api/log?most=1');
  const { items } = await get(auditor, `/api/log?from=${Math.max(0, size - 60)}&most=60`);
  const refused = items.filter((l) => JSON.stringify(l).includes(`case:${id}`) || (l.object === `case:${id}`));
  assert.ok(refused.some((l) => /refused|denied/.test(JSON.stringify(l))), JSON.stringify(refused));
  await auditor.context().close();
});

test('persons are read for a purpose that is asked for, and the purpose is in the log', async (world) => {
  const page = await open(world, 'investigator', '/case');
  const { items } = await get(page, '/api/cases');
  const cases = await Promise.all(items.filter((c) => c.merged_into === undefined && !['closed', 'referred'].includes(c.flow.state)).slice(0, 8).map((c) => get(page, `/api/cases/${c.id}`)));
  const one = cases.find((c) => c.suspects > 0) ?? cases[0];
  const name = 'فرهاد کریمی';
  const added = await ask(page, 'POST', `/api/cases/${one.id}/suspects`, { name, role: 'driver', sex: 'm', citizenship: 'IR' });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  await page.goto(`/case?id=${one.id}&tab=persons`);
  await page.getByRole('button', { name: 'Read the persons' }).click();
  assert.equal(await page.getByText(name).count(), 0);
  const purpose = `indictment ${Date.now()}`;
  await page.getByLabel('Purpose').fill(purpose);
  await page.keyboard.press('Enter');
  await page.getByText(name).waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('5');
  await page.getByRole('button', { name: 'Read the persons' }).waitFor();
  await page.context().close();
  const auditor = await open(world, 'auditor', '/log');
  assert.ok((await auditor.textContent('table')).includes(purpose), 'the purpose is not in the log');
  await auditor.context().close();
});

test('the period stands in the address, its percentages say of what, and a published report is checked', async (world) => {
  const page = await open(world, 'statistician', '/figures?from=2026-01-01&to=2026-09-30&with=before');
  await page.waitForSelector('tbody .total');
  assert.match(await page.textContent('tr.part'), /%\s*of \d/);
  await page.getByLabel('Compared with').selectOption('none');
  assert.equal(new URL(page.url()).searchParams.get('with'), 'none');
  await page.getByRole('button', { name: 'by month' }).click();
  await page.waitForFunction(() => document.querySelectorAll('svg rect.now').length === 9);
  const form = page.locator('.check .fields');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.getByText('A short name, a title, the period').waitFor();
  const typed = [['Short name', 'test-2020-09'], ['Title', 'Nine months'], ['from *', '01.01.2020'], ['to *', '30.09.2020'], ['Where it was published', 'interview'], ['Total, kg', '1648.104']];
  for (const [label, value] of typed) await form.getByRole('textbox', { name: label }).fill(value);
  for (const [i, [line, kg]] of [['heroin', '903.454'], ['opium', '505.593'], ['hashish', '44,646'], ['methamphetamine', '194.115']].entries()) {
    if (i > 0) await form.getByRole('button', { name: 'Another line' }).click();
    await form.getByLabel(`Line ${i + 1}`).selectOption(line);
    await form.getByLabel(`Kilograms ${i + 1}`).fill(kg);
  }
  await form.getByRole('button', { name: 'Check' }).click();
  await page.locator('.check li.open', { hasText: 'gap 0.296 kg' }).waitFor();
  await page.context().close();
});

test('a paper is issued from the case and from the figures, as a PDF', async (world) => {
  const page = await open(world, 'statistician', '/figures?from=2026-01-01&to=2026-09-30&with=none');
  await page.getByRole('button', { name: 'Report, State Commission' }).click();
  const link = page.getByRole('link', { name: /open the PDF/ });
  const bytes = await page.evaluate(async (href) => {
    const answer = await fetch(href);
    return [answer.headers.get('content-type'), (await answer.text()).slice(0, 5)];
  }, await link.getAttribute('href'));
  assert.deepEqual(bytes, ['application/pdf', '%PDF-']);
  await page.context().close();
});

/* Behind the first look of each screen; what stands in braces is put in. */
const STATES = [
  ['team', '/post?order={order}'],
  ['team', '/post?order={order}&do=step&means=dog'],
  ['chief', '/board?order={order}'],
  ['chief', '/board?tab=staff'],
  ['chief', '/board?tab=staff&form=dispatch'],
  ['chief', '/board?tab=staff&form=team'],
  ['chief', '/board?tab=staff&form=shift'],
  ['administrator', '/workflows'],
  ['investigator', '/case?id={case}'],
  ['investigator', '/case?id={case}&tab=seizures'],
  ['investigator', '/case?id={case}&tab=tasks'],
  ['investigator', '/case?id={case}&tab=timeline'],
  ['investigator', '/case?id={case}&tab=persons'],
  ['investigator', '/case?id={case}&tab=access'],
  ['investigator', '/case?form=open'],
  ['custodian', '/evidence?id={exhibit}'],
  ['custodian', '/evidence?form=seal'],
  ['statistician', '/figures?with=before'],
];

test('what lies behind the first look has no axe violation in both themes and three languages', async (world) => {
  const ids = { order: (await order(world)).id };
  const asked = await open(world, 'investigator', '/case');
  ids.case = (await get(asked, '/api/cases')).items.at(-1)?.id;
  ids.exhibit = (await get(asked, '/api/exhibits')).items[0]?.id;
  await asked.context().close();
  const faults = [];
  for (const [role, pattern] of STATES) {
    const path = pattern.replace(/\{(\w+)\}/, (_, name) => ids[name]);
    const page = await open(world, role, path);
    faults.push(...(await inEveryLook(page, violations)).map((v) => `${path} ${v}`));
    await page.context().close();
  }
  assert.deepEqual(faults, []);
});

await runAll();
