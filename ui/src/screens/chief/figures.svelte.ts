/* How well the centre chooses in a period. Kept level with the centre by live events. */
import { api, type Routes } from '../../lib/api';
import type { LiveEvent } from '../../lib/live.svelte';

export type Answer = Routes['figures_read']['response'];

const SETTLE_MS = 400;
const FRESH_MS = 20000;
const MOVING = ['result.entered', 'decision.made', 'decision.withdrawn', 'selection.changed', 'declarations.imported', 'capacity.set', 'dial.set'];

export class FiguresOf {
  data = $state.raw<Answer | null>(null);
  failure = $state.raw<unknown>(null);
  /** Posts whose numbers of inspections or finds moved just now. */
  fresh = $state.raw<string[]>([]);
  /** When a result moved them. */
  freshAt = $state('');
  #from = '';
  #to = '';
  #asking: AbortController | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #fading: ReturnType<typeof setTimeout> | undefined;

  async read(from: string, to: string): Promise<void> {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const same = from === this.#from && to === this.#to;
    this.#from = from;
    this.#to = to;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const data = await api.get('/api/figures', { query: { from, to }, signal: asking.signal });
      this.#mark(same ? moved(this.data, data) : []);
      this.data = data;
      this.failure = null;
    } catch (e) {
      if (!asking.signal.aborted) this.failure = e;
    }
  }

  again(): Promise<void> {
    return this.read(this.#from, this.#to);
  }

  hear(event: LiveEvent): void {
    if (event.type === 'reset') void this.again();
    if (!MOVING.includes(event.type)) return;
    if (event.type === 'result.entered') this.freshAt = event.at;
    this.#settling ??= setTimeout(() => void this.again(), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#fading);
    this.#asking?.abort();
  }

  #mark(posts: string[]): void {
    if (posts.length === 0) return;
    clearTimeout(this.#fading);
    this.fresh = posts;
    this.#fading = setTimeout(() => (this.fresh = []), FRESH_MS);
  }
}

function moved(before: Answer | null, after: Answer): string[] {
  const known = new Map(before?.posts.map((p) => [p.post, p.figures]));
  return after.posts
    .filter((p) => {
      const was = known.get(p.post);
      return was !== undefined && (was.inspected !== p.figures.inspected || was.hits.found !== p.figures.hits.found);
    })
    .map((p) => p.post);
}
