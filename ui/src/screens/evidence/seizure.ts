/* What is typed about a seizure that no order led to, what is wrong with it, and what of it is sent. */
import type { Key } from '../../i18n/index.svelte';
import type { Routes } from '../../lib/api';
import { documentsFit, documentsOf, type TypedDocument } from '../casework/DocumentRows.svelte';
import { meansOf, type TypedMeans } from '../casework/MeansRows.svelte';
import { instantOf } from '../casework/time';
import { valueFits, valueOf } from '../casework/ValueFields.svelte';
import { mgOf } from '../casework/words';

type Body = Routes['seizure_record']['request'];

export interface TypedLine {
  substance: string;
  form: string;
  kg: string;
  litres: string;
  count: string;
  kind: string;
  purity: string;
  growth: '' | 'cultivated' | 'wild';
  area: string;
  gross: boolean;
  estimated: boolean;
  words: string;
}
export const NO_LINE: TypedLine = { substance: '', form: '', kg: '', litres: '', count: '', kind: '', purity: '', growth: '', area: '', gross: false, estimated: false, words: '' };

export const NOTHING = {
  key: '',
  seized: '',
  post: '',
  case: 0,
  consignment: '',
  place_kind: '',
  direction: '',
  trigger: '',
  concealment: '',
  unit: '',
  trigger_words: '',
  concealment_words: '',
  packages: '',
  conveyance_type: '',
  conveyance_make: '',
  plates: '',
  conveyance_country: '',
  route: '',
  declared_goods: '',
  declared_hs: '',
  article: '',
  value: '',
  currency: '',
  in_group: false,
  prevented_transit: false,
  lines: [NO_LINE] as TypedLine[],
  documents: [] as TypedDocument[],
  instruments: [] as TypedMeans[],
};
export type Typed = typeof NOTHING;

const blank = (text: string) => text.trim() === '';
const short = (text: string) => text.trim().length < 3;
const PPM_PER_PERCENT = 10000;
const WHOLE = /^[1-9]\d{0,11}$/;
/* Litres are told to the microlitre as kilograms are to the milligram. */
const ulOf = mgOf;
const ppmOf = (percent: string) => mgOf(percent) / 100;

function lineFaults(l: TypedLine): (Key | null)[] {
  const purity = blank(l.purity) ? 1 : ppmOf(l.purity);
  return [
    l.substance === '' || l.form === '' ? 'seizure.fault.line' : null,
    blank(l.kg) && blank(l.litres) && blank(l.count) ? 'seizure.fault.amount' : null,
    blank(l.kg) || mgOf(l.kg) > 0 ? null : 'case.fault.kg',
    blank(l.litres) || ulOf(l.litres) > 0 ? null : 'seizure.fault.litres',
    blank(l.count) || WHOLE.test(l.count.trim()) ? null : 'team.fault.count',
    !blank(l.count) && l.kind === '' ? 'case.fault.count.kind' : null,
    purity > 0 && purity <= 100 * PPM_PER_PERCENT ? null : 'case.fault.purity',
    !blank(l.area) && (!WHOLE.test(l.area.trim()) || l.growth === '') ? 'case.fault.area' : null,
    (l.substance === 'other' || l.form === 'other') && short(l.words) ? 'seizure.fault.other' : null,
  ];
}

export function faultsOf(v: Typed): Key[] {
  const found: (Key | null)[] = [
    v.seized === '' ? 'seizure.fault.when' : null,
    [v.place_kind, v.direction, v.trigger, v.concealment].includes('') ? 'seizure.fault.codes' : null,
    short(v.unit) ? 'case.fault.unit' : null,
    v.concealment === 'other' && short(v.concealment_words) ? 'case.fault.other' : null,
    /^\d{0,7}$/.test(v.packages.trim()) && Number(v.packages) <= 1_000_000 ? null : 'case.fault.packages',
    /^\d{0,15}$/.test(v.consignment.trim()) ? null : 'seizure.fault.consignment',
    blank(v.declared_hs) || /^\d{2,10}$/.test(v.declared_hs.trim()) ? null : 'seizure.fault.hs',
    valueFits(v.value, v.currency) ? null : 'seizure.fault.value',
    v.prevented_transit && v.direction !== 'transit' ? 'seizure.fault.transit' : null,
    documentsFit(v.documents) ? null : 'case.fault.document',
    ...v.lines.flatMap(lineFaults),
  ];
  return found.filter((f) => f !== null);
}

const text = (s: string) => s.trim() || undefined;
const whole = (s: string) => (blank(s) ? undefined : Number(s));

function lineOf(l: TypedLine): Body['lines'][number] {
  return {
    substance: l.substance,
    form: l.form,
    mass_mg: blank(l.kg) ? undefined : mgOf(l.kg),
    volume_ul: blank(l.litres) ? undefined : ulOf(l.litres),
    count: whole(l.count),
    count_kind: blank(l.count) ? undefined : l.kind,
    growth: l.growth || undefined,
    area_m2: whole(l.area),
    gross: l.gross,
    estimated: l.estimated,
    purity_ppm: blank(l.purity) ? undefined : Math.round(ppmOf(l.purity)),
    words: text(l.words),
  };
}

export function bodyOf(v: Typed): Body {
  return {
    client_key: v.key,
    case: v.case || undefined,
    consignment: whole(v.consignment),
    seized: instantOf(v.seized),
    post: text(v.post),
    place_kind: v.place_kind,
    direction: v.direction,
    unit: v.unit.trim(),
    trigger: v.trigger,
    trigger_words: text(v.trigger_words),
    concealment: v.concealment,
    concealment_words: text(v.concealment_words),
    packages: whole(v.packages),
    conveyance_type: text(v.conveyance_type),
    conveyance_make: text(v.conveyance_make),
    plates: text(v.plates),
    conveyance_country: text(v.conveyance_country),
    route: text(v.route),
    declared_goods: text(v.declared_goods),
    declared_hs: text(v.declared_hs),
    article: text(v.article),
    ...valueOf(v.value, v.currency),
    in_group: v.in_group,
    prevented_transit: v.prevented_transit,
    lines: v.lines.map(lineOf),
    documents: documentsOf(v.documents),
    instruments: meansOf(v.instruments),
  };
}
