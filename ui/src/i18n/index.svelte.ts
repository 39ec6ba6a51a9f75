/* What the program says, in the language of the person. Words lie in <language>/<area>.json; a key begins with its area.
 * English is the list of keys: `t` refuses any other when it is compiled, and scripts/check-messages.js compares the
 * languages. */
import { bringNames } from '../lib/country-names';
import { remember, remembered } from '../lib/prefs.svelte';
import { bringSaid } from '../lib/said.svelte';
import type en from './en';

export type Key = keyof typeof en;
/** Several forms by plural category: the parameter `n` chooses. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Messages = Record<Key, Message>;
export type Params = Record<string, string | number>;
export type Lang = 'az' | 'en' | 'ru';

/** Each in its own words. */
export const LANGS: Record<Lang, string> = { az: 'Azərbaycanca', en: 'English', ru: 'Русский' };
const KNOWN: readonly Lang[] = ['az', 'en', 'ru'];

/* Browsers carry no Azerbaijani: numbers are written as in Turkish, country names come from CLDR with the words. */
const WRITTEN: Record<Lang, string> = { az: 'tr', en: 'en', ru: 'ru' };

const files: Record<Lang, () => Promise<{ default: Messages; countries?: Record<string, string> }>> = {
  az: () => import('./az'),
  en: () => import('./en'),
  ru: () => import('./ru'),
};

function ofBrowser(): Lang {
  const wanted = navigator.languages.map((l) => l.slice(0, 2) as Lang);
  return wanted.find((l) => KNOWN.includes(l)) ?? 'az';
}

let messages = $state.raw<Messages | null>(null);
let lang = $state<Lang>('az');
let plural = new Intl.PluralRules('az');
let digits = new Intl.NumberFormat(WRITTEN.az);

export const i18n = {
  get lang(): Lang {
    return lang;
  },
  /** The locale whose numbers look like those of this language. */
  get written(): string {
    return WRITTEN[lang];
  },
  async set(chosen: Lang): Promise<void> {
    const { default: loaded, countries } = await files[chosen]();
    bringNames(chosen, countries);
    plural = new Intl.PluralRules(chosen);
    digits = new Intl.NumberFormat(WRITTEN[chosen]);
    messages = loaded;
    lang = chosen;
    void bringSaid(chosen);
    document.documentElement.lang = chosen;
    remember('lang', chosen);
  },
  /** The language chosen earlier, else the browser's. */
  start(): Promise<void> {
    return this.set(remembered<Lang>('lang', KNOWN, ofBrowser()));
  },
};

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    return typeof value === 'number' ? digits.format(value) : (value ?? `{${name}}`);
  });
}

/** Has the program a message of this name? For names that come from the centre. */
export function isKey(key: string): key is Key {
  return messages !== null && key in messages;
}

export function t(key: Key, params: Params = {}): string {
  const found = messages?.[key];
  if (found === undefined) return key;
  if (typeof found === 'string') return fill(found, params);
  return fill(found[plural.select(Number(params.n))] ?? found.other ?? key, params);
}
