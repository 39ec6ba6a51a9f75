/* Steps whose clock runs: begun in this phone and not entered yet. */
import { keptDraft } from '../../lib/drafts.svelte';
import { MEANS, type Means } from '../casework/words';

/** The name of the draft of a step. */
export const stepDraft = (order: number, means: Means) => `step.${order}.${means}`;

export interface Running {
  means: Means;
  started: number;
}

export function runningOf(order: number): Running[] {
  return MEANS.flatMap((means) => {
    const started = keptDraft<{ started: number }>(stepDraft(order, means), localStorage)?.started;
    return started ? [{ means, started }] : [];
  });
}
