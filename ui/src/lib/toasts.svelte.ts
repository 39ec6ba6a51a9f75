/* Short news at the edge of the screen. What can be taken back carries its action. */
import { i18n, t } from '../i18n/index.svelte';
import { Problem } from './api';
import { faultWords, fieldWords } from './faults';

export interface Toast {
  id: number;
  kind: 'done' | 'fault';
  text: string;
  detail?: string;
  /** The detail is the centre's own sentence, in English. */
  english?: boolean;
  action?: { label: string; key?: string; run: () => void };
  /** Milliseconds until it goes; 0 stays until it is closed. */
  stay: number;
  /** A later one of the same slot takes its place. */
  slot?: string;
}

const list = $state<Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let last = 0;
const MOST = 4;

export const toasts = {
  get list(): readonly Toast[] {
    return list;
  },
  show(toast: Omit<Toast, 'id'>): number {
    const id = ++last;
    if (toast.slot !== undefined) this.closeSlot(toast.slot);
    list.push({ ...toast, id });
    while (list.length > MOST) this.close(list[0]!.id);
    if (toast.stay > 0) timers.set(id, setTimeout(() => this.close(id), toast.stay));
    return id;
  },
  done(text: string, more: Partial<Omit<Toast, 'id' | 'text' | 'kind'>> = {}): number {
    return this.show({ kind: 'done', text, stay: 5000, ...more });
  },
  /** Any failure as a sentence that a person can act on. */
  fault(e: unknown): number {
    if (e instanceof DOMException && e.name === 'AbortError') return 0;
    if (e instanceof Problem && e.status === 401) return 0; /* the sign-in screen says it */
    return this.show({ kind: 'fault', ...wordsOf(e), stay: 12000 });
  },
  close(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const at = list.findIndex((x) => x.id === id);
    if (at >= 0) list.splice(at, 1);
  },
  closeSlot(slot: string): void {
    const there = list.find((x) => x.slot === slot);
    if (there) this.close(there.id);
  },
};

const NAMED = ['offline', 'unauthenticated', 'denied', 'not_found', 'invalid', 'conflict', 'limit', 'store', 'io', 'too_large', 'timeout'] as const;
type Named = (typeof NAMED)[number];

/* What has no words of this language is of the disk or the machine: the centre's own log says more under this number. */
function rest(e: Problem): string {
  if (i18n.lang === 'en') return e.detail;
  return e.requestId === '' ? '' : t('problem.traced', { id: e.requestId });
}

/** What a failure is called, and a sentence about it in the language that is shown. */
export function wordsOf(e: unknown): { text: string; detail?: string; english?: boolean } {
  if (!(e instanceof Problem)) return { text: t('problem.unknown'), detail: String(e), english: true };
  const known = NAMED.includes(e.name as Named);
  const own = faultWords(e);
  const fields = e.errors.map(fieldWords).join('; ');
  return {
    text: known ? t(`problem.${e.name as Named}`) : t('problem.unknown'),
    detail: [own ?? (fields === '' ? rest(e) : ''), fields].filter((x) => x !== '').join(' — ') || undefined,
    english: i18n.lang === 'en',
  };
}
