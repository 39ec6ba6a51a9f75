/* Which evidence of a consignment lay open before it was decided. */
import type { Evidence } from './triage.svelte';

const TABS: Record<string, Evidence> = { '': 'history', history: 'history', map: 'map', documents: 'documents' };

export class Looked {
  #seen = new Map<number, Set<Evidence>>();

  /** The tab by its name in the address. */
  at(consignment: number, tab: string): void {
    const what = TABS[tab] ?? 'history';
    const seen = this.#seen.get(consignment);
    if (seen === undefined) this.#seen.set(consignment, new Set([what]));
    else seen.add(what);
  }

  of(consignment: number): Evidence[] {
    return [...(this.#seen.get(consignment) ?? [])];
  }
}
