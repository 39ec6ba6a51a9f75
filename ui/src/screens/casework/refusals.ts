/* Why something may not be: the centre's name for it and its values, as a sentence of the language that is shown. */
import { t, type Key } from '../../i18n/index.svelte';
import { Problem, type Session } from '../../lib/api';
import { dayClock, number } from '../../lib/format';
import type { Means } from './words';

type Params = Record<string, string>;

/** Of a candidate or a move that is refused. */
export interface Refused {
  refusal?: string;
  code?: string;
  params?: object;
}

const SENTENCES = {
  'assign.skill': 'refusal.assign.skill',
  'assign.left': 'refusal.assign.left',
  'assign.post': 'refusal.assign.post',
  'assign.rota': 'refusal.assign.rota',
  'assign.rest': 'refusal.assign.rest',
  'assign.minutes': 'refusal.assign.minutes',
  'assign.kind': 'refusal.assign.kind',
  'assign.place': 'refusal.assign.place',
  'assign.broken': 'refusal.assign.broken',
  'assign.calibration': 'refusal.assign.calibration',
  'assign.capacity': 'refusal.assign.capacity',
  'flow.role': 'refusal.flow.role',
  'flow.four_eyes': 'refusal.flow.four_eyes',
  'flow.state': 'refusal.flow.state',
  'flow.moved': 'refusal.flow.moved',
  'flow.note': 'refusal.flow.note',
  'flow.arrow': 'refusal.flow.arrow',
  'guard.has_result': 'refusal.guard.has_result',
  'guard.nothing_seized': 'refusal.guard.nothing_seized',
  'guard.has_seizure': 'refusal.guard.has_seizure',
  'guard.two_witnesses': 'refusal.guard.two_witnesses',
  'guard.own_witness': 'refusal.guard.own_witness',
  'guard.seal_checked': 'refusal.guard.seal_checked',
  'guard.legal_ground': 'refusal.guard.legal_ground',
  'guard.case_allows_destruction': 'refusal.guard.case_allows_destruction',
  'guard.need_to_know': 'refusal.guard.need_to_know',
  'guard.tasks_done': 'refusal.guard.tasks_done',
  'guard.has_disposition': 'refusal.guard.has_disposition',
  'guard.feedback_given': 'refusal.guard.feedback_given',
  'guard.interval_free': 'refusal.guard.interval_free',
  'guard.net_weighed': 'refusal.guard.net_weighed',
  'guard.sealed_again': 'refusal.guard.sealed_again',
  'right.role': 'fault.right.role',
  'right.post': 'fault.right.post',
  'step.means': 'refusal.step.means',
  'step.reaction': 'refusal.step.reaction',
  'step.order': 'refusal.step.order',
  'step.future': 'refusal.step.future',
  'step.note': 'refusal.step.note',
  'sent.differs': 'refusal.sent.differs',
  'sent.key': 'refusal.sent.key',
  'confirm.note': 'refusal.confirm.note',
  'flow.states_left': 'refusal.flow.states_left',
  'rota.team': 'refusal.rota.team',
  'rota.interval': 'refusal.rota.interval',
  'rota.overlap': 'refusal.rota.overlap',
  'rota.past': 'refusal.rota.past',
  'team.name': 'refusal.team.name',
  'team.member': 'refusal.team.member',
} as const satisfies Record<string, Key>;

const TIMES = ['until', 'next'];

/** Values as this language writes them. */
function said(params: Params): Record<string, string | number> {
  const out: Record<string, string | number> = { ...params };
  for (const name of TIMES) if (params[name]) out[name] = dayClock(params[name]);
  for (const name of ['used', 'of', 'worked', 'rest', 'n']) if (params[name]) out[name] = Number(params[name]);
  if (params.means) out.means = t(`means.${params.means as Means}`);
  if (params.roles) out.roles = params.roles.split(' ').map((r) => t(`role.${r as Session['role']}`)).join(', ');
  return out;
}

/** The sentence of a code; undefined where this screen has no words for it. */
export function refusalWords(code: string | undefined, params: object = {}): string | undefined {
  const key = code === undefined ? undefined : (SENTENCES as Record<string, Key>)[code];
  return key && t(key, said(params as Params));
}

/** The refusal in this language, else the centre's own English words. */
export function whyNot(r: Refused): { text: string; english: boolean } {
  const text = refusalWords(r.code, r.params);
  return { text: text ?? r.refusal ?? '', english: text === undefined };
}

/* ---- what can hardly be ---- */

export interface Concern {
  rule: string;
  values: string[];
}

/** What the centre wants looked at again before it takes an entry; undefined when it refused it for good. */
export function concernsOf(e: unknown): Concern[] | undefined {
  if (!(e instanceof Problem) || e.code !== 'confirm') return undefined;
  return Object.entries(e.params).map(([rule, values]) => ({ rule, values: values === '' ? [] : values.split(';') }));
}

const CONCERNS: Record<string, Key> = {
  released: 'confirm.released',
  not_ordered: 'confirm.not_ordered',
  not_arrived: 'confirm.not_arrived',
  over_gross: 'confirm.over_gross',
  over_vehicle: 'confirm.over_vehicle',
  thousandfold: 'confirm.thousandfold',
  many_pieces: 'confirm.many_pieces',
  many_minutes: 'confirm.many_minutes',
  long_step: 'confirm.long_step',
  step_ahead: 'confirm.step_ahead',
  never_sent: 'confirm.never_sent',
  lab_differs: 'confirm.lab_differs',
  mass_differs: 'confirm.mass_differs',
  seal_differs: 'confirm.seal_differs',
  same_person: 'confirm.same_person',
};

/* What speaks against an officer or an instrument, in a word or two. */
const AGAINST: Record<string, Key> = {
  'assign.skill': 'against.skill',
  'assign.left': 'against.left',
  'assign.post': 'against.post',
  'assign.rota': 'against.rota',
  'assign.rest': 'against.rest',
  'assign.minutes': 'against.minutes',
  'assign.kind': 'against.kind',
  'assign.place': 'against.place',
  'assign.broken': 'against.broken',
  'assign.calibration': 'against.calibration',
  'assign.capacity': 'against.capacity',
};

/* Numbers and times as this language writes them; anything else, a name or the number of a seal, as it is. */
function valueWords(v: string): string {
  if (/^\d{1,12}(\.\d+)?$/.test(v)) return number(Number(v), 6);
  return /^\d{4}-\d\d-\d\dT/.test(v) ? dayClock(v) : v;
}

export function concernWords({ rule, values }: Concern): string {
  const key = CONCERNS[rule];
  if (rule === 'not_assigned') {
    const why = AGAINST[values[0] ?? ''];
    return t('confirm.not_assigned', { name: values[1] ?? '', why: why === undefined ? (values[0] ?? '') : t(why) });
  }
  const [a = '', b = ''] = rule === 'seal_differs' ? values : values.map(valueWords);
  return key === undefined ? `${rule} ${values.join(', ')}` : t(key, { a, b });
}
