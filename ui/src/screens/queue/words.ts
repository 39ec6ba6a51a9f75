/* The reasons of the centre, which it sends as data, as sentences of the language that is shown. */
import { i18n, t, type Key } from '../../i18n/index.svelte';
import type { Declaration, Fact, Instruction, Reason, Selection } from '../../lib/api';
import { centre } from '../../lib/centre.svelte';
import { country, hs, mass, number, percent } from '../../lib/format';

const GROUPS: Partial<Record<string, Key>> = {
  hs2: 'why.hs',
  hs4: 'why.hs',
  hs6: 'why.hs',
  hs: 'why.hs',
  origin: 'why.origin',
  origin_marking: 'why.marking',
  package_kind: 'why.packages',
  tax_rate: 'why.tax',
  tax_type: 'why.tax.type',
  net_mass: 'why.net',
  mass_band: 'why.net',
  unit_price: 'why.price',
  unit_price_band: 'why.price',
  departure: 'why.departure',
  destination: 'why.destination',
  post: 'why.post',
  transport_mode: 'why.transport',
  vehicle_country: 'why.vehicle',
  regime: 'why.regime',
  process_type: 'why.process',
  import_type: 'why.import.type',
  import_use: 'why.import.use',
  payment_type: 'why.payment',
  consignor: 'why.consignor',
  consignee: 'why.consignee',
  declarant: 'why.declarant',
  carrier: 'why.carrier',
};
const COUNTRIES = ['origin', 'departure', 'destination', 'vehicle_country'];
const PARTIES = ['consignor', 'consignee', 'declarant', 'carrier'] as const;

/* A name written from right to left leaves the order of the sentence alone. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

function amount(feature: string, n: number): string {
  if (feature === 'tax_rate') return `${number(n, 2)} %`;
  return feature.startsWith('unit_price') ? t('why.perkilo', { price: number(n, 2) }) : mass(n);
}

function shown(f: Fact, d: Declaration): string {
  if (f.from !== undefined && f.to !== undefined) {
    const to = amount(f.feature, f.to);
    return f.from === f.to ? to : t('why.range', { from: number(f.from, 2), to });
  }
  if (f.text === undefined) return t('why.unstated');
  if (COUNTRIES.includes(f.feature)) return country(f.text);
  if (f.feature.startsWith('hs')) return hs(f.text);
  if (f.feature === 'regime') return t(`regime.${f.text as Declaration['regime']}`);
  const party = PARTIES.find((p) => p === f.feature);
  return party && d[party]?.code === f.text ? isolated(d[party].name ?? f.text) : f.text;
}

/** "HS 2915.24, departing from Iran": what a group has in common. */
export function groupWords(facts: Fact[], d: Declaration): string {
  if (facts.length === 0) return t('why.all');
  return facts.map((f) => t(GROUPS[f.feature] ?? 'why.other', { value: shown(f, d) })).join(', ');
}

function found(bad: number): string {
  return bad === 0 ? t('why.found.none') : t('why.found', { n: bad });
}

const CODES: Record<Reason['code'], Key> = {
  nothing_yet: 'why.nothing',
  nothing_alike: 'why.nothing.alike',
  few_alike: 'why.few',
  alike: 'why.alike',
  group: 'why.group',
};

/** A sentence for each reason, the most telling first. */
export function sentences(reasons: Reason[], d: Declaration): string[] {
  return reasons.map((r) => {
    const group = groupWords(r.facts ?? [], d);
    const said = t(CODES[r.code], { n: r.inspected ?? 0, group, found: found(r.bad ?? 0) });
    return said.charAt(0).toLocaleUpperCase(i18n.lang) + said.slice(1);
  });
}

function expected(s: Selection, currency: string): string {
  const unit = centre.minor;
  const critical = (s.critical * s.w_minor) / unit;
  return t('why.expected', {
    sum: number(s.utility_minor / unit),
    currency,
    fraud: number(s.utility_minor / unit - critical),
    p: percent(s.fraud),
    critical: number(critical),
    q: percent(s.critical),
    w: number(s.w_minor / unit),
  });
}

/* An instruction that the office has since taken away is known by the sentence it had. */
function ordered(s: Selection, instruction: Instruction | undefined): string {
  if (instruction === undefined) return `${t('why.mandatory')} ${s.reason}.`;
  const { words, basis, beyond_capacity } = instruction;
  const said = words[i18n.lang] ?? words.en;
  const full = i18n.lang === 'en' || words[i18n.lang] === undefined ? `${said} (${basis})` : said;
  return `${t('why.mandatory')} ${full}.${beyond_capacity ? ` ${t('why.mandatory.beyond')}` : ''}`;
}

/** Why it has its lane. */
export function laneWords(s: Selection, currency: string, instruction?: Instruction): string[] {
  if (s.selected_by === 'random' || s.selected_by === 'exploration') return [t(`why.${s.selected_by}`)];
  const sum = expected(s, currency);
  if (s.selected_by === 'mandatory') return [ordered(s, instruction), sum];
  if (s.selected_by === 'rule') return [t('why.rule', { rule: s.rule ?? '' }), sum];
  return [s.selected_by === 'officer' ? t('why.officer') : t(`why.lane.${s.lane}`), sum];
}
