/* What an office said in several languages, or in one only. */
import { i18n, type Lang } from '../i18n/index.svelte';

export type InTongues = Partial<Record<Lang, string>>;
const ALL: readonly Lang[] = ['az', 'ru', 'en'];

/** The text for the language that is shown, else the plain one; `lang` says what that is in where it is another: "" when
 * nobody said. */
export function inTongue(plain: string, said?: InTongues): { text: string; lang?: string } {
  const own = said?.[i18n.lang];
  if (own !== undefined) return { text: own };
  if (plain === '') return { text: '' };
  return { text: plain, lang: ALL.find((l) => said?.[l] === plain) ?? '' };
}
