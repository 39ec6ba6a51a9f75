/* A demonstration centre of its own and a browser that looks at it; both are gone at the end.
 * TAMGA_BUILD names the folder of the build; the front end is what lies in ui/dist. */
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { settled } from './still.mjs';

export const source = fileURLToPath(new URL('../../', import.meta.url));
export const require = createRequire(join(source, 'ui/package.json'));
const { chromium } = require('playwright-core');

const BUILD = process.env.TAMGA_BUILD ?? join(source, 'build-check');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const START_MS = 60000;
/* Only what fails waits so long. */
const PATIENCE_MS = 45000;
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** How many times slower the page's own work is made; a test that counts on speed shows itself at 4. */
const SLOWER = Number(process.env.TAMGA_SLOWER ?? 1);
export const SIZE = { width: 1366, height: 768 };

/** Why the tests cannot run here, or nothing. */
export function missing() {
  if (!existsSync(CHROMIUM)) return `no browser at ${CHROMIUM}`;
  if (!existsSync(join(source, 'ui/dist/index.html'))) return 'ui/dist is not built';
  return '';
}

async function portOf(home, server) {
  for (const end = Date.now() + START_MS; Date.now() < end; await pause(20)) {
    if (server.exitCode !== null) throw new Error(`tamga serve ended with ${server.exitCode}`);
    const file = join(home, 'serve.port');
    if (existsSync(file) && readFileSync(file, 'utf8').trim() !== '') return readFileSync(file, 'utf8').trim();
  }
  throw new Error('tamga serve did not start');
}

/** Opened today unless it has lived through some of its days. */
export async function openCentre(scale = 2, days = 30, lived = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'tamga-ui-'));
  const home = join(folder, 'demo');
  const tamga = join(BUILD, 'src/cli/tamga');
  execFileSync(tamga, ['demo', home, '--scale', String(scale), '--days', String(days), '--lived', String(lived), '--seed', '1'], { stdio: 'pipe' });
  const lines = readFileSync(join(home, 'accounts.txt'), 'utf8').trim().split('\n');
  const accounts = Object.fromEntries(lines.map((l) => l.split(/\s+/).slice(0, 2)));
  const server = spawn(tamga, ['serve', '--home', home, '--port', '0'], { stdio: 'ignore' });
  const ended = new Promise((done) => server.once('exit', done));
  const close = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { url: `http://127.0.0.1:${await portOf(home, server)}`, accounts, folder, close };
  } catch (e) {
    await close();
    throw e;
  }
}

/** A browser with a folder of its own. `page(lang, theme)` is a tab of somebody who has never been here. */
export async function openBrowser(centre) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGS });
  return {
    close: () => browser.close(),
    async page(lang = 'en', theme = 'light') {
      const context = await browser.newContext({ viewport: SIZE, baseURL: centre.url, serviceWorkers: 'block' });
      await context.addInitScript(
        ([l, t]) => {
          localStorage.getItem('tamga.lang') ?? localStorage.setItem('tamga.lang', l);
          localStorage.getItem('tamga.theme') ?? localStorage.setItem('tamga.theme', t);
        },
        [lang, theme],
      );
      const page = await context.newPage();
      page.patience = PATIENCE_MS * SLOWER;
      page.setDefaultTimeout(page.patience);
      page.asked = new Set();
      page.on('request', (r) => {
        if (r.isNavigationRequest()) page.asked.clear(); /* the page before it waits for nothing any more */
        if (r.resourceType() !== 'eventsource') page.asked.add(r);
      });
      for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => page.asked.delete(r));
      if (SLOWER > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
      page.faults = [];
      page.on('pageerror', (e) => page.faults.push(String(e)));
      page.on('console', (m) => m.type() === 'error' && page.faults.push(m.text()));
      return page;
    },
  };
}

export async function signIn(page, name, password, path = '/') {
  await page.goto(path);
  await page.fill('#name', name);
  await page.fill('#password', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('header nav a');
  await settled(page);
}

/** Names of the screens that there are: what is named in ui/src/screens.ts. */
export function screenPaths() {
  const text = readFileSync(join(source, 'ui/src/screens.ts'), 'utf8');
  return [...text.matchAll(/path: '(\/\w+)'/g)].map((m) => m[1]);
}
