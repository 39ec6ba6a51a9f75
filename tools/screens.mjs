/* Makes the pictures of every screen in docs/screens/: `node tools/screens.mjs` after `./start` or `ninja -C build` and
 * `npm run build` in ui/. TAMGA_BUILD names another folder of the build. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

process.env.TAMGA_BUILD ??= new URL('../build', import.meta.url).pathname;
const { missing, openBrowser, openCentre, screenPaths, signIn, source } = await import('../tests/ui/centre.mjs');
const { ownCsv } = await import('../tests/ui/files.mjs');

const ROLE_OF = {
  '/log': 'auditor',
  '/team': 'team',
  '/chief': 'chief',
  '/choosing': 'chief',
  '/post': 'team',
  '/board': 'chief',
  '/case': 'investigator',
  '/evidence': 'custodian',
  '/figures': 'statistician',
  '/workflows': 'administrator',
  '/substances': 'administrator',
};
/* What is ordered already stands on the post's own screen: the team's picture shows the red lane. */
const ADDRESS_OF = { '/team': '/team?show=red' };
const SETTLE_MS = 1200;
const folder = join(source, 'docs/screens');

async function take(page, name) {
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`docs/screens/${name}.png`);
}

async function importing(page, theme) {
  const posts = await page.evaluate(async () => (await (await fetch('/api/posts')).json()).items.map((p) => p.code));
  const buffer = Buffer.from(ownCsv(40, posts).text);
  await page.setInputFiles('input[type=file]', { name: 'raisins.csv', mimeType: 'text/csv', buffer });
  await page.waitForSelector('.preview tbody tr');
  await take(page, `import-preview-${theme}`);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.outcome dl');
  await take(page, `import-summary-${theme}`);
  await page.keyboard.press('q');
  await page.waitForSelector('.record');
  await take(page, `import-quarantine-${theme}`);
}

/* What lies behind the first look of a screen. */
const MORE = [
  ['chief', '/rules?rule=ROUTE-PERISHABLE-COVER', 'rules-back-test'],
  ['chief', '/rules?tab=board', 'rules-board'],
  ['analyst', '/rules?new=1', 'rules-new'],
  ['chief', '/choosing?tab=estimates', 'choosing-estimates'],
  ['chief', '/choosing?tab=drift', 'choosing-drift'],
  ['auditor', '/choosing?tab=fairness', 'choosing-fairness'],
  ['chief', '/chief?tab=means', 'chief-means'],
];

async function all(centre, browser, lang, theme) {
  const door = await browser.page(lang, theme);
  await door.goto('/');
  await door.waitForSelector('#password');
  await take(door, `sign-in-${theme}`);
  for (const path of screenPaths()) {
    const page = await browser.page(lang, theme);
    const role = ROLE_OF[path] ?? 'analyst';
    await signIn(page, role, centre.accounts[role], ADDRESS_OF[path] ?? path);
    await take(page, `${path.slice(1)}-${theme}`);
    if (path === '/import') await importing(page, theme);
    await page.context().close();
  }
  for (const [role, address, name] of MORE) {
    const page = await browser.page(lang, theme);
    await signIn(page, role, centre.accounts[role], address);
    await take(page, `${name}-${theme}`);
    await page.context().close();
  }
}

/* Each round has a centre of its own: what one imports and reads must not stand in the pictures of the next. */
async function round(lang, theme) {
  const centre = await openCentre(5, 90, 77);
  try {
    const browser = await openBrowser(centre);
    await all(centre, browser, lang, theme).finally(() => browser.close());
  } finally {
    await centre.close();
  }
}

const why = missing();
if (why !== '') throw new Error(why);
mkdirSync(folder, { recursive: true });
await round('en', 'light');
await round('az', 'dark');
