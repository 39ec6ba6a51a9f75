/* Days and times as they are typed: always YYYY-MM-DD or DD.MM.YYYY, whatever the browser is set to. */
import { i18n } from '../i18n/index.svelte';

const DAY_MS = 86_400_000;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2}))?$/;
const DOTTED = /^(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[ ,]+(\d{1,2}):(\d{2}))?$/;

const two = (n: number) => String(n).padStart(2, '0');

/** "2026-09-16", or "2026-09-16T08:00" with a time, of what was typed; undefined when it is none, "" when nothing was. */
export function readDay(typed: string, timed: boolean): string | undefined {
  const text = typed.trim();
  if (text === '') return '';
  const iso = ISO.exec(text);
  const dotted = DOTTED.exec(text);
  const parts = iso ? iso.slice(1) : dotted ? [dotted[3], dotted[2], dotted[1], dotted[4], dotted[5]] : undefined;
  if (parts === undefined || (timed && parts[3] === undefined)) return undefined;
  const [y, m, d, hour, minute] = parts.map((p) => Number(p ?? 0)) as [number, number, number, number, number];
  const day = new Date(Date.UTC(y, m - 1, d, hour, minute));
  if (day.getUTCMonth() !== m - 1 || day.getUTCDate() !== d || hour > 23 || minute > 59) return undefined;
  const written = `${String(y).padStart(4, '0')}-${two(m)}-${two(d)}`;
  return timed ? `${written}T${two(hour)}:${two(minute)}` : written;
}

/** The same as a reader of the language that is shown writes it. */
export function showDay(value: string): string {
  const [day = '', time = ''] = value.split('T');
  const shown = i18n.lang === 'en' || day === '' ? day : day.split('-').reverse().join('.');
  return time === '' ? shown : `${shown} ${time}`;
}

/** So many days on. */
export function addDays(value: string, days: number): string {
  const [day = '', time = ''] = value.split('T');
  const on = new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
  return time === '' ? on : `${on}T${time}`;
}
