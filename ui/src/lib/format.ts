/* Numbers, times and names as a person reads them, in the language that is shown. */
import { i18n } from '../i18n/index.svelte';
import { centre } from './centre.svelte';

const made = new Map<string, unknown>();

function cached<T>(key: string, make: (lang: string) => T): T {
  const full = `${i18n.lang} ${key}`;
  let f = made.get(full) as T | undefined;
  if (f === undefined) made.set(full, (f = make(i18n.lang)));
  return f;
}

function numbers(digits: number, least = 0): Intl.NumberFormat {
  return cached(`n${digits},${least}`, (lang) =>
    new Intl.NumberFormat(lang, { maximumFractionDigits: digits, minimumFractionDigits: least }));
}

export function number(n: number, digits = 0): string {
  return numbers(digits).format(n);
}

/** Whole units of an amount in hundredths: 67 669 for 6766921. */
export function whole(minor: number): string {
  return numbers(0).format(Math.round(minor / 100));
}

/** 27 179.16: always two digits, so that a column aligns. */
export function money(n: number): string {
  return numbers(2, 2).format(n);
}

export function mass(kg: number): string {
  return `${numbers(3).format(kg)} kg`;
}

/** A probability with two telling digits: 65 %, 3.4 %, 0.021 %; what is next to nothing is "< 0.01 %". */
export function percent(p: number): string {
  if (p > 0 && p < 0.0001) return `< ${numbers(2).format(0.01)} %`;
  return cached('p', (lang) => new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 })).format(p * 100) + ' %';
}

/* The centre's local time, whatever the clock of this machine says. */
function local(instant: string | number): Date {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  return new Date(ms + centre.offset * 60000);
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** 06:05 */
export function clock(instant: string | number): string {
  const d = local(instant);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** 2026-09-16 */
export function day(instant: string | number): string {
  return local(instant).toISOString().slice(0, 10);
}

/** 16 sen 06:05 */
export function dayClock(instant: string | number): string {
  const months = cached('m', (lang) => new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'short', timeZone: 'UTC' }));
  return `${months.format(local(instant))} ${clock(instant)}`;
}

/** 16 sen 2026 */
export function date(instant: string | number): string {
  return cached('d', (lang) => new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' })).format(local(instant));
}

/** How far away, in one unit: "in 3 h", "20 min ago". */
export function distance(instant: string | number): string {
  const minutes = Math.round(((typeof instant === 'number' ? instant : Date.parse(instant)) - centre.now()) / 60000);
  const words = cached('r', (lang) => new Intl.RelativeTimeFormat(lang, { style: 'narrow' }));
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 48 * 60) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 1440), 'day');
}

/** A length of time in one unit: "45 min", "3 h", "2 d". */
export function duration(minutes: number): string {
  const [n, unit] = minutes < 60 ? [minutes, 'minute'] : minutes < 2880 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day'];
  return cached(`u${unit}`, (lang) =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 0 }),
  ).format(Math.floor(n));
}

/** The name of an ISO 3166 country. */
export function country(code: string): string {
  const names = cached('c', (lang) => new Intl.DisplayNames(lang, { type: 'region', fallback: 'code' }));
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}

/** 2915.24.0000: an HS code as it is printed in the tariff. */
export function hs(code: string, digits = 10): string {
  const c = code.slice(0, digits);
  return [c.slice(0, 4), c.slice(4, 6), c.slice(6)].filter((x) => x !== '').join('.');
}
