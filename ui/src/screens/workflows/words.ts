/* Names of what a workflow is about, asks and does; a name that an office's program brought along is shown as it is. */
import { t, type Key } from '../../i18n/index.svelte';
import { duration } from '../../lib/format';

const KINDS: Record<string, Key> = {
  target: 'flow.kind.target',
  order: 'flow.kind.order',
  evidence: 'flow.kind.evidence',
  case: 'flow.kind.case',
  dispatch: 'flow.kind.dispatch',
  incident: 'flow.kind.incident',
};
const GUARDS: Record<string, Key> = {
  at_post: 'guard.at_post',
  has_result: 'guard.has_result',
  nothing_seized: 'guard.nothing_seized',
  has_seizure: 'guard.has_seizure',
  two_witnesses: 'guard.two_witnesses',
  seal_checked: 'guard.seal_checked',
  case_allows_destruction: 'guard.case_allows_destruction',
  need_to_know: 'guard.need_to_know',
  tasks_done: 'guard.tasks_done',
  has_disposition: 'guard.has_disposition',
  feedback_given: 'guard.feedback_given',
  interval_free: 'guard.interval_free',
  other_hands: 'guard.other_hands',
  legal_ground: 'guard.legal_ground',
  net_weighed: 'guard.net_weighed',
  sealed_again: 'guard.sealed_again',
};
const FOLLOWS: Record<string, Key> = {
  tell_chief: 'flow.then.tell_chief',
  open_case: 'flow.then.open_case',
  retention_passed: 'flow.then.retention_passed',
  control_again: 'flow.then.control_again',
  target_over: 'flow.then.target_over',
};
const MOMENTS: Record<string, Key> = { arrival: 'flow.from.arrival', dispatch_end: 'flow.from.dispatch_end' };

function named(table: Record<string, Key>, name: string): string {
  const key = table[name];
  return key === undefined ? name : t(key);
}

export const kindWords = (kind: string) => named(KINDS, kind);
export const guardWords = (guard: string) => named(GUARDS, guard);
export const followWords = (follow: string) => named(FOLLOWS, follow);
export const momentWords = (moment: string) => named(MOMENTS, moment);
export const deadlineWords = (ms: number) => duration(ms / 60000);
