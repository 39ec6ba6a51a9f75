/* Deciding by keyboard: R 1 releases, I X Enter orders an inspection. What was decided leaves the list at once and is
 * sent meanwhile; when the centre refuses it comes back. */
import { t, type Key } from '../../i18n/index.svelte';
import { api, type QueueEntry, type Routes, type Selection } from '../../lib/api';
import { forget } from '../../lib/drafts.svelte';
import { toasts } from '../../lib/toasts.svelte';
import type { Queue } from './queue.svelte';

export type Action = Routes['decision_make']['request']['action'];
export type Means = NonNullable<Routes['decision_make']['request']['means']>[number];
export type Mode = 'none' | 'release' | 'inspect' | 'wait' | 'escalate';

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
const DONE: Record<Action, 'queue.done.release' | 'queue.done.inspect' | 'queue.done.wait' | 'queue.done.escalate'> = {
  release: 'queue.done.release',
  inspect: 'queue.done.inspect',
  wait: 'queue.done.wait',
  escalate: 'queue.done.escalate',
};
const AFTER: Record<Action, Selection['state']> = {
  release: 'released',
  inspect: 'ordered',
  wait: 'waiting',
  escalate: 'escalated',
};

interface Last {
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
  /** Own words are typed. */
  typing = $state(false);
  /** The digit of the chosen reason, when ordering an inspection; 0: none. */
  chosen = $state(0);
  #last = $state.raw<Last | undefined>();
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly queue: Queue,
    private readonly select: (id: number | undefined) => void,
    private readonly changed: (id: number) => void,
  ) {}

  begin(mode: Mode): void {
    this.mode = this.mode === mode ? 'none' : mode;
    this.means = [];
    this.chosen = 0;
    this.typing = mode === 'escalate';
  }

  cancel(): void {
    this.begin('none');
  }

  toggle(means: Means): void {
    this.means = this.means.includes(means) ? this.means.filter((m) => m !== means) : [...this.means, means];
  }

  /** Takes the decision for an entry and moves the cursor on. */
  decide(entry: QueueEntry, action: Action, reason: string): void {
    const index = Math.max(0, this.queue.indexOf(entry.consignment));
    const means = action === 'inspect' ? [...this.means] : undefined;
    const before = this.queue.items;
    this.cancel();
    this.queue.settle(entry.consignment, { ...entry.selection, state: AFTER[action] });
    const stayed = this.queue.items.length === before.length;
    this.select((this.queue.items[stayed ? index + 1 : index] ?? this.queue.items.at(-1))?.consignment);
    const sent = this.#send(entry, index, { action, reason: reason || undefined, means });
    this.#last = { entry, index, sent };
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => (this.#last = undefined), UNDO_MS);
    toasts.done(t(DONE[action], { ref: entry.ref }), {
      slot: 'decision',
      stay: UNDO_MS,
      action: { label: t('common.undo'), key: 'z', run: () => void this.undo() },
    });
  }

  async #send(entry: QueueEntry, index: number, body: Routes['decision_make']['request']): Promise<boolean> {
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
    return this.#last !== undefined;
  }

  /** Takes back the last decision, within half a minute. */
  async undo(): Promise<void> {
    const last = this.#last;
    if (last === undefined) {
      toasts.done(t('queue.undo.none'), { slot: 'decision' });
      return;
    }
    this.#last = undefined;
    if (!(await last.sent)) return;
    try {
      const path = { id: last.entry.consignment };
      const { selection } = await api.post('/api/consignments/{id}/decisions/undo', { path });
      this.#back({ ...last.entry, selection }, last.index);
      this.changed(last.entry.consignment);
      toasts.done(t('queue.undo.done', { ref: last.entry.ref }), { slot: 'decision' });
    } catch (e) {
      toasts.fault(e);
    }
  }
}
