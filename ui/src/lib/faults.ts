/* What the centre refused, in the language that is shown: a problem carries a code and what its sentence needs. */
import { t, type Params } from '../i18n/index.svelte';
import type { Problem } from './api';

const CODES = [
  'decision.not_expected',
  'decision.closed',
  'decision.reason_long',
  'until.action',
  'until.past',
  'until.far',
  'withdraw.nothing',
  'withdraw.other',
  'withdraw.late',
  'result.outcome',
  'result.means',
  'result.note',
  'result.minutes',
  'result.future',
  'result.seized',
  'result.seized_none',
  'right.role',
  'right.post',
  'sign_in.wrong',
  'sign_in.none',
  'sign_in.many',
  'quarantine.settled',
  'quarantine.none',
  'import.empty',
  'import.stopped',
] as const;
type Code = (typeof CODES)[number];
const FIELD_CODES = ['too_small', 'too_large', 'too_short', 'too_long', 'not_one_of', 'unknown', 'missing', 'kind'] as const;
type FieldCode = (typeof FIELD_CODES)[number];

const ACTIONS = ['release', 'inspect', 'escalate'] as const;
const LANES = ['red', 'yellow', 'blue', 'green'] as const;

function reasonNeeded(params: Params): string {
  const action = ACTIONS.find((a) => a === params.action) ?? 'escalate';
  const lane = LANES.find((l) => l === params.lane) ?? 'red';
  return t('fault.decision.reason', { action: t(`queue.do.${action}`), lane: t(`lane.${lane}`) });
}

/** The failure as a sentence; undefined when its code has no words here. */
export function faultWords({ code, params }: Problem): string | undefined {
  if (code === 'decision.reason') return reasonNeeded(params);
  const known = CODES.find((c): c is Code => c === code);
  return known && t(`fault.${known}`, params);
}

/** What is wrong with one field; the centre's English words when it has no code. */
export function fieldWords(e: Problem['errors'][number]): string {
  const known = FIELD_CODES.find((c): c is FieldCode => c === e.code);
  return `${e.path}: ${known ? t(`fault.field.${known}`, { limit: e.limit ?? 0 }) : e.message}`;
}
