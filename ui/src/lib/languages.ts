/* The languages in which this centre offers its screens. */
import { LANGS, type Lang } from '../i18n/index.svelte';
import { centre } from './centre.svelte';

/** Each with its name in its own words; all of them until the centre was asked. */
export function offered(): [Lang, string][] {
  const all = Object.entries(LANGS) as [Lang, string][];
  return centre.languages.length === 0 ? all : all.filter(([lang]) => centre.languages.includes(lang));
}
