/* When a page stands still: what it asked for is there, nothing passes by, and its keys hold. */
import { setTimeout as pause } from 'node:timers/promises';

const STILL_MS = 120;

/** Resolves with what still moves; with nothing once the page has changed nothing for a moment and has its letters. */
function still([quiet, patience]) {
  return new Promise((done) => {
    const watch = new MutationObserver(again);
    const end = performance.now() + patience;
    let timer = setTimeout(look, quiet);
    function again(changes = []) {
      clearTimeout(timer);
      if (performance.now() > end) return tell(changes.map((c) => `changes of ${c.target.nodeName}`));
      timer = setTimeout(look, quiet);
    }
    function look() {
      const moving = document.getAnimations().filter(passes).map((a) => a.animationName ?? a.transitionProperty);
      if (document.fonts.status !== 'loaded') moving.push('letters');
      if (moving.length > 0 && performance.now() < end) return again();
      tell(moving);
    }
    /* What turns for ever is a sign that something is waited for: the answers are waited for elsewhere. */
    function passes(a) {
      return a.playState === 'running' && a.effect?.getComputedTiming().iterations !== Infinity;
    }
    function tell(moving) {
      watch.disconnect();
      done(moving);
    }
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** Waits until the page has everything it asked for and stands still. */
export async function settled(page) {
  await page.waitForSelector('main', { state: 'attached' });
  let moving = [];
  for (const end = Date.now() + page.patience; Date.now() < end; await pause(20)) {
    if (page.asked.size > 0) continue;
    moving = await page.evaluate(still, [STILL_MS, page.patience]);
    if (page.asked.size === 0 && moving.length === 0) return;
  }
  throw new Error(`the page does not stand still: ${[...moving, ...[...page.asked].map((r) => r.url())].join(', ')}`);
}
