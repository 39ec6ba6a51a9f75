/* The keys of the queue. While a decision is being made its own keys stand in place of the others. */
import { t } from '../../i18n/index.svelte';
import type { QueueEntry } from '../../lib/api';
import type { KeyBinding } from '../../lib/keys.svelte';
import { router } from '../../lib/router.svelte';
import { naps } from './snooze';
import { MEANS_KEYS, needsReason, REASONS, type Triage } from './triage.svelte';

interface Now {
  triage: Triage;
  entry: QueueEntry | undefined;
  may: boolean;
  items: QueueEntry[];
  step: (by: number) => void;
  select: (id: number | undefined) => void;
}

export function keysOf(now: Now): KeyBinding[] {
  const { triage, entry } = now;
  if (triage.mode !== 'none' && entry !== undefined) return [...deciding(triage, entry), ...moving(now)];
  return [...moving(now), ...tabs(), ...(now.may ? beginning(now) : [])];
}

function moving({ triage, items, step, select }: Now): KeyBinding[] {
  const move = (run: () => void) => () => (triage.cancel(), run());
  return [
    { on: ['j', 'ArrowDown'], label: 'keys.next', run: move(() => step(1)) },
    { on: ['k', 'ArrowUp'], label: 'keys.previous', run: move(() => step(-1)) },
    { on: 'Home', label: 'keys.first', run: move(() => select(items[0]?.consignment)) },
    { on: 'End', label: 'keys.last', run: move(() => select(items.at(-1)?.consignment)) },
    { on: 'PageDown', label: 'queue.key.page', silent: true, run: move(() => step(8)) },
    { on: 'PageUp', label: 'queue.key.page', silent: true, run: move(() => step(-8)) },
    { on: '/', label: 'queue.filter.text', run: () => document.getElementById('queue-find')?.focus() },
  ];
}

function tabs(): KeyBinding[] {
  return [
    { on: 'h', label: 'queue.tab.history', run: () => router.set({ tab: '' }) },
    { on: 'm', label: 'queue.tab.map', run: () => router.set({ tab: 'map' }) },
    { on: 'd', label: 'queue.tab.documents', run: () => router.set({ tab: 'documents' }) },
  ];
}

function beginning({ triage, entry, step }: Now): KeyBinding[] {
  const open = () => entry !== undefined && entry.selection.state !== 'closed';
  return [
    { on: 'r', label: 'queue.key.release', when: open, run: () => triage.begin('release') },
    { on: 'i', label: 'queue.key.inspect', when: open, run: () => triage.begin('inspect', entry?.selection.suggested_means) },
    { on: 'w', label: 'queue.key.wait', when: open, run: () => triage.begin('wait') },
    { on: 's', label: 'queue.key.snooze', when: open, run: () => triage.begin('snooze') },
    { on: 'e', label: 'queue.key.escalate', when: open, run: () => triage.begin('escalate') },
    { on: 'z', label: 'queue.key.undo', run: () => void triage.undo() },
    { on: 'Space', label: 'queue.key.mark', when: open, run: () => (triage.mark(entry!), step(1)) },
    { on: 'Escape', label: 'queue.key.unmark', when: () => triage.marked.size > 0, run: () => triage.marked.clear() },
  ];
}

function deciding(triage: Triage, entry: QueueEntry): KeyBinding[] {
  const cancel: KeyBinding = { on: 'Escape', label: 'common.cancel', typing: true, run: () => triage.cancel() };
  if (triage.mode === 'inspect') return [...means(triage), ...whyInspect(triage), send(triage, entry), cancel];
  if (triage.mode === 'snooze') return [...times(triage, entry), cancel];
  if (triage.mode === 'release' || triage.mode === 'wait') return [...presets(triage, triage.mode, entry), cancel];
  return [cancel];
}

function presets(triage: Triage, mode: 'release' | 'wait', entry: QueueEntry): KeyBinding[] {
  const list = REASONS[mode];
  const own = { on: String(list.length + 1), label: 'queue.reason.own' as const, run: () => (triage.typing = true) };
  return [...list.map((key, i) => ({ on: String(i + 1), label: key, run: () => triage.decide(entry, mode, t(key)) })), own];
}

function times(triage: Triage, entry: QueueEntry): KeyBinding[] {
  const list = naps(triage.marked.size > 0 ? undefined : entry.expected);
  return [
    ...list.map(({ key, label, at }) => ({ on: key, label, when: () => at !== undefined, run: () => triage.snooze(entry, at!) })),
    { on: String(list.length + 1), label: 'queue.snooze.own', run: () => (triage.typing = true) },
  ];
}

function means(triage: Triage): KeyBinding[] {
  return Object.entries(MEANS_KEYS).map(([on, m]) => ({ on, label: `means.${m}` as const, run: () => triage.toggle(m) }));
}

function whyInspect(triage: Triage): KeyBinding[] {
  return [
    ...REASONS.inspect.map((key, i) => ({
      on: String(i + 1),
      label: key,
      run: () => (triage.chosen = triage.chosen === i + 1 ? 0 : i + 1),
    })),
    { on: String(REASONS.inspect.length + 1), label: 'queue.reason.own', run: () => (triage.typing = true) },
  ];
}

/** The reason chosen by digit, if one has to be given and none is, undefined. */
export function inspectReason(triage: Triage, entry: QueueEntry): string | undefined {
  const key = REASONS.inspect[triage.chosen - 1];
  const reason = key === undefined ? '' : t(key);
  const needed = triage.about(entry).some((e) => needsReason('inspect', e.selection.lane));
  return reason === '' && needed ? undefined : reason;
}

function send(triage: Triage, entry: QueueEntry): KeyBinding {
  return {
    on: 'Enter',
    label: 'queue.inspect.go',
    run: () => {
      const reason = inspectReason(triage, entry);
      if (reason !== undefined) triage.decide(entry, 'inspect', reason);
    },
  };
}
