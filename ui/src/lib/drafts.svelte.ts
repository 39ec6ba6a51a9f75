/* What somebody types is kept in the browser's tab until it is sent: a lost connection, an ended session or a reload
 * takes nothing. Another person who signs in at the same tab does not see it. */
import { session } from './session.svelte';

const PREFIX = 'tamga.draft.';

function keyOf(name: string): string {
  return `${PREFIX}${session.who?.account ?? ''}.${name}`;
}

export interface Draft<T> {
  value: T;
  /** Sent or given up: the draft is forgotten and the value is the first one again. */
  clear: () => void;
}

/** `const note = draft('result.17', { minutes: '' })`, then `bind:value={note.value.minutes}`. In a component. With
 * `localStorage` it also outlives the tab: a phone ends those that lie behind. */
export function draft<T extends object>(name: string, first: T, store: Storage = sessionStorage): Draft<T> {
  const key = keyOf(name);
  const kept = store.getItem(key);
  const state = $state<{ value: T }>({ value: kept === null ? structuredClone(first) : { ...first, ...JSON.parse(kept) } });

  $effect(() => {
    const now = JSON.stringify(state.value);
    if (now === JSON.stringify(first)) store.removeItem(key);
    else store.setItem(key, now);
  });
  return {
    get value() {
      return state.value;
    },
    set value(v: T) {
      state.value = v;
    },
    clear() {
      store.removeItem(key);
      state.value = structuredClone(first);
    },
  };
}

/** What lies in a draft whose form is not open; undefined: nothing. */
export function keptDraft<T>(name: string, store: Storage = sessionStorage): T | undefined {
  const kept = store.getItem(keyOf(name));
  return kept === null ? undefined : (JSON.parse(kept) as T);
}

/** Forgets a draft whose form is no longer there. */
export function forget(name: string): void {
  sessionStorage.removeItem(keyOf(name));
}
