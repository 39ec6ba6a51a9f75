/* Consignments in full, kept for coming back and read ahead for the next ones, so that moving on shows them at once. */
import { SvelteMap } from 'svelte/reactivity';
import { api, type Consignment } from '../../lib/api';

export interface Detail {
  data?: Consignment;
  failure?: unknown;
}

const MOST = 60;

export class Details {
  #known = new SvelteMap<number, Detail>();
  #asked = new Set<number>();

  /** What is known now; {} while it is on its way. */
  of(id: number): Detail {
    return this.#known.get(id) ?? {};
  }

  async need(id: number, purpose: string): Promise<void> {
    if (this.#asked.has(id) || this.#known.get(id)?.data !== undefined) return;
    this.#asked.add(id);
    try {
      const data = await api.get('/api/consignments/{id}', { path: { id }, purpose });
      this.#known.set(id, { data });
    } catch (failure) {
      this.#known.set(id, { failure });
    } finally {
      this.#asked.delete(id);
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      if (oldest !== id) this.#known.delete(oldest);
    }
  }

  /** It has changed: read it again, showing the old until then. */
  async renew(id: number): Promise<void> {
    if (!this.#known.has(id)) return;
    try {
      this.#known.set(id, { data: await api.get('/api/consignments/{id}', { path: { id }, purpose: 'triage' }) });
    } catch (failure) {
      this.#known.set(id, { failure });
    }
  }

  forget(id: number): void {
    this.#known.delete(id);
  }

  forgetAll(): void {
    this.#known.clear();
  }
}
