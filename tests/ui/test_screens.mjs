/* The front end in a browser, as the people who use it: `TAMGA_BUILD=build-check node tests/ui/test_screens.mjs`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { require, screenPaths, signIn, source } from './centre.mjs';
import { foreignCsv, ownCsv } from './files.mjs';
import { runAll, test } from './tap.mjs';

const AXE = require.resolve('axe-core/axe.min.js');
const P95_MS = 50;
const STEPS = 60;
const SETTLE_MS = 700;
const ROLE_OF = { '/log': 'auditor', '/team': 'team', '/chief': 'chief' };
const LANGS = ['az', 'en', 'ru'];
const THEMES = ['light', 'dark'];

const selected = (page) => new URL(page.url()).searchParams.get('sel');
const enter = ({ centre }, page, role, path) => signIn(page, role, centre.accounts[role], path);

async function onQueue(world, lane = '', lang = 'en') {
  const page = await world.browser.page(lang);
  await enter(world, page, 'analyst', lane === '' ? '/queue' : `/queue?lane=${lane}`);
  await page.waitForSelector('[role=option][aria-selected=true]');
  await page.waitForSelector('.bar');
  return page;
}

/** Runs `act` and tells the decision that the browser sent meanwhile. */
async function sent(page, act) {
  const answer = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().includes('/decisions'));
  await act();
  const told = await answer;
  assert.ok(told.ok(), `${told.status()} ${await told.text()}`);
  return told.request().postDataJSON();
}

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

const postsOf = (page) =>
  page.evaluate(async () => (await (await fetch('/api/posts')).json()).items.map((p) => p.code));

test('a wrong password is refused in words, and the right one opens the first screen', async (world) => {
  const page = await world.browser.page();
  await page.goto('/');
  await page.fill('#name', 'analyst');
  await page.fill('#password', 'not the password');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#wrong');
  assert.match(await page.textContent('#wrong'), /password is wrong/);
  await page.fill('#password', world.centre.accounts.analyst);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=option]');
  assert.equal(new URL(page.url()).pathname, '/queue');
  await page.context().close();
});

test('a release takes two keys, leaves the list at once, and Z takes it back', async (world) => {
  const page = await onQueue(world);
  const first = selected(page);
  const decision = await sent(page, () => press(page, 'r', '1'));
  assert.equal(decision.action, 'release');
  assert.ok(decision.reason.length >= 3);
  await page.waitForFunction((id) => new URL(location).searchParams.get('sel') !== id, first);
  const back = page.waitForResponse((r) => r.request().method() !== 'GET' && r.ok());
  await press(page, 'z');
  await back;
  await page.waitForFunction((id) => new URL(location).searchParams.get('sel') === id, first);
  await page.context().close();
});

test('an inspection takes at most four keys, also where the lane asks for a reason', async (world) => {
  for (const [lane, keys] of [['red', ['i', 'x', 'Enter']], ['green', ['i', 'x', '1', 'Enter']]]) {
    const page = await onQueue(world, lane);
    const decision = await sent(page, () => press(page, ...keys));
    assert.equal(decision.action, 'inspect');
    assert.ok(decision.means.includes('xray'));
    await page.context().close();
  }
});

test('a shift by keyboard alone: ten consignments decided in a row, no fault on the page', async (world) => {
  const page = await onQueue(world);
  page.faults.length = 0;
  const seen = new Set();
  for (let i = 0; i < 10; i++) {
    const id = selected(page);
    seen.add(id);
    await page.waitForSelector('.bar');
    const decision = await sent(page, () => (i % 3 === 2 ? press(page, 'w', '1') : press(page, 'r', String(1 + (i % 4)))));
    assert.equal(decision.action, i % 3 === 2 ? 'wait' : 'release');
    await page.waitForFunction((old) => new URL(location).searchParams.get('sel') !== old, id);
  }
  assert.equal(seen.size, 10);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the keys hold with a Cyrillic keyboard', async (world) => {
  const page = await onQueue(world, '', 'ru');
  const first = selected(page);
  await page.evaluate(() => dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ', bubbles: true })));
  await page.waitForFunction((id) => new URL(location).searchParams.get('sel') !== id, first);
  await page.context().close();
});

test('? shows the keys of the screen and Ctrl+K finds a screen', async (world) => {
  const page = await onQueue(world);
  await press(page, '?');
  await page.waitForSelector('dialog kbd');
  await press(page, 'Escape', 'Control+k');
  await page.waitForSelector('dialog input');
  await page.keyboard.type('import');
  await page.waitForSelector('dialog [role=option]');
  await press(page, 'Enter');
  await page.waitForURL('**/import');
  await page.context().close();
});

test('language and theme change at once and are remembered', async (world) => {
  const page = await onQueue(world);
  for (const [lang, words] of [['az', 'Növbə'], ['ru', 'Очередь'], ['en', 'Queue']]) {
    await page.selectOption('header select >> nth=0', lang);
    await page.waitForFunction((w) => document.querySelector('header nav a').textContent === w, words);
    assert.equal(await page.getAttribute('html', 'lang'), lang);
  }
  await page.selectOption('header select >> nth=0', 'ru');
  await page.selectOption('header select >> nth=1', 'dark');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await page.reload();
  await page.waitForSelector('header nav a');
  assert.equal(await page.getAttribute('html', 'lang'), 'ru');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await page.context().close();
});

async function choose(page, name, text) {
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.waitForSelector('.preview');
}

async function sums(page) {
  await page.waitForSelector('.outcome dl');
  return (await page.locator('.outcome dd').allTextContents()).map((n) => Number(n.replace(/\D/g, '')));
}

test('an import shows its bad rows first, then its sums, and a bad row is settled by key', async (world) => {
  const page = await world.browser.page();
  await enter(world, page, 'analyst', '/import');
  const { text, bad } = ownCsv(40, await postsOf(page));
  await choose(page, 'raisins.csv', text);
  await page.waitForSelector('.faulty .finding');
  assert.match(await page.textContent('.faulty .finding'), /ZZ99/);
  await press(page, 'Control+Enter');
  const [accepted, , , quarantined] = await sums(page);
  assert.deepEqual([accepted, quarantined], [40 - bad, bad]);
  await press(page, 'q');
  await page.waitForSelector('.record pre');
  assert.equal(await page.locator('.above [role=status]').textContent(), `${bad} records wait`);
  assert.match(await page.textContent('.record pre'), /T-10\d\d/);
  const settled = page.waitForResponse((r) => r.url().endsWith('/settlement') && r.ok());
  await press(page, 'j', '2', 'Enter');
  assert.ok((await settled).request().postDataJSON().how.length >= 3);
  await page.waitForFunction(
    (n) => document.querySelector('.above [role=status]').textContent.startsWith(`${n} `),
    bad - 1,
  );
  await page.context().close();
});

test('an own mapping is tried while it is typed: its fault is named by line, then its rows are read', async (world) => {
  const page = await world.browser.page();
  await enter(world, page, 'analyst', '/import');
  const { text, mapping } = foreignCsv((await postsOf(page))[0]);
  await page.click('button.edit');
  await choose(page, 'foreign.csv', text);
  await page.fill('textarea', mapping.replace('hs = Code', 'hs = Kod'));
  await page.waitForFunction(() => document.querySelector('.problem')?.textContent.includes('Kod'));
  assert.match(await page.textContent('.problem strong'), /10/);
  await page.fill('textarea', mapping);
  await page.waitForSelector('tbody tr');
  assert.equal(await page.locator('.problem').count(), 0);
  assert.match(await page.textContent('tbody tr'), /F-1.*312\.50 AZN.*21\.5/s);
  await page.click('button.primary.go');
  assert.equal((await sums(page))[0], 2);
  await page.context().close();
});

test('a large import tells how far it is', async (world) => {
  const page = await world.browser.page();
  await enter(world, page, 'analyst', '/import');
  const { text } = ownCsv(20000, await postsOf(page));
  await choose(page, 'large.csv', text.replaceAll('T-', 'L-'));
  await page.waitForSelector('button.primary.go:enabled');
  await page.evaluate(() => {
    window.told = 0;
    new MutationObserver(() => (window.told += document.querySelector('progress[value]') ? 1 : 0)).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
    });
  });
  await page.click('button.primary.go');
  await page.waitForSelector('.outcome dl', { timeout: 120000 });
  assert.ok((await page.evaluate(() => window.told)) > 0, 'no progress was shown');
  await page.context().close();
});

async function violations(page) {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} (${n.any[0]?.message ?? v.help})`));
}

for (const path of ['/', ...screenPaths()]) {
  test(`${path === '/' ? 'sign-in' : path} has no axe violation in both themes and three languages`, async (world) => {
    const faults = [];
    const page = await world.browser.page();
    if (path !== '/') await enter(world, page, ROLE_OF[path] ?? 'analyst', path);
    for (const [theme, lang] of THEMES.flatMap((t) => LANGS.map((l) => [t, l]))) {
      await page.goto(path);
      await page.evaluate((now) => Object.entries(now).forEach(([k, v]) => localStorage.setItem(`tamga.${k}`, v)), { theme, lang });
      await page.reload();
      await page.waitForSelector('main h1', { state: 'attached' });
      await page.waitForTimeout(SETTLE_MS);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      faults.push(...(await violations(page)).map((v) => `${lang} ${theme} ${v}`));
    }
    await page.context().close();
    assert.deepEqual(faults, []);
  });
}

/* From the key to the frame after the one that it changed, as the page itself can see it. */
function measure(keys) {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return keys.reduce(async (before, key) => {
    const times = await before;
    const from = performance.now();
    dispatchEvent(new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true }));
    await frame();
    times.push(performance.now() - from);
    await new Promise((done) => setTimeout(done, 60));
    return times;
  }, Promise.resolve([]));
}

test(`J and K paint within ${P95_MS} ms, 19 times of 20`, async (world) => {
  const page = await onQueue(world);
  const keys = Array.from({ length: STEPS }, (_, i) => (i % 5 === 4 ? 'k' : 'j'));
  await page.evaluate(measure, keys.slice(0, 10));
  const times = (await page.evaluate(measure, keys)).sort((a, b) => a - b);
  const p95 = times[Math.ceil(times.length * 0.95) - 1];
  const words = `p50 ${times[Math.floor(times.length / 2)].toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  assert.ok(p95 <= P95_MS, words);
  await page.context().close();
  return words;
});

test('the first load is within its limit', () => {
  const told = execFileSync(process.execPath, [join(source, 'ui/scripts/check-size.js')], { encoding: 'utf8' });
  return told.split('\n')[0];
});

await runAll();
