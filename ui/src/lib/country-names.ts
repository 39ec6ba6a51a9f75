/* Names of countries: from the browser where it knows the language, else from the words of the language. */
import type { Lang } from '../i18n/index.svelte';

type Names = (code: string) => string;

const own = new Map<Lang, Record<string, string>>();
const made = new Map<Lang, Names>();

/** A language brings its own names along when it is loaded. */
export function bringNames(lang: Lang, names: Record<string, string> | undefined): void {
  if (names !== undefined) own.set(lang, names);
}

export function countryNames(lang: Lang): Names {
  let names = made.get(lang);
  if (names === undefined) {
    const shown = new Intl.DisplayNames(lang, { type: 'region', fallback: 'code' });
    const known = new Map<string, string>(Object.entries(own.get(lang) ?? {}));
    names = (code) => {
      let name = known.get(code);
      if (name === undefined) known.set(code, (name = /^[A-Z]{2}$/.test(code) ? (shown.of(code) ?? code) : code));
      return name;
    };
    made.set(lang, names);
  }
  return names;
}
