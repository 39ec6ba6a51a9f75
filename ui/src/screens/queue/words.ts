/* The server says its reasons in English sentences of few patterns; here they become sentences of the language shown.
 * A clause of another pattern stays as it is. */
import { i18n, t } from '../../i18n/index.svelte';
import type { Declaration, Selection } from '../../lib/api';
import { country, number, percent } from '../../lib/format';

const GROUPS = {
  HS: 'why.hs',
  origin: 'why.origin',
  'origin marking': 'why.marking',
  packages: 'why.packages',
  tax: 'why.tax',
  'tax type': 'why.tax.type',
  'net mass': 'why.net',
  price: 'why.price',
  departure: 'why.departure',
  destination: 'why.destination',
  post: 'why.post',
  'transport mode': 'why.transport',
  'vehicle of': 'why.vehicle',
  'process type': 'why.process',
  'import type': 'why.import.type',
  'import use': 'why.import.use',
  'payment type': 'why.payment',
  consignor: 'why.consignor',
  consignee: 'why.consignee',
  declarant: 'why.declarant',
  carrier: 'why.carrier',
} as const;
const NAMES = (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).toSorted((a, b) => b.length - a.length);
const COUNTRIES = ['origin', 'departure', 'destination', 'vehicle of'];
const PARTIES = ['consignor', 'consignee', 'declarant', 'carrier'] as const;

/* A name written from right to left leaves the order of the sentence alone. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

function part(words: string, d: Declaration): string {
  const name = NAMES.find((n) => words.startsWith(`${n} `));
  if (name === undefined) return words === 'all consignments' ? t('why.all') : words;
  const value = words.slice(name.length + 1);
  const party = PARTIES.find((p) => p === name);
  const shown = value === 'not stated' ? t('why.unstated') : COUNTRIES.includes(name) ? country(value) : value;
  return t(GROUPS[name], { value: party && d[party]?.code === value ? isolated(d[party].name ?? value) : shown });
}

/** "HS 2915.24 + departure PL" as a person says it. */
export function groupWords(words: string, d: Declaration): string {
  return words.split(' + ').map((p) => part(p, d)).join(', ');
}

function found(text: string): string {
  const n = Number(text.replaceAll(',', ''));
  return Number.isNaN(n) || n === 0 ? t('why.found.none') : t('why.found', { n });
}

const counted = (text: string) => Number(text.replaceAll(',', ''));
const N = '([\\d,]+)';
const BAD = `(${N.slice(1, -1)}|none)(?: was| were)? bad`;
type Say = (m: string[], d: Declaration) => string;
const CLAUSES: [RegExp, Say][] = [
  [new RegExp(`^only ${N} inspected consignments? like this so far, ${BAD} \\((.+)\\)$`),
    (m, d) => t('why.few', { n: counted(m[1]!), group: groupWords(m[3]!, d), found: found(m[2]!) })],
  [new RegExp(`^of ${N} inspected consignments like this ${BAD} \\((.+)\\)$`),
    (m, d) => t('why.alike', { n: counted(m[1]!), group: groupWords(m[3]!, d), found: found(m[2]!) })],
  [new RegExp(`^of ${N} inspected consignments overall ${BAD}$`),
    (m) => t('why.group', { n: counted(m[1]!), group: t('why.all'), found: found(m[2]!) })],
  [new RegExp(`^(?:and )?of ${N} (?:in|with) (.+) ${BAD}$`),
    (m, d) => t('why.group', { n: counted(m[1]!), group: groupWords(m[2]!, d), found: found(m[3]!) })],
  [/^nothing was inspected yet$/, () => t('why.nothing')],
  [/^nothing like this was inspected yet$/, () => t('why.nothing.alike')],
];

function begun(sentence: string): string {
  return sentence.charAt(0).toLocaleUpperCase(i18n.lang) + sentence.slice(1);
}

/** One sentence per clause; `item` when it speaks of one of several. */
export function sentences(words: string, d: Declaration): { item: number | null; said: string[] } {
  const item = /^item (\d+): /.exec(words);
  const rest = item ? words.slice(item[0].length) : words;
  const said = rest.split('; ').map((clause) => {
    for (const [pattern, say] of CLAUSES) {
      const m = pattern.exec(clause);
      if (m) return begun(say(m, d));
    }
    return clause;
  });
  return { item: item ? Number(item[1]) : null, said };
}

function expected(s: Selection, currency: string): string {
  const critical = (s.critical * s.w_minor) / 100;
  return t('why.expected', {
    sum: number(s.utility_minor / 100),
    currency,
    fraud: number(s.utility_minor / 100 - critical),
    p: percent(s.fraud),
    critical: number(critical),
    q: percent(s.critical),
    w: number(s.w_minor / 100),
  });
}

/** Why it has its lane. */
export function laneWords(s: Selection, currency: string): string[] {
  if (s.selected_by === 'random' || s.selected_by === 'exploration') return [t(`why.${s.selected_by}`)];
  const sum = expected(s, currency);
  if (s.selected_by === 'mandatory') return [`${t('why.mandatory')} ${s.reason}.`, sum];
  if (s.selected_by === 'rule') return [t('why.rule', { rule: s.rule ?? '' }), sum];
  return [s.selected_by === 'officer' ? t('why.officer') : t(`why.lane.${s.lane}`), sum];
}
