/* What a team has to inspect, by the time of arrival. Kept level with the centre by live events. */
import { api, type Queue as QueuePage, type QueueEntry, type Routes } from '../../lib/api';
import { centre } from '../../lib/centre.svelte';
import { day } from '../../lib/format';
import type { LiveEvent } from '../../lib/live.svelte';

const PAGE = 500;
const MOST_PAGES = 6;
const DAY_MS = 86400000;
/* Each reading is an entry in the log: many events in a moment make one. */
const SETTLE_MS = 1500;
const MOVING = ['decision.made', 'decision.withdrawn', 'result.entered', 'selection.changed', 'declarations.imported'];

export class Orders {
  /** Ordered by an officer. */
  ordered = $state.raw<QueueEntry[]>([]);
  /** In the red lane, and no officer has decided yet. */
  red = $state.raw<QueueEntry[]>([]);
  ready = $state(false);
  failure = $state.raw<unknown>(null);
  #asking: AbortController | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;

  async read(post: string): Promise<void> {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const all = (await this.#pages(post, asking.signal)).sort((a, b) => arrival(a) - arrival(b));
      this.ordered = all.filter((i) => i.selection.state === 'ordered');
      this.red = all.filter((i) => i.selection.state === 'open' && i.selection.lane === 'red');
      this.failure = null;
      this.ready = true;
    } catch (e) {
      if (asking.signal.aborted) return;
      this.failure = e;
      this.ready = true;
    }
  }

  /* Yesterday too: what is late is still to be inspected. */
  async #pages(post: string, signal: AbortSignal): Promise<QueueEntry[]> {
    const from = day(centre.now() - DAY_MS);
    const to = day(centre.now() + 2 * DAY_MS);
    const all: QueueEntry[] = [];
    let skip: number | undefined = 0;
    for (let i = 0; i < MOST_PAGES && skip !== undefined; i++) {
      const query: Partial<Routes['queue_read']['query']> = { post, from, to, most: PAGE, skip };
      const page: QueuePage = await api.get('/api/queue', { query, purpose: 'inspections to do', signal });
      all.push(...page.items);
      skip = page.next;
    }
    return all;
  }

  /** It was inspected. */
  take(id: number): void {
    this.ordered = this.ordered.filter((i) => i.consignment !== id);
    this.red = this.red.filter((i) => i.consignment !== id);
  }

  hear(event: LiveEvent, post: string): void {
    if (event.type === 'reset') void this.read(post);
    else if (event.type === 'result.entered' && event.consignment !== undefined) this.take(event.consignment);
    else if (MOVING.includes(event.type)) this.#settling ??= setTimeout(() => void this.read(post), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#asking?.abort();
  }
}

function arrival(entry: QueueEntry): number {
  return Date.parse(entry.expected ?? entry.lodged);
}
