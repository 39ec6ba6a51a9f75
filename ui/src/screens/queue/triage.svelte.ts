/* Deciding by keyboard: R 1 releases, I X Enter orders an inspection. What was decided leaves the list at once and is
 * sent meanwhile; when the centre refuses it comes back. Of several that are marked all get the one decision. */
import { t, type Key } from '../../i18n/index.svelte';
import { api, type QueueEntry, type Routes, type Selection } from '../../lib/api';
import { forget } from '../../lib/drafts.svelte';
import { toasts } from '../../lib/toasts.svelte';
import { SvelteMap } from 'svelte/reactivity';
import { dayClock } from '../../lib/format';
import type { Queue } from './queue.svelte';

export type Action = Routes['decision_make']['request']['action'];
export type Means = NonNullable<Routes['decision_make']['request']['means']>[number];
export type Mode = 'none' | 'release' | 'inspect' | 'wait' | 'snooze' | 'escalate';
export type Evidence = NonNullable<Routes['decision_make']['request']['looked_at']>[number];

/** Reasons by digit. The last digit of a list, one more, is for own words. */
export const REASONS: Record<'release' | 'inspect' | 'wait', Key[]> = {
  release: [
    'queue.release.1',
    'queue.release.2',
    'queue.release.3',
    'queue.release.4',
    'queue.release.5',
  ],
  inspect: ['queue.inspect.1', 'queue.inspect.2', 'queue.inspect.3', 'queue.inspect.4'],
  wait: ['queue.wait.1', 'queue.wait.2', 'queue.wait.3'],
};
export const MEANS_KEYS: Record<string, Means> = {
  d: 'documents',
  x: 'xray',
  c: 'dog',
  p: 'unloading',
  g: 'density',
  s: 'scale',
};

const UNDO_MS = 30000;
const DONE: Record<Action | 'snooze', Key> = {
  release: 'queue.done.release',
  inspect: 'queue.done.inspect',
  wait: 'queue.done.wait',
  snooze: 'queue.done.snooze',
  escalate: 'queue.done.escalate',
};
const MANY: Record<Action | 'snooze', Key> = {
  release: 'queue.many.release',
  inspect: 'queue.many.inspect',
  wait: 'queue.many.wait',
  snooze: 'queue.many.snooze',
  escalate: 'queue.many.escalate',
};
const AFTER: Record<Action, Selection['state']> = {
  release: 'released',
  inspect: 'ordered',
  wait: 'waiting',
  escalate: 'escalated',
};

type Body = Routes['decision_make']['request'];
interface Sent {
  entry: QueueEntry;
  index: number;
  /** Settled when the centre has the decision; undoing waits for it. */
  sent: Promise<boolean>;
}

/** The draft of own words about a consignment. */
export function draftOf(consignment: number): string {
  return `decision.${consignment}`;
}

/** Ordering an inspection of what needs none has to be explained; so has releasing what was held. */
export function needsReason(action: Action, lane: Selection['lane']): boolean {
  const held = lane === 'red' || lane === 'yellow';
  return action === 'escalate' || (action === 'release' && held) || (action === 'inspect' && !held);
}

export class Triage {
  mode = $state<Mode>('none');
  means = $state<Means[]>([]);
  /** The means are those that the centre suggests: own choices join them; the first key of a suggested one keeps it. */
  suggested = $state(false);
  /** Own words are typed. */
  typing = $state(false);
  /** The digit of the chosen reason, when ordering an inspection; 0: none. */
  chosen = $state(0);
  /** Marked for one decision about all of them. */
  readonly marked = new SvelteMap<number, QueueEntry>();
  #last = $state.raw<Sent[]>([]);
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly queue: Queue,
    private readonly select: (id: number | undefined) => void,
    private readonly changed: (id: number) => void,
    private readonly lookedAt: (id: number) => Evidence[],
  ) {}

  begin(mode: Mode, suggested: Means[] = []): void {
    this.mode = this.mode === mode ? 'none' : mode;
    this.means = this.mode === 'inspect' && this.marked.size === 0 ? [...suggested] : [];
    this.suggested = this.means.length > 0;
    this.chosen = 0;
    this.typing = mode === 'escalate';
  }

  cancel(): void {
    this.begin('none');
  }

  toggle(means: Means): void {
    const untouched = this.suggested;
    this.suggested = false;
    if (untouched && this.means.includes(means)) return;
    this.means = this.means.includes(means) ? this.means.filter((m) => m !== means) : [...this.means, means];
  }

  mark(entry: QueueEntry): void {
    if (!this.marked.delete(entry.consignment)) this.marked.set(entry.consignment, entry);
  }

  /** What a decision now would be about: what is marked, else the one that is selected. */
  about(entry: QueueEntry): QueueEntry[] {
    return this.marked.size > 0 ? [...this.marked.values()] : [entry];
  }

  /** Takes the decision and moves the cursor on. */
  decide(entry: QueueEntry, action: Action, reason: string): void {
    const means = action === 'inspect' ? [...this.means] : undefined;
    this.#take(entry, action, { action, reason: reason || undefined, means });
  }

  /** It waits, and comes back at that time. */
  snooze(entry: QueueEntry, at: number): void {
    this.#take(entry, 'snooze', { action: 'wait', until: new Date(at).toISOString() });
  }

  #take(entry: QueueEntry, what: Action | 'snooze', body: Body): void {
    const about = this.about(entry);
    const next = this.#after(entry, about);
    this.cancel();
    this.marked.clear();
    this.#last = about.map((e) => {
      const index = Math.max(0, this.queue.indexOf(e.consignment));
      this.queue.settle(e.consignment, { ...e.selection, state: AFTER[body.action], wake: body.until });
      return { entry: e, index, sent: this.#send(e, index, { ...body, looked_at: this.lookedAt(e.consignment) }) };
    });
    this.select(next);
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => (this.#last = []), UNDO_MS);
    const at = body.until === undefined ? '' : dayClock(body.until);
    const text = about.length === 1 ? t(DONE[what], { ref: about[0]!.ref, at }) : t(MANY[what], { n: about.length, at });
    toasts.done(text, {
      slot: 'decision',
      stay: UNDO_MS,
      action: { label: t('common.undo'), key: 'z', run: () => void this.undo() },
    });
  }

  /** The one below what is decided; at the end the one above. */
  #after(entry: QueueEntry, about: QueueEntry[]): number | undefined {
    const gone = new Set(about.map((e) => e.consignment));
    const at = Math.max(0, this.queue.indexOf(entry.consignment));
    const items = this.queue.items;
    const next = items.slice(at).find((i) => !gone.has(i.consignment)) ?? items.slice(0, at).findLast((i) => !gone.has(i.consignment));
    return (next ?? items.at(-1))?.consignment;
  }

  async #send(entry: QueueEntry, index: number, body: Body): Promise<boolean> {
    this.queue.pending.add(entry.consignment);
    try {
      const made = await api.post('/api/consignments/{id}/decisions', { path: { id: entry.consignment }, body });
      this.queue.settle(entry.consignment, made.selection);
      this.changed(entry.consignment);
      forget(draftOf(entry.consignment));
      return true;
    } catch (e) {
      this.#back(entry, index);
      toasts.closeSlot('decision');
      toasts.fault(e);
      return false;
    } finally {
      this.queue.pending.delete(entry.consignment);
    }
  }

  #back(entry: QueueEntry, index: number): void {
    this.queue.put(entry, index);
    this.select(entry.consignment);
  }

  canUndo(): boolean {
    return this.#last.length > 0;
  }

  /** Takes back the last decision, within half a minute. */
  async undo(): Promise<void> {
    const last = this.#last;
    if (last.length === 0) {
      toasts.done(t('queue.undo.none'), { slot: 'decision' });
      return;
    }
    this.#last = [];
    const back = (await Promise.all(last.toReversed().map((one) => this.#takeBack(one)))).filter((ok) => ok).length;
    if (back === 1) toasts.done(t('queue.undo.done', { ref: last[0]!.entry.ref }), { slot: 'decision' });
    else if (back > 1) toasts.done(t('queue.undo.many', { n: back }), { slot: 'decision' });
  }

  async #takeBack({ entry, index, sent }: Sent): Promise<boolean> {
    if (!(await sent)) return false;
    try {
      const path = { id: entry.consignment };
      const { selection } = await api.post('/api/consignments/{id}/decisions/undo', { path });
      this.#back({ ...entry, selection }, index);
      this.changed(entry.consignment);
      return true;
    } catch (e) {
      toasts.fault(e);
      return false;
    }
  }
}
