/* What is typed about a control, and what of it is sent. */
import { t, type Key } from '../../i18n/index.svelte';
import type { Result, Routes } from '../../lib/api';
import { catalogue } from '../casework/catalogue.svelte';
import { capital } from '../casework/words';

export type Outcome = Result['outcome'];
export type Means = Result['means'][number];
export interface Line {
  substance: string;
  kg: string;
  count: string;
  /** Entered as "other" on purpose. */
  other?: boolean;
}
export interface Typed {
  outcome: Outcome | '';
  means: Means[];
  minutes: string;
  recovered: string;
  note: string;
  seized: Line[];
}

/** In the order of the digits that choose them. */
export const OUTCOMES: Outcome[] = [
  'none',
  'document',
  'value',
  'origin',
  'classification',
  'quantity',
  'prohibited',
  'drugs',
  'precursor',
  'other',
];
/* What is often seized and stands in no list of substances. */
const THINGS = ['team.substance.cigarettes', 'team.substance.weapon', 'team.substance.cash'] satisfies Key[];

/** What a line may name: the office's list of substances in the language that is shown, and a few things. */
export function namesToSeize(): string[] {
  return [...catalogue.substances.filter((s) => s.code !== 'other').map((s) => capital(s.words)), ...THINGS.map((k) => t(k))];
}

const same = (a: string, b: string) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

/* The substance that words of any language, or a code, mean. */
function listed(words: string) {
  return catalogue.substances.find((s) => [s.code, ...Object.values(s.words)].some((x) => same(x, words.trim())));
}

/** Words that name nothing of the list: they stand as they are, under "other". Without the list all do. */
export function isUnlisted(line: Line): boolean {
  const words = line.substance.trim();
  return words !== '' && catalogue.substances.length > 0 && listed(words) === undefined && !THINGS.some((k) => same(t(k), words));
}
const SEIZING: Outcome[] = ['prohibited', 'drugs', 'precursor'];
const MOST_MINUTES = 100000;

export function emptyLine(): Line {
  return { substance: '', kg: '', count: '' };
}

export function seizes(outcome: Outcome | ''): boolean {
  return outcome !== '' && SEIZING.includes(outcome);
}

/** "12,5" and "12.5" are the same; NaN: no number. */
export function read(text: string): number {
  const plain = text.replaceAll(/\s/g, '').replace(',', '.');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

export function isBlank(line: Line): boolean {
  return line.substance.trim() === '' && line.kg.trim() === '' && line.count.trim() === '';
}

const isAmount = (text: string) => text.trim() === '' || read(text) > 0;
const isCount = (text: string) => text.trim() === '' || (read(text) > 0 && Number.isInteger(read(text)));

/** What is wrong with a line of what was seized. */
export function lineFault(line: Line): Key | null {
  if (isBlank(line)) return null;
  if (line.substance.trim() === '') return 'team.fault.substance';
  if (isUnlisted(line) && line.other !== true) return 'team.fault.unlisted';
  if (!isAmount(line.kg)) return 'team.fault.kg';
  if (!isCount(line.count)) return 'team.fault.count';
  return line.kg.trim() === '' && line.count.trim() === '' ? 'team.fault.amount' : null;
}

/** What has to be mended before it can be sent. */
export function faultsOf(typed: Typed): Key[] {
  const minutes = typed.minutes.trim() === '' ? 0 : read(typed.minutes);
  const found: (Key | null)[] = [
    typed.outcome === '' ? 'team.fault.outcome' : null,
    typed.means.length === 0 ? 'team.fault.means' : null,
    Number.isInteger(minutes) && minutes <= MOST_MINUTES ? null : 'team.fault.minutes',
    typed.recovered.trim() === '' || read(typed.recovered) >= 0 ? null : 'team.fault.recovered',
    ...typed.seized.map(lineFault),
    seizes(typed.outcome) && typed.seized.every(isBlank) ? 'team.fault.seized' : null,
  ];
  return [...new Set(found.filter((f) => f !== null))];
}

export function bodyOf(typed: Typed): Routes['result_enter']['request'] {
  const lines = typed.seized.filter((l) => !isBlank(l));
  return {
    outcome: typed.outcome as Outcome,
    means: typed.means,
    minutes: typed.minutes.trim() === '' ? undefined : read(typed.minutes),
    recovered: typed.recovered.trim() === '' ? undefined : read(typed.recovered),
    note: typed.note.trim() || undefined,
    seized:
      lines.length === 0
        ? undefined
        : lines.map((l) => ({
            substance: listed(l.substance)?.words.en ?? l.substance.trim(),
            mass_kg: l.kg.trim() === '' ? undefined : read(l.kg),
            count: l.count.trim() === '' ? undefined : read(l.count),
          })),
  };
}
