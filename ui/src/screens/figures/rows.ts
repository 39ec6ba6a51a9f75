/* The period's figures as the rows of the official layout. */
import { t } from '../../i18n/index.svelte';
import type { PeriodAmount, PeriodFigures } from '../../lib/api';
import { country, money, number } from '../../lib/format';
import { catalogue } from '../casework/catalogue.svelte';
import { exactKg } from '../casework/words';
import { ageWords, lineWords } from './words';

export type Unit = 'kg' | 'l' | 'm2' | 'cases' | 'seizures' | 'persons' | 'groups' | 'exhibits' | 'pieces' | 'money';
export interface Row {
  code: string;
  words: string;
  unit: Unit;
  /** Milligrams, microlitres, minor units of money, or a count. */
  now: number;
  /** As first seized, where the laboratory may have changed it. */
  seized?: number;
  before?: number;
  /** What the share is taken of. */
  of?: number;
  kind: 'plain' | 'total' | 'part' | 'deep';
  /** The code under which the centre tells what stands behind it; absent: it tells nothing. */
  behind?: string;
}
export type SectionId = 'facts' | 'direction' | 'substances' | 'potent' | 'toxic' | 'precursor' | 'plant' | 'persons' | 'large' | 'destroyed' | 'value';
export interface Section {
  id: SectionId;
  rows: Row[];
}

/** A quantity in the row's unit: masses and volumes with all their digits. */
export function figureWords(row: Row, n: number): string {
  if (row.unit === 'kg' || row.unit === 'l') return exactKg(n);
  return row.unit === 'money' ? money(n) : number(n);
}

type Figures = PeriodFigures;
type Before = PeriodFigures | undefined;
interface Counted {
  code: string;
  count: number;
}

/** Classes of what the total is made of. */
export const SUBSTANCES = ['narcotic', 'psychotropic', 'other', ''];
/** These stand in the official layout even when nobody is in them. */
const OFFICIAL_AGES = ['16-18', '18-25', '26-29', '30 and over'];
const PIECES = ['tablet', 'capsule', 'ampoule', 'plant', 'piece'] as const;
const NOTHING: PeriodAmount = { mass_mg: 0, volume_ul: 0, pieces: {}, lines: 0, estimated_mg: 0, gross_mg: 0 };

function one(code: string, words: string, unit: Unit, now: number, before: number | undefined, kind: Row['kind'] = 'total', of?: number): Row {
  return { code, words, unit, now, before, of, kind, behind: code };
}

function counted(prefix: string, unit: Unit, list: Counted[], before: Counted[] | undefined, of: number, words: (code: string) => string, kind: Row['kind'] = 'part'): Row[] {
  const gone = (before ?? []).filter((b) => !list.some((x) => x.code === b.code)).map((b) => ({ code: b.code, count: 0 }));
  return [...list, ...gone].map(({ code, count }) =>
    one(`${prefix}${code}`, words(code), unit, count, before === undefined ? undefined : (before.find((b) => b.code === code)?.count ?? 0), kind, of),
  );
}

function linesOf(f: Figures, before: Before, classes: (name: string) => boolean, kind: Row['kind'], of?: number): Row[] {
  const list = f.lines.filter((l) => classes(l.class));
  const gone = (before?.lines ?? []).filter((b) => classes(b.class) && !list.some((l) => l.line === b.line));
  return [...list, ...gone.map((g) => ({ ...g, now: NOTHING, seized: NOTHING }))].flatMap((l) => {
    const old = before?.lines.find((b) => b.line === l.line && b.class === l.class);
    if (l.now.mass_mg === 0 && l.seized.mass_mg === 0 && (old?.now.mass_mg ?? 0) === 0) return [];
    return [{ ...one(l.line, lineWords(l.line), 'kg', l.now.mass_mg, before && (old?.now.mass_mg ?? 0), kind, of), seized: l.seized.mass_mg }];
  });
}

/** Volumes and pieces by substance, so that tablets of one are not taken for those of another; masses where no line says them. */
function substancesOf(f: Figures, before: Before, classes: (name: string) => boolean, withMass: boolean): Row[] {
  const list = f.substances.filter((s) => classes(s.class));
  const gone = (before?.substances ?? []).filter((b) => classes(b.class) && !list.some((s) => s.substance === b.substance));
  return [...list, ...gone.map((g) => ({ ...g, now: NOTHING }))].flatMap((s) => {
    const old = before?.substances.find((b) => b.substance === s.substance)?.now ?? NOTHING;
    const words = catalogue.substance(s.substance);
    const part = (what: string, unit: Unit, now: number, was: number, named = words) =>
      now === 0 && was === 0 ? [] : [one(`${s.substance}.${what}`, named, unit, now, before && was, 'part')];
    return [
      ...(withMass ? part('mass', 'kg', s.now.mass_mg, old.mass_mg) : []),
      ...part('volume', 'l', s.now.volume_ul, old.volume_ul),
      ...PIECES.flatMap((p) => part(p, 'pieces', s.now.pieces[p] ?? 0, old.pieces[p] ?? 0, `${words}, ${catalogue.code('count_kind', p)}`)),
    ];
  });
}

function plantsOf(f: Figures, before: Before): Row[] {
  return f.plants.flatMap((p) => {
    const old = before?.plants.find((b) => b.growth === p.growth);
    const words = t(`figures.growth.${p.growth}`);
    const row = (what: string, unit: Unit, now: number, was: number | undefined) =>
      now === 0 && (was ?? 0) === 0 ? [] : [one(`${p.growth}.${what}`, words, unit, now, before && (was ?? 0))];
    return [
      ...row('count', 'pieces', p.count, old?.count),
      ...row('kg', 'kg', p.mass_mg, old?.mass_mg),
      ...row('area', 'm2', p.area_m2, old?.area_m2),
    ];
  });
}

function personsOf(f: Figures, before: Before): Row[] {
  const p = f.persons;
  const b = before?.persons;
  const part = (code: string, words: string, now: number, old: number | undefined) => one(code, words, 'persons', now, old, 'part', p.total);
  const silent = (row: Row): Row => ({ ...row, behind: undefined });
  return [
    one('persons', t('figures.row.persons'), 'persons', p.total, b?.total),
    part('men', t('figures.row.men'), p.men, b?.men),
    part('women', t('figures.row.women'), p.women, b?.women),
    ...(p.sex_not_stated > 0 ? [silent(part('sex', t('figures.row.sex.none'), p.sex_not_stated, b?.sex_not_stated))] : []),
    ...counted('', 'persons', p.ages.map((a) => ({ code: a.age, count: a.count })), b?.ages.map((a) => ({ code: a.age, count: a.count })), p.total, ageWords).filter((r) => OFFICIAL_AGES.includes(r.code) || r.now > 0 || (r.before ?? 0) > 0),
    part('own', t('figures.row.own'), p.own, b?.own),
    part('foreign', t('figures.row.foreign'), p.foreign, b?.foreign),
    ...counted('', 'persons', p.countries.map((c) => ({ code: c.country, count: c.count })), b?.countries.map((c) => ({ code: c.country, count: c.count })), p.foreign, country, 'deep'),
    ...(p.citizenship_not_stated > 0 ? [silent(part('citizenship', t('figures.row.citizenship.none'), p.citizenship_not_stated, b?.citizenship_not_stated))] : []),
    one('occupations', t('figures.row.occupations'), 'persons', p.total, b?.total),
    ...counted('occupation.', 'persons', p.occupations.map((o) => ({ code: o.occupation, count: o.count })), b?.occupations.map((o) => ({ code: o.occupation, count: o.count })), p.total, (c) => (c === '' ? t('figures.row.occupation.none') : catalogue.code('occupation', c))),
    one('previous_record', t('figures.row.record'), 'persons', p.previous_record, b?.previous_record, 'total', p.total),
    one('previous_facts', t('figures.row.record.facts'), 'cases', p.previous_facts, b?.previous_facts, 'part', f.facts),
    one('previous_mg', t('figures.row.record.mass'), 'kg', p.previous_mg, b?.previous_mg, 'part', f.total.mass_mg),
    one('groups', t('figures.row.groups'), 'groups', f.groups, before?.groups),
  ];
}

const byKind = (f: Figures): Counted[] => f.facts_by_kind.map((k) => ({ code: k.kind, count: k.count }));
const inDirection = (list: { direction: string; count: number }[]): Counted[] => list.map((d) => ({ code: d.direction, count: d.count }));
const sum = (list: Counted[]) => list.reduce((s, x) => s + x.count, 0);

function directionOf(f: Figures, before: Before): Row[] {
  const words = (c: string) => catalogue.code('direction', c);
  const facts = inDirection(f.facts_by_direction);
  const old = before && inDirection(before.facts_by_direction);
  return [
    one('facts_by_direction', t('figures.row.facts.direction'), 'cases', sum(facts), old && sum(old)),
    ...counted('facts.', 'cases', facts, old, f.facts, words),
    one('seizures', t('figures.row.seizures'), 'seizures', f.seizures, before?.seizures),
    ...counted('', 'seizures', inDirection(f.seizures_by_direction), before && inDirection(before.seizures_by_direction), f.seizures, words),
    one('attempts', t('figures.row.attempts'), 'seizures', f.attempts, before?.attempts, 'plain', f.seizures),
  ];
}

function substanceRows(f: Figures, before: Before): Row[] {
  const inTotal = (c: string) => SUBSTANCES.includes(c);
  const seized = f.lines.filter((l) => inTotal(l.class)).reduce((s, l) => s + l.seized.mass_mg, 0);
  return [
    { ...one('total', t('figures.row.total'), 'kg', f.total.mass_mg, before?.total.mass_mg), seized },
    ...linesOf(f, before, inTotal, 'part', f.total.mass_mg),
    ...substancesOf(f, before, inTotal, false),
  ];
}

function destroyedOf(f: Figures, before: Before): Row[] {
  if (f.destroyed === 0 && (before?.destroyed ?? 0) === 0) return [];
  return [
    one('destroyed', t('figures.row.destroyed'), 'exhibits', f.destroyed, before?.destroyed),
    one('destroyed_mg', t('figures.row.destroyed.mass'), 'kg', f.destroyed_mg, before?.destroyed_mg, 'part'),
    one('destroyed_cases', t('figures.row.destroyed.cases'), 'cases', f.destroyed_cases, before?.destroyed_cases),
    one('destroyed_old_cases', t('figures.row.destroyed.old'), 'cases', f.destroyed_old_cases, before?.destroyed_old_cases, 'part', f.destroyed_cases),
    one('destroyed_old_mg', t('figures.row.destroyed.old.mass'), 'kg', f.destroyed_old_mg, before?.destroyed_old_mg, 'part', f.destroyed_mg),
  ];
}

function valueOf(f: Figures, before: Before): Row[] {
  const was = before?.value.map((v) => ({ code: v.currency, count: v.amount }));
  return counted('value.', 'money', f.value.map((v) => ({ code: v.currency, count: v.amount })), was, 0, (c) => c, 'plain').map((r) => ({ ...r, of: undefined }));
}

/** Sections with nothing in them are left out, except facts and the total. */
export function sectionsOf(f: Figures, before: Before, order: 'state' | 'customs'): Section[] {
  const facts: Section = {
    id: 'facts',
    rows: [
      one('facts', t('figures.row.facts'), 'cases', f.facts, before?.facts),
      ...counted('', 'cases', byKind(f), before && byKind(before), f.facts, (c) => catalogue.code('fact_kind', c)),
    ],
  };
  const direction: Section = { id: 'direction', rows: directionOf(f, before) };
  const own = (id: 'potent' | 'toxic' | 'precursor' | 'plant'): Section => ({
    id,
    rows: [...linesOf(f, before, (c) => c === id, 'total'), ...substancesOf(f, before, (c) => c === id, true), ...(id === 'plant' ? plantsOf(f, before) : [])],
  });
  const what: Section[] = [{ id: 'substances', rows: substanceRows(f, before) }, own('potent'), own('toxic'), own('precursor'), own('plant')];
  const persons: Section = { id: 'persons', rows: personsOf(f, before) };
  const value: Section = { id: 'value', rows: valueOf(f, before) };
  const large: Section = {
    id: 'large',
    rows: [
      one('large', t('figures.row.large'), 'seizures', f.large, before?.large, 'total', f.seizures),
      one('large_mg', t('figures.row.large.mass'), 'kg', f.large_mg, before?.large_mg, 'part', f.total.mass_mg),
      ...(f.large_other_mg > 0 || (before?.large_other_mg ?? 0) > 0 ? [one('large_other_mg', t('figures.row.large.other'), 'kg', f.large_other_mg, before?.large_other_mg, 'part')] : []),
    ],
  };
  const destroyed: Section = { id: 'destroyed', rows: destroyedOf(f, before) };
  const all = order === 'customs' ? [facts, direction, ...what, persons, value, large, destroyed] : [facts, ...what, value, persons, direction, large, destroyed];
  return all.filter((s) => s.rows.length > 0);
}
