/* Consignments in full, kept for coming back. None is read before somebody opens it: every reading is an entry in the
 * log, and what nobody looked at does not belong there. Who runs through the list opens only where he rests. */
import { SvelteMap } from 'svelte/reactivity';
import { api, type Consignment } from '../../lib/api';

export interface Detail {
  data?: Consignment;
  failure?: unknown;
}

const MOST = 60;
/* A second step sooner than this is running through the list. */
const REST_MS = 180;

export class Details {
  /** Why they are read, for the log. */
  constructor(private readonly purpose: string) {}

  #known = new SvelteMap<number, Detail>();
  #asked = new Set<number>();
  #rest: ReturnType<typeof setTimeout> | undefined;
  #stepped = 0;

  /** What is known now; {} while it is on its way. */
  of(id: number): Detail {
    return this.#known.get(id) ?? {};
  }

  /** It was opened: at once, or when the cursor rests on it. */
  open(id: number): void {
    const running = performance.now() - this.#stepped < REST_MS;
    this.#stepped = performance.now();
    clearTimeout(this.#rest);
    if (running) this.#rest = setTimeout(() => void this.#need(id), REST_MS);
    else void this.#need(id);
  }

  async #need(id: number): Promise<void> {
    if (this.#asked.has(id) || this.#known.get(id)?.data !== undefined) return;
    this.#asked.add(id);
    try {
      const data = await api.get('/api/consignments/{id}', { path: { id }, purpose: this.purpose });
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
      this.#known.set(id, { data: await api.get('/api/consignments/{id}', { path: { id }, purpose: this.purpose }) });
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

  stop(): void {
    clearTimeout(this.#rest);
  }
}
