/* Numbers, times and names as a person reads them, in the language that is shown. */
import { i18n, t } from '../i18n/index.svelte';
import { centre } from './centre.svelte';
import { countryNames } from './country-names';

const made = new Map<string, unknown>();

function cached<T>(key: string, make: (locale: string) => T): T {
  const full = `${i18n.written} ${key}`;
  let f = made.get(full) as T | undefined;
  if (f === undefined) made.set(full, (f = make(i18n.written)));
  return f;
}

function numbers(digits: number, least = 0): Intl.NumberFormat {
  return cached(`n${digits},${least}`, (locale) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: least }));
}

export function number(n: number, digits = 0): string {
  return numbers(digits).format(n);
}

/** Whole units of an amount in the centre's smallest unit of money: 67 669 for 6766921. */
export function whole(minor: number): string {
  return numbers(0).format(Math.round(minor / centre.minor));
}

/** 27 179.16: always two digits, so that a column aligns. */
export function money(n: number): string {
  return numbers(2, 2).format(n);
}

export function mass(kg: number): string {
  return `${numbers(6).format(kg)} ${t('unit.kg')}`;
}

/** A probability with two telling digits: 65 %, 3.4 %, 0.021 %; next to nothing is "< 0.01 %", next to certain "> 99 %". */
export function percent(p: number): string {
  if (p > 0 && p < 0.0001) return `< ${numbers(2).format(0.01)} %`;
  if (p > 0.99 && p < 1) return '> 99 %';
  return cached('p', (locale) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })).format(p * 100) + ' %';
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

function dayMonth(d: Date): string {
  return `${d.getUTCDate()} ${t('time.months').split(' ')[d.getUTCMonth()]}`;
}

/** 16 sen 06:05 */
export function dayClock(instant: string | number): string {
  return `${dayMonth(local(instant))} ${clock(instant)}`;
}

/** 16 sen 2026 */
export function date(instant: string | number): string {
  const d = local(instant);
  return `${dayMonth(d)} ${d.getUTCFullYear()}`;
}

function inOneUnit(minutes: number): string {
  if (minutes < 60) return t('unit.minute', { n: Math.floor(minutes) });
  if (minutes < 48 * 60) return t('unit.hour', { n: Math.floor(minutes / 60) });
  return t('unit.day', { n: Math.floor(minutes / 1440) });
}

/** A length of time in one unit, never broken over two lines: "45 min", "3 h", "2 d". */
export function duration(minutes: number): string {
  return inOneUnit(minutes).replaceAll(' ', '\u00a0');
}

/** How far away: "in 3 h", "20 min ago". */
export function distance(instant: string | number): string {
  const minutes = ((typeof instant === 'number' ? instant : Date.parse(instant)) - centre.now()) / 60000;
  const length = duration(Math.abs(minutes));
  return minutes >= 0 ? t('time.in', { length }) : t('time.ago', { length });
}

/** The name of an ISO 3166 country. */
export function country(code: string): string {
  return countryNames(i18n.lang)(code);
}

/** 2915.24.0000: an HS code as it is printed in the tariff. */
export function hs(code: string, digits = 10): string {
  const c = code.slice(0, digits);
  return [c.slice(0, 4), c.slice(4, 6), c.slice(6)].filter((x) => x !== '').join('.');
}
