/* What a team has to inspect, by the time of arrival. Kept level with the centre by live events. */
import { api, type Order, type QueueEntry, type Routes } from '../../lib/api';
import type { LiveEvent } from '../../lib/live.svelte';

const PAGE = 500;
const MOST_PAGES = 6;
const PURPOSE = 'inspections to do';
/* Each reading is an entry in the log: many events in a moment make one. */
const SETTLE_MS = 1500;
const MOVING = ['decision.made', 'decision.withdrawn', 'consignment.woke', 'result.entered', 'selection.changed', 'declarations.imported'];

export class Orders {
  /** Ordered by an officer. */
  ordered = $state.raw<Order[]>([]);
  /** In the red lane today and tomorrow, and no officer has decided yet. */
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
      const [ordered, red] = await Promise.all([this.#allOrdered(post, asking.signal), this.#openRed(post, asking.signal)]);
      this.ordered = ordered.sort((x, y) => arrival(x) - arrival(y));
      this.red = red.sort((x, y) => arrival(x) - arrival(y));
      this.failure = null;
      this.ready = true;
    } catch (e) {
      if (asking.signal.aborted) return;
      this.failure = e;
      this.ready = true;
    }
  }

  async #allOrdered(post: string, signal: AbortSignal): Promise<Order[]> {
    const all: Order[] = [];
    let skip: number | undefined = 0;
    for (let i = 0; i < MOST_PAGES && skip !== undefined; i++) {
      const page: Routes['order_list']['response'] = await api.get('/api/orders', {
        query: { post, most: PAGE, skip },
        purpose: PURPOSE,
        signal,
      });
      all.push(...page.items);
      skip = page.next;
    }
    return all;
  }

  async #openRed(post: string, signal: AbortSignal): Promise<QueueEntry[]> {
    const query = { post, lane: 'red' as const, open: true, most: PAGE };
    return (await api.get('/api/queue', { query, purpose: PURPOSE, signal })).items;
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
