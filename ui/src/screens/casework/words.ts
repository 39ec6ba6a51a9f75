/* What casework says: words that come with the data in three languages, exact masses, short names of steps. */
import { i18n, t } from '../../i18n/index.svelte';
import type { Flow, Step, Words } from '../../lib/api';
import { centre } from '../../lib/centre.svelte';
import { clock, country, day, dayClock, duration, number } from '../../lib/format';

export type Means = Step['means'];
export type Reaction = NonNullable<Step['reaction']>;
export const MEANS: Means[] = ['documents', 'xray', 'dog', 'density', 'scale', 'unloading'];
export const REACTIONS: Reaction[] = ['none', 'suspect', 'found', 'not_possible'];

/** Words that an office configured in each language. */
export function said(words: Words | undefined): string {
  return words?.[i18n.lang] ?? '';
}

/** The same as a button says it. */
export function capital(words: Words | undefined): string {
  const text = said(words);
  return text.charAt(0).toLocaleUpperCase(i18n.lang) + text.slice(1);
}

const MG = 1_000_000;

function point(): string {
  return i18n.lang === 'en' ? '.' : ',';
}

/** Milligrams as kilograms with all six digits, for columns: nothing is rounded. */
export function exactKg(mg: number): string {
  const rest = Math.abs(mg) % MG;
  const kilograms = (Math.abs(mg) - rest) / MG;
  return `${mg < 0 ? '−' : ''}${number(kilograms)}${point()}${String(rest).padStart(6, '0')}`;
}

/** Milligrams in a sentence: "12 kg", "0,004 kg"; grams are always told apart from what is not there. */
export function massOf(mg: number): string {
  const short = exactKg(mg).replace(/0{1,6}$/, '').replace(/[.,]$/, '');
  return `${short} ${t('unit.kg')}`;
}

/** "12,5" and "12.500" kilograms as milligrams; NaN when it is no number or finer than a milligram. */
export function mgOf(text: string): number {
  const found = /^(\d{1,9})(?:[.,](\d{1,6}))?$/.exec(text.replaceAll(/\s/g, ''));
  return found === null ? NaN : Number(found[1]) * MG + Number((found[2] ?? '').padEnd(6, '0'));
}

/** How long a step took: "12 min", "7 h 21 min". */
export function lengthOf(minutes: number): string {
  const whole = Math.round(minutes);
  const rest = t('unit.minute', { n: whole % 60 });
  return (whole < 60 ? rest : `${t('unit.hour', { n: Math.floor(whole / 60) })} ${rest}`).replaceAll(' ', '\u00a0');
}

/** From when to when a step took: the day only where it is not today. */
export function spanOf(step: Pick<Step, 'started' | 'ended'>): string {
  if (step.started === undefined || step.ended === undefined) return '';
  const from = day(step.started) === day(centre.now()) ? clock(step.started) : dayClock(step.started);
  return `${from}–${clock(step.ended)}, ${lengthOf((Date.parse(step.ended) - Date.parse(step.started)) / 60000)}`;
}

const SOON_MS = 15 * 60000;

/** How pressing a thing's deadline is. */
export function urgencyOf(flow: Flow): 'none' | 'calm' | 'soon' | 'over' {
  if (flow.overdue) return 'over';
  if (flow.due === undefined) return 'none';
  const left = Date.parse(flow.due) - centre.now();
  if (left < 0) return 'over';
  return left < SOON_MS ? 'soon' : 'calm';
}

export function dueWords(flow: Flow): string {
  if (flow.due === undefined) return flow.overdue ? t('work.over') : t('work.due.none');
  const minutes = (Date.parse(flow.due) - centre.now()) / 60000;
  const length = duration(Math.abs(minutes));
  return urgencyOf(flow) === 'over' ? t('work.over.by', { length }) : t('work.due.in', { length });
}

/** Overdue first, then by deadline; without one last. */
export function byUrgency(a: Flow, b: Flow): number {
  const rank = (f: Flow) => (urgencyOf(f) === 'over' ? 0 : 1);
  return rank(a) - rank(b) || Date.parse(a.due ?? '9999-12-31') - Date.parse(b.due ?? '9999-12-31');
}

/** Countries and places of a journey, each once in a row. */
export function journeyOf(route: readonly string[] | undefined): string {
  const stops = (route ?? []).filter((c, i, all) => c !== all[i - 1]);
  return stops.map((c) => (c.length === 2 ? country(c) : c)).join(' → ');
}
