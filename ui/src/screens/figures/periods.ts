/* The period and the one it is compared with, as they stand in the address. */
import { centre } from '../../lib/centre.svelte';
import { day } from '../../lib/format';
import { router } from '../../lib/router.svelte';

export type Comparing = 'none' | 'before' | 'year' | 'own';
export interface Span {
  from: string;
  to: string;
}
export interface Periods extends Span {
  comparing: Comparing;
  compared: boolean;
  before: Span;
}

const DAY_MS = 86400000;
const KINDS: Comparing[] = ['none', 'before', 'year', 'own'];
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
const ms = (text: string) => Date.parse(`${text}T00:00:00Z`);
const shown = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The same days of the year before; the 29th of February becomes the 28th. */
function yearEarlier(text: string): string {
  const year = Number(text.slice(0, 4)) - 1;
  const same = `${year}${text.slice(4)}`;
  return shown(ms(same)) === same ? same : `${year}-02-28`;
}

/** As many days as the period has, right before it. */
function daysBefore({ from, to }: Span): Span {
  return { from: shown(2 * ms(from) - ms(to) - DAY_MS), to: shown(ms(from) - DAY_MS) };
}

/** From the first of January until today by the centre's clock. */
export function thisYear(): Span {
  const today = day(centre.now());
  return { from: `${today.slice(0, 4)}-01-01`, to: today };
}

/* Whole parts of a year as reports name them: first month, and how many. */
export const WHOLES = { year: [1, 12], half1: [1, 6], half2: [7, 6], nine: [1, 9], q1: [1, 3], q2: [4, 3], q3: [7, 3], q4: [10, 3] } as const;
export type Whole = keyof typeof WHOLES;
const two = (n: number) => String(n).padStart(2, '0');

export function wholeOf(year: number, whole: Whole): Span {
  const [first, months] = WHOLES[whole];
  return { from: `${year}-${two(first)}-01`, to: shown(Date.UTC(year, first - 1 + months, 1) - DAY_MS) };
}

/** Which whole part of a year a period is, or none. */
export function wholeName({ from, to }: Span): Whole | undefined {
  return (Object.keys(WHOLES) as Whole[]).find((w) => {
    const span = wholeOf(Number(from.slice(0, 4)), w);
    return span.from === from && span.to === to;
  });
}

export function thisMonth(): Span {
  const today = day(centre.now());
  return { from: `${today.slice(0, 7)}-01`, to: today };
}

export function periodsOf(): Periods {
  const otherwise = thisYear();
  const from = isDay(router.get('from')) ? router.get('from') : otherwise.from;
  const to = isDay(router.get('to')) ? router.get('to') : otherwise.to;
  const comparing = KINDS.find((k) => k === router.get('with')) ?? 'year';
  const own = { from: router.get('with_from'), to: router.get('with_to') };
  const year = { from: yearEarlier(from), to: yearEarlier(to) };
  const before = comparing === 'own' && isDay(own.from) && isDay(own.to) ? own : comparing === 'before' ? daysBefore({ from, to }) : year;
  return { from, to, comparing, compared: comparing !== 'none', before };
}
