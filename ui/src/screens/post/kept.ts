/* Orders as the centre last told them, kept in the phone: they stay readable when the line drops. */
import { session } from '../../lib/session.svelte';

const PREFIX = 'tamga.kept.';
const DAY_MS = 86400000;

interface Kept {
  at: number;
  what: unknown;
}
const keyOf = (name: string) => `${PREFIX}${session.who?.account ?? ''}.${name}`;

export function keep(name: string, what: unknown): void {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify({ at: Date.now(), what } satisfies Kept));
  } catch {
    /* No room: what waits to be sent comes first. */
  }
}

export function kept<T>(name: string): T | undefined {
  const text = localStorage.getItem(keyOf(name));
  return text === null ? undefined : ((JSON.parse(text) as Kept).what as T);
}

/** Forgets what is older than a day, and what another person of this phone left. */
export function sweep(): void {
  const own = keyOf('');
  for (const key of Object.keys(localStorage).filter((k) => k.startsWith(PREFIX))) {
    const { at } = JSON.parse(localStorage.getItem(key) ?? '{"at":0}') as Kept;
    if (!key.startsWith(own) || Date.now() - at > DAY_MS) localStorage.removeItem(key);
  }
}
