/* Until when a consignment may sleep: some times that a shift needs, and one's own. */
import type { Key } from '../../i18n/index.svelte';
import { centre } from '../../lib/centre.svelte';

export interface Nap {
  key: string;
  label: Key;
  /** Milliseconds since 1970; undefined: this one does not apply. */
  at: number | undefined;
}

const HOUR_MS = 3600000;
const DAY_MS = 24 * HOUR_MS;
/* Shifts change at 08:00 and 20:00 of the centre's time. */
const SHIFTS = [8, 20];
const MOST_DAYS = 30;

/** That hour of the centre's day, `days` after today. */
function atHour(hour: number, days: number): number {
  const offset = centre.offset * 60000;
  const midnight = Math.floor((centre.now() + offset) / DAY_MS) * DAY_MS;
  return midnight + days * DAY_MS + hour * HOUR_MS - offset;
}

function endOfShift(): number {
  const next = SHIFTS.map((h) => atHour(h, 0)).find((at) => at > centre.now());
  return next ?? atHour(SHIFTS[0]!, 1);
}

export function naps(expected: string | undefined): Nap[] {
  const arrival = expected === undefined ? NaN : Date.parse(expected);
  return [
    { key: '1', label: 'queue.snooze.1', at: centre.now() + HOUR_MS },
    { key: '2', label: 'queue.snooze.2', at: endOfShift() },
    { key: '3', label: 'queue.snooze.3', at: atHour(SHIFTS[0]!, 1) },
    { key: '4', label: 'queue.snooze.4', at: good(arrival) ? arrival : undefined },
  ];
}

/** It lies ahead, and not too far. */
export function good(at: number): boolean {
  return at > centre.now() && at <= centre.now() + MOST_DAYS * DAY_MS;
}

/** "2026-09-17T08:00" of a field, in the centre's time. */
export function parse(local: string): number {
  return Date.parse(`${local}:00Z`) - centre.offset * 60000;
}

/** The same the other way, for the field. */
export function written(at: number): string {
  return new Date(at + centre.offset * 60000).toISOString().slice(0, 16);
}
