/* Rates as a chief compares them: one digit behind the point, so that a column aligns. */
import { i18n } from '../../i18n/index.svelte';
import { number } from '../../lib/format';
import type { Answer } from './figures.svelte';

type Figures = Answer['all'];
export type Rate = Figures['hits'];

/** Always so many digits behind the point. */
export function fixed(n: number, digits: number): string {
  return n.toLocaleString(i18n.written, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percentOf(rate: number | null): string {
  return rate === null ? '—' : `${fixed(rate * 100, 1)} %`;
}

export function rangeOf(rate: Pick<Rate, 'low' | 'high'>): string {
  return rate.low === null || rate.high === null ? '—' : `${fixed(rate.low * 100, 1)} – ${fixed(rate.high * 100, 1)} %`;
}

/* A post with next to no inspections has an interval up to 100 %: it must not make all other bars short. */
const LEAST_INSPECTED = 10;
const STEP = 0.1;

/** The rate at which a bar is full. */
export function scaleOf(all: Figures[]): number {
  const telling = all.filter((f) => f.inspected >= LEAST_INSPECTED).map((f) => f.hits.high ?? 0);
  return Math.max(STEP, Math.ceil(Math.max(0, ...telling) / STEP) * STEP);
}

/** With its sign: +3, −0.42. */
export function signed(n: number, digits = 0): string {
  const shown = fixed(Math.abs(n), digits);
  if (shown === fixed(0, digits)) return number(0);
  return `${n > 0 ? '+' : '−'}${shown}`;
}
