/* What is unlike this party's earlier declarations. */
import { t } from '../../i18n/index.svelte';
import type { Consignment, Past } from '../../lib/api';
import { country, hs, number } from '../../lib/format';

/** A sentence per fact that is unlike before. */
export type Differences = Partial<Record<'hs' | 'departure' | 'destination' | 'post' | 'value' | 'gross' | 'price', string>>;

/* Fewer earlier declarations than these say nothing about what is usual. */
const FEW = 3;
const TWICE = 2;
const HALF_MORE = 1.5;

function median(values: number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length < FEW) return undefined;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function numbersOf(past: Past[], of: (p: Past) => number | undefined): number[] {
  return past.map(of).filter((n): n is number => n !== undefined && n > 0);
}

/** "3.1 x the usual 12 000" when it is that far off, either way. */
function unusual(now: number | undefined, earlier: number[], factor: number): string | undefined {
  const usual = median(earlier);
  if (now === undefined || usual === undefined || usual <= 0) return undefined;
  const times = now / usual;
  if (times < factor && times > 1 / factor) return undefined;
  return t('queue.unlike.times', { times: number(times, times < 1 ? 2 : 1), usual: number(usual, usual < 100 ? 2 : 0) });
}

/** "not before; usually IR, TR" when none of the earlier ones had it. */
function never(now: string | undefined, earlier: string[], say: (v: string) => string): string | undefined {
  const known = earlier.filter((v) => v !== '');
  if (now === undefined || known.length < FEW || known.includes(now)) return undefined;
  const usual = [...new Set(known)].slice(0, 3).map(say).join(', ');
  return t('queue.unlike.never', { usual });
}

function perKilo(value: number | undefined, kilos: number | undefined): number | undefined {
  return value !== undefined && kilos !== undefined && kilos > 0 ? value / kilos : undefined;
}

export function differences(c: Consignment): Differences {
  const past = c.history.consignee ?? [];
  const d = c.declaration;
  const heading = d.items[0]?.hs.slice(0, 4);
  const alike = past.filter((p) => p.hs?.slice(0, 4) === heading && p.currency === d.currency);
  const sameMoney = past.filter((p) => p.currency === d.currency);
  return {
    hs: never(heading, past.map((p) => p.hs?.slice(0, 4) ?? ''), (v) => hs(v)),
    departure: never(d.departure, past.map((p) => p.departure ?? ''), country),
    destination: never(d.destination, past.map((p) => p.destination ?? ''), country),
    post: never(d.post, past.map((p) => p.post ?? ''), (v) => v),
    value: unusual(d.value, numbersOf(sameMoney, (p) => p.value), TWICE),
    gross: unusual(d.gross_kg, numbersOf(past, (p) => p.gross_kg), TWICE),
    price: unusual(perKilo(d.value, d.gross_kg), numbersOf(alike, (p) => perKilo(p.value, p.gross_kg)), HALF_MORE),
  };
}

export { perKilo };
