/* What made a rule hit, in words: the centre tells each condition as the rule writes it - "found(by consignee, 365d) * 3",
 * ">=", "6", "5 (results(by consignee, 365d))" - and a reader sees what that means. */
import { i18n, isKey, t, type Key } from '../../i18n/index.svelte';

export interface Condition {
  fact: string;
  op: string;
  value: string | null;
  limit: string | null;
}

const FIELD = '[a-z_][\\w.]*';
const BY = `${FIELD}(?:, ${FIELD})*`;

function field(name: string): string {
  const key = `fact.${name}`;
  return isKey(key) ? t(key) : name;
}

const fields = (names: string) => names.split(', ').map(field).join(', ');

function span(n: string, unit: string): string {
  return t(unit === 'h' ? 'unit.hour' : 'unit.day', { n: Number(n) });
}

type Rule = [RegExp, (...m: string[]) => string];
const harm = (name: string) => (name === 'fraud' || name === 'critical' ? t(`harm.${name}`) : name);

const COUNTED = ['count', 'sum', 'avg', 'min', 'max', 'distinct'] as const;
const counted = (name: string): Key => `cond.${COUNTED.find((c) => c === name) ?? 'count'}`;

/* Each stands for one form of the language, innermost first. */
const FORMS: Rule[] = [
  [/list\("([^"]*)"\)/g, (name) => t('cond.list', { name: name! })],
  [/signal\("([^"]*)", (\d+)([hd])\)/g, (name, n, unit) => t('cond.signal', { name: name!, span: span(n!, unit!) })],
  [new RegExp(`(count|sum|avg|min|max|distinct)\\((${FIELD}) by (${BY})(?: where ([^()]*))?, (\\d+)([hd])\\)`, 'g'), window],
  [new RegExp(`days_since\\(${FIELD} by (${BY})(?: where [^()]*)?, \\d+[hd]\\)`, 'g'), (by) => t('cond.days_since', { by: fields(by!) })],
  [new RegExp(`(results|found)\\(by (${BY}), (\\d+)([hd])\\)`, 'g'), (what, by, n, unit) => t(what === 'found' ? 'cond.found' : 'cond.results', { by: fields(by!), span: span(n!, unit!) })],
  [new RegExp(`ref\\.quantile\\((?:(${FIELD}) by )?(${BY}), ([\\d.]+ ?%?)\\)`, 'g'), (of, by, share) => t('cond.quantile', { of: field(of || 'unit_value'), by: fields(by!), share: share! })],
  [new RegExp(`ref\\.(median|mad|count)\\((?:(${FIELD}) by )?(${BY})\\)`, 'g'), reference],
  [new RegExp(`(age|first)\\((${FIELD})\\)`, 'g'), (what, by) => t(what === 'age' ? 'cond.age' : 'cond.first', { by: field(by!) })],
  [/p\((fraud|critical)\)/g, (name) => t('cond.p', { harm: harm(name!) })],
  [new RegExp(`name_like\\((${FIELD}), ([^()]*)\\)`, 'g'), (of, to) => t('cond.like', { of: field(of!), to: field(to!) })],
];

function window(name?: string, of?: string, by?: string, where?: string, n?: string, unit?: string): string {
  const what = t(counted(name ?? ''), { of: field(of ?? ''), by: fields(by ?? ''), span: span(n ?? '0', unit ?? 'd') });
  return where ? t('cond.where', { what, where: expressionWords(where) }) : what;
}

function reference(which?: string, of?: string, by?: string): string {
  const key = which === 'median' ? 'cond.median' : which === 'mad' ? 'cond.mad' : 'cond.alike';
  return t(key, { of: field(of || 'unit_value'), by: fields(by ?? '') });
}

const JOINS: Record<string, Key> = { and: 'cond.and', or: 'cond.or', not: 'cond.not', in: 'cond.op.in', under: 'cond.op.under', has: 'cond.op.has' };

/** An expression of the rule language as a person says it. */
export function expressionWords(text: string): string {
  const said: string[] = [];
  const keep = (words: string) => `\u0001${said.push(words) - 1}\u0001`;
  let rest = text;
  for (const [form, words] of FORMS)
    rest = rest.replace(form, (_, ...m: unknown[]) => keep(words(...m.map((x) => (typeof x === 'string' ? x : '')))));
  rest = rest.replace(/"[^"]*"/g, keep).replace(new RegExp(`(?<![\\w.])${FIELD}`, 'g'), (name) => (JOINS[name] ? t(JOINS[name]) : field(name)));
  rest = rest.replaceAll(' * ', ' × ');
  const whole = (s: string): string => s.replace(/\u0001(\d+)\u0001/g, (_, n: string) => whole(said[Number(n)] ?? ''));
  return whole(rest);
}

const SIGNS: Record<string, string> = { '<=': '≤', '>=': '≥', '!=': '≠', '<': '<', '>': '>', '=': '=' };
const OPS: Record<string, Key> = {
  in: 'cond.op.in',
  'not in': 'cond.op.in.not',
  under: 'cond.op.under',
  'not under': 'cond.op.under.not',
  has: 'cond.op.has',
  'has not': 'cond.op.has.not',
  'has under': 'cond.op.has',
  'has not under': 'cond.op.has.not',
  like: 'cond.op.like',
  'not like': 'cond.op.like.not',
  known: 'cond.op.known',
  'not known': 'cond.op.known.not',
};
const VALUES: Record<string, Key> = {
  'not stated': 'cond.value.not_stated',
  unknown: 'cond.value.unknown',
  'none stated': 'cond.value.none',
  'a text never seen before': 'cond.value.never',
};

/* 20,500.5 kg and 3 d 4 h, as the centre writes them, in the way of the language. */
function numberWords(text: string): string {
  if (i18n.lang === 'en') return text;
  if (/^\d+ (d \d+ h|h \d+ min)$/.test(text)) return text.split(' ').map((x) => (x === 'd' ? t('unit.day', { n: 0 }).replace(/^\D*\d+\s*/, '') : x === 'h' ? t('unit.hour', { n: 0 }).replace(/^\D*\d+\s*/, '') : x === 'min' ? t('unit.minute', { n: 0 }).replace(/^\D*\d+\s*/, '') : x)).join('\u00a0');
  return text.replace(/^(-?\d{1,3}(?:,\d{3})*)(\.\d+)?(?= |$)/, (_, whole: string, part?: string) => whole.replaceAll(',', '\u00a0') + (part ?? '').replace('.', ','));
}

export function valueWords(text: string | null): string {
  if (text === null || text === '') return '';
  if (VALUES[text]) return t(VALUES[text]);
  const more = /^(.*?)(?:,)? (?:and|or) (\d+) more$/.exec(text);
  if (more) return `${more[1]} ${t('cond.value.more', { n: Number(more[2]) })}`;
  const from = /^(.*?) \((.+)\)$/.exec(text);
  if (from) return `${numberWords(from[1] ?? '')} – ${expressionWords(from[2] ?? '')}`;
  return numberWords(text);
}

export function opWords(op: string): string {
  return SIGNS[op] ?? (OPS[op] ? t(OPS[op]) : op);
}
