/* A preview that follows what is typed: the last question counts. */
import type { Routes } from '../../lib/api';

/** What both previews tell. */
export type Shown = Pick<Routes['dial_preview']['response'], 'before' | 'after' | 'changed' | 'changes' | 'currency'>;

const PAUSE_MS = 250;

export class Asking<T> {
  data = $state.raw<T | null>(null);
  failure = $state.raw<unknown>(null);
  #pause: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  ask(question: (signal: AbortSignal) => Promise<T>): void {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const put = async () => {
      try {
        this.data = await question(asking.signal);
        this.failure = null;
      } catch (e) {
        if (!asking.signal.aborted) this.failure = e;
      }
    };
    this.#pause = setTimeout(() => void put(), this.data === null ? 0 : PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#pause);
    this.#asking?.abort();
  }
}

/** It is saved: the keys of the screen hold again, undo among them. */
export function leaveField(): void {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
}
