/* Names of the report's lines, sections and gaps: the same words as on the paper. */
import { t, type Key } from '../../i18n/index.svelte';
import type { Gap } from '../../lib/api';
import { number } from '../../lib/format';
import { catalogue } from '../casework/catalogue.svelte';
import { massOf } from '../casework/words';

const LINES: Partial<Record<string, Key>> = {
  heroin: 'figures.line.heroin',
  opium: 'figures.line.opium',
  morphine: 'figures.line.morphine',
  hashish: 'figures.line.hashish',
  marijuana: 'figures.line.marijuana',
  plants: 'figures.line.plants',
  cocaine: 'figures.line.cocaine',
  methamphetamine: 'figures.line.methamphetamine',
  psychotropic: 'figures.line.psychotropic',
  methadone: 'figures.line.methadone',
  potent: 'figures.line.potent',
  toxic: 'figures.line.toxic',
  precursors: 'figures.line.precursors',
  other: 'figures.line.other',
};
const GAPS: Partial<Record<string, [Key, Key]>> = {
  lines: ['figures.gap.lines', 'figures.why.lines'],
  confirmed: ['figures.gap.confirmed', 'figures.why.confirmed'],
  facts_by_kind: ['figures.gap.facts_by_kind', 'figures.why.facts_by_kind'],
  facts_by_direction: ['figures.gap.facts_by_direction', 'figures.why.facts_by_direction'],
  facts_with_seizure: ['figures.gap.facts_with_seizure', 'figures.why.facts_with_seizure'],
  facts_in_group: ['figures.gap.facts_in_group', 'figures.why.facts_in_group'],
  seizures_with_case: ['figures.gap.seizures_with_case', 'figures.why.seizures_with_case'],
  seizures_in_facts: ['figures.gap.seizures_in_facts', 'figures.why.seizures_in_facts'],
  records_counted: ['figures.gap.records_counted', 'figures.why.records_counted'],
  persons_by_sex: ['figures.gap.persons_by_sex', 'figures.why.persons_by_sex'],
  persons_by_age: ['figures.gap.persons_by_age', 'figures.why.persons_by_age'],
  persons_by_citizenship: ['figures.gap.persons_by_citizenship', 'figures.why.persons_by_citizenship'],
  persons_by_occupation: ['figures.gap.persons_by_occupation', 'figures.why.persons_by_occupation'],
  total_by_month: ['figures.gap.total_by_month', 'figures.why.total_by_month'],
  foreign_by_country: ['figures.gap.foreign_by_country', 'figures.why.foreign_by_country'],
  attempts_and_facts: ['figures.gap.attempts_and_facts', 'figures.why.attempts_and_facts'],
  large_and_total: ['figures.gap.large_and_total', 'figures.why.large_and_total'],
  published_lines: ['figures.gap.published_lines', 'figures.why.published_lines'],
  published_sum: ['figures.gap.published_sum', 'figures.why.published_sum'],
  percentage: ['figures.gap.percentage', 'figures.why.percentage'],
  own_total: ['figures.gap.own_total', 'figures.why.own_total'],
  own_line: ['figures.gap.own_line', 'figures.why.own_line'],
  own_count: ['figures.gap.own_count', 'figures.why.own_count'],
};
const AGES: Partial<Record<string, Key>> = {
  'under 16': 'figures.age.16',
  '16-18': 'figures.age.18',
  '18-25': 'figures.age.25',
  '26-29': 'figures.age.29',
  '30 and over': 'figures.age.30',
  'not stated': 'figures.age.none',
};

/* Two things that are counted apart, and never were meant to be equal. */
const DEFINITIONS = ['attempts_and_facts', 'large_and_total'];

/** Does something not add up? What merely says how two figures are meant is no fault. */
export const isAmiss = (gap: Gap): boolean => gap.open && !DEFINITIONS.includes(gap.code);

export function lineWords(line: string): string {
  const known = LINES[line];
  return known ? t(known) : catalogue.substance(line);
}

export function ageWords(age: string): string {
  const known = AGES[age];
  return known ? t(known) : age;
}

export function gapWords(gap: Gap): string {
  const known = GAPS[gap.code];
  return known ? t(known[0]) : gap.code;
}

/** Why there is a gap, in this language; the centre's own sentence when its code is not known here. */
export function gapWhy(gap: Gap): { text: string; english: boolean } {
  if (!gap.open) return { text: t('figures.why.none'), english: false };
  const known = GAPS[gap.code];
  if (gap.reason === 'percentage.new_base') return { text: t('figures.why.percentage.new_base'), english: false };
  if (gap.reason === 'percentage.no_base') return { text: t('figures.why.percentage.no_base'), english: false };
  if (known === undefined) return { text: gap.words, english: true };
  return { text: t(known[1]), english: false };
}

/** An amount of a gap in its unit. */
export function amountIn(unit: Gap['unit'], n: number | null): string {
  if (n === null) return '—';
  if (unit === 'mg') return n < 0 ? `−${massOf(-n)}` : massOf(n);
  if (unit === 'ppm') return `${number(n / 10000, 4)} %`;
  return number(n);
}
