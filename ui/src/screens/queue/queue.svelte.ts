/* What approaches the posts, as the filter of the address asks for it. Kept level with the centre by live events. */
import { api, type QueueEntry, type Routes, type Selection } from '../../lib/api';
import type { LiveEvent } from '../../lib/live.svelte';

export interface Filter {
  post: string;
  lane: '' | Selection['lane'];
  /** Also what was decided. */
  all: boolean;
}

const PAGE = 200;
/* Each reading is an entry in the log: many events in a moment make one. */
const SETTLE_MS = 2500;

export class Queue {
  items = $state.raw<QueueEntry[]>([]);
  /** False until the first answer. */
  ready = $state(false);
  failure = $state.raw<unknown>(null);
  /** The time of this machine when the items came. */
  readAt = $state(0);
  /** Decided here, not yet known to the centre: not shown as open again. */
  readonly pending = new Set<number>();
  #next = $state<number | undefined>();
  #filter: Filter = { post: '', lane: '', all: false };
  #asking: AbortController | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;

  async load(filter: Filter): Promise<void> {
    this.#filter = filter;
    this.ready = false;
    this.items = [];
    await this.refresh();
  }

  /** Reads again as much as is shown. */
  async refresh(): Promise<void> {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const most = Math.min(500, Math.max(PAGE, this.items.length));
      const page = await api.get('/api/queue', { query: this.#query(0, most), purpose: 'triage', signal: asking.signal });
      this.items = page.items.filter((i) => !this.pending.has(i.consignment));
      this.#next = page.next;
      this.readAt = Date.now();
      this.failure = null;
      this.ready = true;
    } catch (e) {
      if (asking.signal.aborted) return;
      this.failure = e;
      this.ready = true;
    }
  }

  /** The rest of a long queue, when its end comes into view. */
  async more(): Promise<void> {
    const from = this.#next;
    if (from === undefined) return;
    this.#next = undefined;
    try {
      const page = await api.get('/api/queue', { query: this.#query(from, PAGE), purpose: 'triage' });
      const known = new Set(this.items.map((i) => i.consignment));
      this.items = [...this.items, ...page.items.filter((i) => !known.has(i.consignment))];
      this.#next = page.next;
    } catch (e) {
      this.#next = from;
      throw e;
    }
  }

  #query(skip: number, most: number): Partial<Routes['queue_read']['query']> {
    const { post, lane, all } = this.#filter;
    return { post, lane: lane === '' ? undefined : lane, open: !all || undefined, most, skip };
  }

  /** The centre knows of more than was read. */
  get whole(): boolean {
    return this.#next === undefined;
  }

  indexOf(id: number): number {
    return this.items.findIndex((i) => i.consignment === id);
  }

  /** Takes what was decided out of the list of open ones; else shows its new state. */
  settle(id: number, selection: Selection): void {
    if (this.indexOf(id) < 0) return;
    const stays = this.#filter.all || selection.state === 'open' || selection.state === 'waiting';
    this.items = stays
      ? this.items.map((i) => (i.consignment === id ? { ...i, selection } : i))
      : this.items.filter((i) => i.consignment !== id);
  }

  put(entry: QueueEntry, at: number): void {
    const rest = this.items.filter((i) => i.consignment !== entry.consignment);
    this.items = [...rest.slice(0, at), entry, ...rest.slice(at)];
  }

  hear(event: LiveEvent): void {
    const state = STATES[String(event.detail?.decided ?? '')];
    const known = this.items[this.indexOf(event.consignment ?? 0)];
    if (event.type === 'decision.made' && state !== undefined) {
      if (known) this.settle(known.consignment, { ...known.selection, state });
    } else if (event.type === 'result.entered' && event.consignment !== undefined && known) {
      this.settle(known.consignment, { ...known.selection, state: 'closed' });
    } else if (event.type !== 'result.entered') {
      this.#settling ??= setTimeout(() => void this.refresh(), event.type === 'reset' ? 0 : SETTLE_MS);
    }
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#asking?.abort();
  }
}

const STATES: Record<string, Selection['state']> = {
  release: 'released',
  inspect: 'ordered',
  wait: 'waiting',
  escalate: 'escalated',
};
