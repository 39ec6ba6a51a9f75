/* The period's figures as the rows of the official layout. */
import { t } from '../../i18n/index.svelte';
import type { PeriodAmount, PeriodFigures } from '../../lib/api';
import { country } from '../../lib/format';
import { catalogue } from '../casework/catalogue.svelte';
import { ageWords, lineWords } from './words';

export type Unit = 'kg' | 'l' | 'cases' | 'seizures' | 'persons' | 'groups' | 'exhibits' | 'pieces' | 'money';
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
}
export interface Section {
  id: 'facts' | 'direction' | 'substances' | 'potent' | 'precursor' | 'plant' | 'pieces' | 'persons' | 'large' | 'destroyed' | 'value';
  rows: Row[];
}
type Figures = PeriodFigures;
type Before = PeriodFigures | undefined;

/** Classes of what the total is made of. */
export const SUBSTANCES = ['narcotic', 'psychotropic', 'other', ''];
const PIECES = ['tablet', 'capsule', 'ampoule', 'plant', 'piece'] as const;

function counted(unit: Unit, list: { code: string; count: number }[], before: { code: string; count: number }[] | undefined, of: number, words: (code: string) => string, kind: Row['kind'] = 'part'): Row[] {
  const gone = (before ?? []).filter((b) => !list.some((x) => x.code === b.code)).map((b) => ({ code: b.code, count: 0 }));
  return [...list, ...gone].map(({ code, count }) => ({
    code,
    words: words(code),
    unit,
    now: count,
    before: before === undefined ? undefined : (before.find((b) => b.code === code)?.count ?? 0),
    of,
    kind,
  }));
}

function linesOf(f: Figures, before: Before, classes: (name: string) => boolean, of?: number): Row[] {
  const list = f.lines.filter((l) => classes(l.class));
  const gone = (before?.lines ?? []).filter((b) => classes(b.class) && !list.some((l) => l.line === b.line));
  const nothing = { mass_mg: 0, volume_ul: 0 } as PeriodAmount;
  return [...list, ...gone.map((g) => ({ ...g, now: nothing, seized: nothing }))].flatMap((l) => {
    const old = before?.lines.find((b) => b.line === l.line);
    const rows: Row[] = [];
    const words = lineWords(l.line);
    if (l.now.mass_mg > 0 || l.seized.mass_mg > 0 || (old?.now.mass_mg ?? 0) > 0)
      rows.push({ code: l.line, words, unit: 'kg', now: l.now.mass_mg, seized: l.seized.mass_mg, before: before && (old?.now.mass_mg ?? 0), of, kind: 'part' });
    if (l.now.volume_ul > 0 || (old?.now.volume_ul ?? 0) > 0)
      rows.push({ code: `${l.line}.l`, words, unit: 'l', now: l.now.volume_ul, seized: l.seized.volume_ul, before: before && (old?.now.volume_ul ?? 0), kind: 'part' });
    return rows;
  });
}

function one(code: string, words: string, unit: Unit, now: number, before: number | undefined, kind: Row['kind'] = 'total', of?: number): Row {
  return { code, words, unit, now, before, of, kind };
}

function piecesOf(f: Figures, before: Before): Row[] {
  const sum = (x: Figures | undefined, p: (typeof PIECES)[number]) => (x?.lines ?? []).reduce((s, l) => s + (l.now.pieces[p] ?? 0), 0);
  return PIECES.filter((p) => sum(f, p) > 0 || sum(before, p) > 0).map((p) =>
    one(p, catalogue.code('count_kind', p), 'pieces', sum(f, p), before && sum(before, p), 'plain'),
  );
}

function personsOf(f: Figures, before: Before): Row[] {
  const p = f.persons;
  const b = before?.persons;
  const part = (code: string, words: string, now: number, old: number | undefined) => one(code, words, 'persons', now, old, 'part', p.total);
  return [
    one('persons', t('figures.row.persons'), 'persons', p.total, b?.total),
    part('men', t('figures.row.men'), p.men, b?.men),
    part('women', t('figures.row.women'), p.women, b?.women),
    ...(p.sex_not_stated > 0 ? [part('sex', t('figures.row.sex.none'), p.sex_not_stated, b?.sex_not_stated)] : []),
    part('own', t('figures.row.own'), p.own, b?.own),
    part('foreign', t('figures.row.foreign'), p.foreign, b?.foreign),
    ...counted('persons', p.countries.map((c) => ({ code: c.country, count: c.count })), b?.countries.map((c) => ({ code: c.country, count: c.count })), p.foreign, country, 'deep'),
    ...(p.citizenship_not_stated > 0 ? [part('citizenship', t('figures.row.citizenship.none'), p.citizenship_not_stated, b?.citizenship_not_stated)] : []),
    ...counted('persons', p.ages.map((a) => ({ code: a.age, count: a.count })), b?.ages.map((a) => ({ code: a.age, count: a.count })), p.total, ageWords),
    part('record', t('figures.row.record'), p.previous_record, b?.previous_record),
    one('groups', t('figures.row.groups'), 'groups', f.groups, before?.groups),
  ];
}

/** Sections with nothing in them are left out, except facts and the total. */
export function sectionsOf(f: Figures, before: Before, order: 'state' | 'customs'): Section[] {
  const total = f.total.mass_mg;
  const facts: Section = {
    id: 'facts',
    rows: [
      one('facts', t('figures.row.facts'), 'cases', f.facts, before?.facts),
      ...counted('cases', f.facts_by_kind.map((k) => ({ code: k.kind, count: k.count })), before?.facts_by_kind.map((k) => ({ code: k.kind, count: k.count })), f.facts, (c) => catalogue.code('fact_kind', c)),
    ],
  };
  const direction: Section = {
    id: 'direction',
    rows: [
      one('seizures', t('figures.row.seizures'), 'seizures', f.seizures, before?.seizures),
      ...counted('seizures', f.seizures_by_direction.map((d) => ({ code: d.direction, count: d.count })), before?.seizures_by_direction.map((d) => ({ code: d.direction, count: d.count })), f.seizures, (c) => catalogue.code('direction', c)),
      one('attempts', t('figures.row.attempts'), 'seizures', f.attempts, before?.attempts, 'plain'),
    ],
  };
  const sum = (x: Figures) => x.lines.filter((l) => SUBSTANCES.includes(l.class)).reduce((s, l) => s + l.seized.mass_mg, 0);
  const substances: Section = {
    id: 'substances',
    rows: [{ ...one('total', t('figures.row.total'), 'kg', total, before?.total.mass_mg), seized: sum(f) }, ...linesOf(f, before, (c) => SUBSTANCES.includes(c), total)],
  };
  const rest: Section[] = [
    { id: 'potent', rows: linesOf(f, before, (c) => c === 'potent' || c === 'toxic') },
    { id: 'precursor', rows: linesOf(f, before, (c) => c === 'precursor') },
    { id: 'plant', rows: linesOf(f, before, (c) => c === 'plant') },
    { id: 'pieces', rows: piecesOf(f, before) },
    { id: 'persons', rows: personsOf(f, before) },
    { id: 'large', rows: [one('large', t('figures.row.large'), 'seizures', f.large, before?.large), one('large_mg', t('figures.row.large.mass'), 'kg', f.large_mg, before?.large_mg, 'part', total)] },
    { id: 'destroyed', rows: [one('destroyed', t('figures.row.destroyed'), 'exhibits', f.destroyed, before?.destroyed), one('destroyed_mg', t('figures.row.destroyed.mass'), 'kg', f.destroyed_mg, before?.destroyed_mg, 'part')] },
    { id: 'value', rows: f.value.map((v) => one(v.currency, v.currency, 'money', v.amount, before && (before.value.find((b) => b.currency === v.currency)?.amount ?? 0), 'plain')) },
  ];
  const head = order === 'customs' ? [substances, direction, facts] : [facts, direction, substances];
  return [...head, ...rest].filter((s) => s.rows.length > 0);
}
