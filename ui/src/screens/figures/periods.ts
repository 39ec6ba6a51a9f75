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

export function thisMonth(): Span {
  const today = day(centre.now());
  return { from: `${today.slice(0, 7)}-01`, to: today };
}

export function nineMonths(): Span {
  const year = day(centre.now()).slice(0, 4);
  return { from: `${year}-01-01`, to: `${year}-09-30` };
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

/** The months of a period, each cut to it; at most as many as a chart shows. */
export function monthsOf({ from, to }: Span, most: number): Span[] {
  const found: Span[] = [];
  for (let first = from; first <= to && found.length <= most; ) {
    const next = new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5, 7)), 1));
    const last = shown(next.getTime() - DAY_MS);
    found.push({ from: first, to: last < to ? last : to });
    first = shown(next.getTime());
  }
  return found;
}
