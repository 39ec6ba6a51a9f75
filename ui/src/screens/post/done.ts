/* What of an order was done at the lorry: steps that the centre has, and those that still wait for the line. */
import type { OrderWork, Step } from '../../lib/api';
import type { Means } from '../casework/words';
import type { Entry } from './outbox.svelte';

/** Steps as they are seen at the post: what waits stands where it was planned. `waiting` holds the ids of those. */
export function stepsOf(work: OrderWork, list: readonly Entry[]): { steps: Step[]; waiting: Set<number> } {
  const steps = [...work.steps];
  const waiting = new Set<number>();
  for (const e of list) {
    if (e.kind !== 'step' || e.order !== work.id || e.step !== undefined) continue;
    const planned = steps.findIndex((s) => s.means === e.body.means && s.reaction === undefined);
    const at = planned < 0 ? steps.length : planned;
    const blank = { id: -1 - at, no: at + 1, means: e.body.means, again: planned < 0 };
    const { reaction, started, ended, reading, note } = e.body;
    steps[at] = { ...(steps[at] ?? blank), reaction, started, ended, reading, note };
    waiting.add(steps[at].id);
  }
  return { steps, waiting };
}

export interface Done {
  /** With what something was looked at. */
  means: Means[];
  /** The minutes that took; what ran at the same time counts once. 0: nothing was done. */
  minutes: number;
}

export function doneOf(steps: readonly Step[]): Done {
  const entered = steps.filter((s) => s.reaction !== undefined && s.reaction !== 'not_possible');
  const spans = entered.map((s) => [Date.parse(s.started ?? ''), Date.parse(s.ended ?? '')] as const);
  let [ms, until] = [0, -Infinity];
  for (const [from, to] of spans.filter(([a, b]) => b > a).toSorted((x, y) => x[0] - y[0])) {
    ms += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return { means: [...new Set(entered.map((s) => s.means))], minutes: ms === 0 ? 0 : Math.max(1, Math.round(ms / 60000)) };
}
