/* What the centre refused, in the language that is shown: a problem carries a code and what its sentence needs. */
import { isKey, t, type Params } from '../i18n/index.svelte';
import { saying, translated } from './said.svelte';
import type { Problem } from './api';

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
export function faultWords({ code, params }: Pick<Problem, 'code' | 'params'>): string | undefined {
  if (code === 'decision.reason') return reasonNeeded(params);
  const named = `fault.${code}`;
  return isKey(named) ? t(named, params) : translated(code, params);
}

/** What is wrong with one field; the centre's English words when it has no code. */
export function fieldWords(e: Problem['errors'][number]): string {
  const known = FIELD_CODES.find((c): c is FieldCode => c === e.code);
  const where = e.path === '' || e.path === '/text' ? '' : `${e.path}: `;
  return where + (known ? t(`fault.field.${known}`, { limit: e.limit ?? 0 }) : saying(e, e.message).text);
}
