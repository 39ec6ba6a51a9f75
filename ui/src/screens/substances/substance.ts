/* What is typed about a substance, what is wrong with it, and what of it is sent. */
import { isKey, t, type Key } from '../../i18n/index.svelte';
import type { Routes, Substance } from '../../lib/api';
import { exactKg, mgOf } from '../casework/words';

type Body = Routes['substance_put']['request'];
export const CLASSES: Body['class'][] = ['narcotic', 'psychotropic', 'potent', 'toxic', 'precursor', 'plant', 'other'];
/** Lines that the period's report has words for. */
export const LINES = ['heroin', 'opium', 'morphine', 'hashish', 'marijuana', 'cocaine', 'methamphetamine', 'psychotropic', 'methadone', 'potent', 'toxic', 'precursors', 'plants', 'other'];

export interface Typed {
  code: string;
  en: string;
  az: string;
  ru: string;
  class: Body['class'] | '';
  table: string;
  hs: string;
  cas: string;
  line: string;
  large: string;
  from: string;
  until: string;
}

export function classWords(name: string): string {
  const key = `substances.class.${name}`;
  return isKey(key) ? t(key) : name;
}

/** A form begins with what stands in the list, from today on. */
export function typedOf(s: Substance | undefined, today: string): Typed {
  return {
    code: s?.code ?? '',
    en: s?.words.en ?? '',
    az: s?.words.az ?? '',
    ru: s?.words.ru ?? '',
    class: (s?.class ?? '') as Typed['class'],
    table: s?.table ?? '',
    hs: s?.hs ?? '',
    cas: s?.cas ?? '',
    line: s?.line ?? '',
    large: s?.large_mg === undefined ? '' : exactKg(s.large_mg).replaceAll(/\s/g, ''),
    from: s !== undefined && s.from > today ? s.from : today,
    until: s?.until ?? '',
  };
}

/* The last digit of a CAS number checks the others. */
function isCas(text: string): boolean {
  const found = /^(\d{2,7})-(\d{2})-(\d)$/.exec(text);
  if (found === null) return false;
  const digits = [...`${found[1]}${found[2]}`].reverse();
  return digits.reduce((sum, d, i) => sum + Number(d) * (i + 1), 0) % 10 === Number(found[3]);
}

export function faultsOf(v: Typed): Key[] {
  const found: (Key | null)[] = [
    /^[a-z][a-z0-9_]*$/.test(v.code.trim()) ? null : 'substances.fault.code',
    [v.en, v.az, v.ru].some((w) => w.trim() === '') ? 'substances.fault.names' : null,
    v.class === '' ? 'substances.fault.class' : null,
    v.line === '' ? 'substances.fault.line' : null,
    v.hs.trim() === '' || v.hs.split(',').every((c) => /^\d{4}(\d\d){0,3}$/.test(c.trim())) ? null : 'substances.fault.hs',
    v.cas.trim() === '' || isCas(v.cas.trim()) ? null : 'substances.fault.cas',
    v.large.trim() === '' || mgOf(v.large) > 0 ? null : 'case.fault.kg',
    v.from === '' || (v.until !== '' && v.until <= v.from) ? 'substances.fault.days' : null,
  ];
  return found.filter((f) => f !== null);
}

export function bodyOf(v: Typed): Body {
  const text = (s: string) => s.trim() || undefined;
  return {
    code: v.code.trim(),
    words: { en: v.en.trim(), az: v.az.trim(), ru: v.ru.trim() },
    class: v.class as Body['class'],
    table: text(v.table),
    hs: text(v.hs.split(',').map((c) => c.trim()).join(', ')),
    cas: text(v.cas),
    line: v.line,
    large_mg: v.large.trim() === '' ? undefined : mgOf(v.large),
    from: v.from,
    until: v.until || undefined,
  };
}
