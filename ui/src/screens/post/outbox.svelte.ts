/* Steps that were entered and are not yet with the centre. They lie in the browser until it has answered: a lost line,
 * an ended session or a closed tab takes nothing. Each carries a key of its own, so that the centre enters it once
 * however often it is sent. */
import { api, Problem, type OrderWork, type Routes } from '../../lib/api';
import { session } from '../../lib/session.svelte';
import { wordsOf } from '../../lib/toasts.svelte';

export type StepBody = Routes['step_enter']['request'];
export interface Entry {
  order: number;
  body: StepBody;
  /** Words beside a picture, when there is one. */
  picture?: string;
  /** The step is entered, its picture is not yet. */
  step?: number;
  /** The centre will not have it: why. */
  refused?: { text: string; detail?: string; english?: boolean };
}
type Hears = (work: OrderWork) => void;

const PREFIX = 'tamga.outbox.';
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;
const ANSWER_MS = 45000;

const state = $state<{ owner: string; list: Entry[]; sending: boolean }>({ owner: '', list: [], sending: false });
const hearers = new Set<Hears>();
let wait = FIRST_WAIT_MS;
let again: ReturnType<typeof setTimeout> | undefined;

const listKey = () => `${PREFIX}${state.owner}`;
const pictureKey = (key: string) => `${PREFIX}picture.${key}`;

function keep(): void {
  if (state.list.length === 0) localStorage.removeItem(listKey());
  else localStorage.setItem(listKey(), JSON.stringify(state.list));
}

/* Nobody answered, or not now: it goes later by itself. Anything else is the centre's last word. */
function isPassing(e: unknown): boolean {
  if (!(e instanceof Problem)) return e instanceof DOMException;
  return e.name === 'offline' || e.status >= 500 || [401, 408, 429].includes(e.status);
}

function bytesOf(url: string): Blob {
  const [head = '', data = ''] = url.split(',');
  return new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: head.slice(5).split(';')[0] });
}

/* The step just entered is the one of this means with these times. */
function stepIn(work: OrderWork, { body }: Entry): number | undefined {
  const same = (a: string | undefined, b: string) => a !== undefined && Math.abs(Date.parse(a) - Date.parse(b)) < 1000;
  return work.steps.findLast((s) => s.means === body.means && same(s.started, body.started) && same(s.ended, body.ended))?.id;
}

async function sendStep(entry: Entry): Promise<void> {
  const work = await api.post('/api/orders/{id}/steps', {
    path: { id: entry.order },
    body: entry.body,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  entry.step = stepIn(work, entry) ?? 0;
  keep();
  for (const hears of hearers) hears(work);
}

async function sendPicture(entry: Entry): Promise<void> {
  const kept = localStorage.getItem(pictureKey(entry.body.client_key));
  if (!kept || !entry.step) return;
  const body = bytesOf(kept);
  await api.post('/api/media', {
    query: { about: `step:${entry.step}`, words: entry.picture },
    body: body as never,
    type: body.type,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const work = await api.get('/api/orders/{id}', { path: { id: entry.order }, purpose: 'inspection at the post' });
  for (const hears of hearers) hears(work);
}

async function sendOne(entry: Entry): Promise<void> {
  if (entry.step === undefined) await sendStep(entry);
  await sendPicture(entry);
  outbox.drop(entry.body.client_key);
}

function later(): void {
  clearTimeout(again);
  again = setTimeout(() => void outbox.send(), wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

export const outbox = {
  get list(): readonly Entry[] {
    return state.list;
  },
  get sending(): boolean {
    return state.sending;
  },
  /** Takes up what this person left waiting. */
  open(): void {
    const owner = session.who?.account ?? '';
    if (owner !== state.owner) {
      state.owner = owner;
      state.list = JSON.parse(localStorage.getItem(listKey()) ?? '[]') as Entry[];
    }
    void this.send();
  },
  /** Throws when the browser has no room for it: then nothing was taken. */
  add(entry: Entry, picture?: string): void {
    if (picture !== undefined) localStorage.setItem(pictureKey(entry.body.client_key), picture);
    state.list.push(entry);
    keep();
    wait = FIRST_WAIT_MS;
    void this.send();
  },
  drop(key: string): void {
    localStorage.removeItem(pictureKey(key));
    state.list = state.list.filter((e) => e.body.client_key !== key);
    keep();
  },
  retry(key: string): void {
    const entry = state.list.find((e) => e.body.client_key === key);
    if (entry) entry.refused = undefined;
    keep();
    void this.send();
  },
  /** Sends all that waits, oldest first; what nobody answers for is tried again by itself. */
  async send(): Promise<void> {
    if (state.sending || session.who?.account !== state.owner) return;
    state.sending = true;
    clearTimeout(again);
    try {
      for (const entry of state.list.filter((e) => e.refused === undefined)) {
        try {
          await sendOne(entry);
          wait = FIRST_WAIT_MS;
        } catch (e) {
          if (isPassing(e)) return later();
          entry.refused = wordsOf(e);
          keep();
        }
      }
    } finally {
      state.sending = false;
    }
    if (state.list.some((e) => e.refused === undefined)) void this.send();
  },
  /** Hears of every order that the centre answered with. */
  hear(hears: Hears): () => void {
    hearers.add(hears);
    return () => hearers.delete(hears);
  },
};

addEventListener('online', () => void outbox.send());
