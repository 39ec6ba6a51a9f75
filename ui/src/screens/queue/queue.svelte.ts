/* What approaches the posts, as the filter of the address asks for it. Kept level with the centre by live events. */
import { api, type QueueEntry, type Routes, type Selection } from '../../lib/api';
import type { LiveEvent } from '../../lib/live.svelte';

/** Open ones; what waits until a time; what came back; everything, with what was decided. */
export type Part = '' | 'snoozed' | 'woke' | 'all';

export interface Filter {
  post: string;
  lane: '' | Selection['lane'];
  show: Part;
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
  /** How many there are at the centre, read or not. */
  total = $state(0);
  snoozed = $state(0);
  woke = $state(0);
  /** Decided here, not yet known to the centre: not shown as open again. */
  readonly pending = new Set<number>();
  #next = $state<number | undefined>();
  #filter: Filter = { post: '', lane: '', show: '' };
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
      const items = page.items.filter((i) => !this.pending.has(i.consignment));
      this.items = items;
      this.total = page.total - (page.items.length - items.length);
      this.snoozed = page.snoozed;
      this.woke = page.woke;
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
      this.total = page.total;
      this.#next = page.next;
    } catch (e) {
      this.#next = from;
      throw e;
    }
  }

  #query(skip: number, most: number): Partial<Routes['queue_read']['query']> {
    const { post, lane, show } = this.#filter;
    const part = show === '' ? 'awake' : show === 'all' ? undefined : show;
    return { post, lane: lane === '' ? undefined : lane, open: show === '' || undefined, part, most, skip };
  }

  indexOf(id: number): number {
    return this.items.findIndex((i) => i.consignment === id);
  }

  #belongs(s: Selection): boolean {
    switch (this.#filter.show) {
      case 'all':
        return true;
      case 'snoozed':
        return sleeps(s);
      case 'woke':
        return woke(s);
      default:
        return s.state === 'open' || (s.state === 'waiting' && !sleeps(s));
    }
  }

  /** Takes what no longer belongs here out of the list; else shows its new state. */
  settle(id: number, selection: Selection): void {
    const before = this.items[this.indexOf(id)]?.selection;
    if (before === undefined) return;
    this.snoozed += Number(sleeps(selection)) - Number(sleeps(before));
    this.woke += Number(woke(selection)) - Number(woke(before));
    if (this.#belongs(selection)) {
      this.items = this.items.map((i) => (i.consignment === id ? { ...i, selection } : i));
    } else {
      this.items = this.items.filter((i) => i.consignment !== id);
      this.total--;
    }
  }

  put(entry: QueueEntry, at: number): void {
    const rest = this.items.filter((i) => i.consignment !== entry.consignment);
    if (rest.length === this.items.length) this.total++;
    this.items = [...rest.slice(0, at), entry, ...rest.slice(at)];
  }

  hear(event: LiveEvent): void {
    const state = STATES[String(event.detail?.decided ?? '')];
    const known = this.items[this.indexOf(event.consignment ?? 0)];
    const wake = typeof event.detail?.until === 'string' ? event.detail.until : undefined;
    if (event.type === 'decision.made' && state !== undefined && (known || wake === undefined)) {
      if (known) this.settle(known.consignment, { ...known.selection, state, wake });
    } else if (event.type === 'result.entered' && event.consignment !== undefined && known) {
      this.settle(known.consignment, { ...known.selection, state: 'closed', wake: undefined });
    } else if (event.type !== 'result.entered') {
      this.#settling ??= setTimeout(() => void this.refresh(), event.type === 'reset' ? 0 : SETTLE_MS);
    }
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#asking?.abort();
  }
}

function sleeps(s: Selection): boolean {
  return s.state === 'waiting' && s.wake !== undefined;
}

function woke(s: Selection): boolean {
  return s.state === 'open' && s.wake !== undefined;
}

const STATES: Record<string, Selection['state']> = {
  release: 'released',
  inspect: 'ordered',
  wait: 'waiting',
  escalate: 'escalated',
};
