/* Sentences of the centre in the language that is shown. The centre sends each as data (docs/api.md): `code`, the form of
 * its English with {1}, {2}, and `params`, what fills it. The words for each form lie in <language>/said.json, which
 * tests/lint/said.py holds against the source of the centre. */
import { t, type Key, type Lang } from '../i18n/index.svelte';

export interface Said {
  code: string;
  params: object;
}
type Values = Record<string, string>;

const files: Record<Exclude<Lang, 'en'>, () => Promise<{ default: Record<string, string> }>> = {
  az: () => import('../i18n/az/said.json'),
  ru: () => import('../i18n/ru/said.json'),
};

let lang: Lang = 'en';
let words = $state.raw<Record<string, string>>({});
/** Forms that stand inside others: "line {1}, column {2}", "the number {1}". */
const INSIDE = ['line {1}, column {2}', 'item {1}', 'entry {1}', 'the text {1}', 'the number {1}', 'entries[{1}]', 'seized[{1}]', 'declaration {1}'];
const inside = INSIDE.map((form) => ({
  form,
  like: new RegExp(`^${form.replace(/[[\]]/g, '\\$&').replace(/\{\d\}/g, '(.+)')}$`),
}));

/** Brings the words of a language; sentences stay English until they are there. */
export async function bringSaid(chosen: Lang): Promise<void> {
  lang = chosen;
  const loaded = chosen === 'en' ? {} : (await files[chosen]()).default;
  if (lang === chosen) words = loaded;
}

/* Names of the program's own things, which sentences are filled with. */
const NAMES: Record<string, Key> = {
  release: 'queue.do.release',
  inspect: 'queue.do.inspect',
  escalate: 'queue.do.escalate',
  wait: 'queue.do.wait',
  red: 'lane.red',
  yellow: 'lane.yellow',
  blue: 'lane.blue',
  green: 'lane.green',
  documents: 'means.documents',
  xray: 'means.xray',
  dog: 'means.dog',
  density: 'means.density',
  scale: 'means.scale',
  unloading: 'means.unloading',
  fraud: 'harm.fraud',
  critical: 'harm.critical',
  draft: 'lab.state.draft',
  shadow: 'lab.state.shadow',
  proposed: 'lab.state.proposed',
  live: 'lab.state.live',
  expired: 'lab.state.expired',
  retired: 'lab.state.retired',
  withdrawn: 'lab.state.withdrawn',
  consignment: 'said.consignment',
  order: 'said.order',
  case: 'said.case',
  seizure: 'said.seizure',
  exhibit: 'said.exhibit',
  evidence: 'said.exhibit',
  rule: 'said.rule',
  model: 'said.model',
  line: 'said.line',
  post: 'said.post',
};

function nested(value: string): string {
  if (words[value] !== undefined) return words[value];
  if (NAMES[value] !== undefined) return t(NAMES[value]);
  for (const { form, like } of inside) {
    const found = like.exec(value);
    if (found !== null && words[form] !== undefined) return fill(words[form], Object.fromEntries(found.slice(1).map((v, i) => [i + 1, v])));
  }
  return value;
}

function fill(form: string, params: Values): string {
  return form.replace(/\{(\d+)\}/g, (whole, n: string) => (params[n] === undefined ? whole : nested(params[n])));
}

/** The sentence in the language that is shown; undefined where it has no words in it. */
export function translated(code: string, params: object): string | undefined {
  const values = params as Values;
  const form = words[code] ?? (code === '{1}' || !/[A-Za-z]{2}/.test(code.replace(/\{\d+\}|`[^`]*`/g, '')) ? code : undefined);
  if (form === undefined) return undefined;
  const text = fill(form, values);
  if (code === '{1}' && text === values['1'] && /\s/.test(text)) return undefined;
  const where = (values.in ?? '').split(': ').filter((x) => x !== '').map(nested);
  return [...where, text].join(': ');
}

/** What to show, and its language where that is not the page's. */
export function saying(said: Partial<Said> | undefined, english: string): { text: string; lang?: 'en' } {
  if (lang === 'en' || said?.code === undefined) return { text: english };
  const own = translated(said.code, said.params ?? {});
  return own === undefined ? { text: english, lang: 'en' } : { text: own };
}
