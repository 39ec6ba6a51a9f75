/* Tests that print TAP, one line each; what fails is told with its stack and the others go on. */
import { missing, openBrowser, openCentre } from './centre.mjs';

const tests = [];

export function test(words, run) {
  tests.push({ words, run });
}

async function one(number, { words, run }, world) {
  try {
    const note = await run(world);
    console.log(`ok ${number} - ${words}${note === undefined ? '' : `: ${note}`}`);
    return true;
  } catch (e) {
    console.log(`not ok ${number} - ${words}`);
    console.log(String(e.stack ?? e).replace(/^/gm, '# '));
    return false;
  }
}

/** `node tests/ui/test_screens.mjs axe` runs only what has the word in its title. */
export async function runAll() {
  const chosen = tests.filter((t) => t.words.includes(process.argv[2] ?? ''));
  const why = missing();
  if (why !== '') {
    console.log(`1..0 # SKIP ${why}`);
    return;
  }
  const centre = await openCentre();
  const browser = await openBrowser(centre);
  let failed = 0;
  console.log(`1..${chosen.length}`);
  for (const [i, t] of chosen.entries()) if (!(await one(i + 1, t, { centre, browser }))) failed++;
  await browser.close();
  await centre.close();
  process.exitCode = failed > 0 ? 1 : 0;
}
