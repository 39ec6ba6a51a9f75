/* Who did what about what, in words; the codes that the log itself keeps stand beside them. */
import { isKey, t, type Key } from '../../i18n/index.svelte';
import en from '../../i18n/en/log.json';

const DO = 'log.do.';

/** Every action that has words, by them. */
export function actions(): { code: string; words: string }[] {
  return Object.keys(en)
    .filter((key) => key.startsWith(DO))
    .map((key) => ({ code: key.slice(DO.length), words: t(key as Key) }))
    .sort((a, b) => a.words.localeCompare(b.words));
}

export function actionWords(code: string): string {
  const key = `log.do.${code}`;
  return isKey(key) ? t(key) : code;
}

/** "consignment:17" as "consignment 17"; what is no kind of thing stays as it is. */
export function objectWords(object: string): string {
  const at = object.indexOf(':');
  const key = at < 0 ? `log.whole.${object}` : `log.about.${object.slice(0, at)}`;
  return isKey(key) ? t(key, { n: object.slice(at + 1) }) : object;
}

export function actorWords(actor: string): string {
  if (actor === 'centre') return t('log.centre.actor');
  if (actor === 'unknown') return t('log.unknown.actor');
  return actor.startsWith('os:') ? t('log.console.actor', { name: actor.slice(3) }) : actor;
}

export function roleWords(role: string | undefined): string {
  const key = `role.${role}`;
  return isKey(key) ? t(key) : '';
}

function valueOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueOf).join(', ');
  if (value !== null && typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  for (const key of [`means.${text}`, `lane.${text}`, `outcome.${text}`, `harm.${text}`, `role.${text}`])
    if (isKey(key)) return t(key);
  return text;
}

/** The details of an entry, each with its name in words where it has some. */
export function detailWords(name: string, value: unknown): { name: string; value: string } {
  const key = `log.detail.${name}`;
  return { name: isKey(key) ? t(key) : name, value: valueOf(value) };
}
