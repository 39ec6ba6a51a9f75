/* Why a move is not open, from what its workflow asks: who may make it, and under which conditions. */
import { t, type Key } from '../../i18n/index.svelte';
import type { FlowChoice, Session } from '../../lib/api';
import { session } from '../../lib/session.svelte';
import { catalogue } from './catalogue.svelte';

const GUARDS: Partial<Record<string, Key>> = {
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
};

/** A sentence in the language that is shown; empty when the workflow is not known here. */
export function needsOf(kind: string, choice: FlowChoice): string {
  const arrow = catalogue.workflow(kind)?.arrows.find((a) => a.name === choice.arrow);
  if (arrow === undefined) return '';
  const role = session.who?.role ?? '';
  if (!arrow.roles.includes(role)) {
    if (arrow.roles.length === 0) return t('work.refused.clock');
    return t('work.refused.role', { roles: arrow.roles.map((r) => t(`role.${r as Session['role']}`)).join(', ') });
  }
  const asked = arrow.guards.flatMap((g) => GUARDS[g] ?? []).map((g) => t(g));
  if (arrow.four_eyes) asked.push(t('guard.four_eyes'));
  return asked.length === 0 ? '' : t('work.refused.needs', { what: asked.join('; ') });
}
