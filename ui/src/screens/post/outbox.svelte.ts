/* What was entered at the post and is not yet with the centre: steps, results with what they seized, and moves of orders.
 * It lies in the browser until the centre has answered: a lost line, an ended session or a closed tab takes nothing. Each
 * entry carries a key of its own, so that the centre enters it once however often it is sent; entries of one order go in
 * the order in which they were made. */
import { api, Problem, type OrderWork, type Routes } from '../../lib/api';
import { session } from '../../lib/session.svelte';
import { wordsOf } from '../../lib/toasts.svelte';
import { concernsOf, refusalWords, type Concern } from '../casework/refusals';

export type StepBody = Routes['step_enter']['request'];
export type ResultBody = Routes['result_enter']['request'];
export type ResultAnswer = Routes['result_enter']['response'];
type MoveBody = Routes['order_move']['request'];
type Sent =
  | { kind: 'step'; body: StepBody }
  | { kind: 'result'; body: ResultBody; consignment: number }
  /** The words of the move are kept, so that it can be named without a line. */
  | { kind: 'move'; body: MoveBody; words: { az: string; en: string; ru: string } };
export type Entry = Sent & {
  key: string;
  /** 0: a result of a consignment that has no order. */
  order: number;
  /** Words beside a picture, when there is one. */
  picture?: string;
  /** The step is entered, its picture is not yet. */
  step?: number;
  /** The centre will not have it: why. */
  refused?: { text: string; detail?: string; english?: boolean };
  /** It would take it once somebody has looked again: at what. */
  concerns?: Concern[];
};
/** What an entry is made of, before it has a key. */
export type Made = Sent & { order: number; picture?: string };
interface Hears {
  order?: (work: OrderWork) => void;
  result?: (key: string, answer: ResultAnswer) => void;
}

const PREFIX = 'tamga.outbox.';
const PURPOSE = 'inspection at the post';
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

function kept(): Entry[] {
  return JSON.parse(localStorage.getItem(listKey()) ?? '[]') as Entry[];
}

function refusalOf(e: unknown): Entry['refused'] {
  const own = e instanceof Problem ? refusalWords(e.code, e.params) : undefined;
  return own === undefined ? wordsOf(e) : { text: own };
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

function tell(work: OrderWork): void {
  for (const hears of hearers) hears.order?.(work);
}

const signal = () => AbortSignal.timeout(ANSWER_MS);

/* The step just entered is the one of this means with these times. */
function stepIn(work: OrderWork, body: StepBody): number | undefined {
  const same = (a: string | undefined, b: string) => a !== undefined && Math.abs(Date.parse(a) - Date.parse(b)) < 1000;
  return work.steps.findLast((s) => s.means === body.means && same(s.started, body.started) && same(s.ended, body.ended))?.id;
}

async function sendStep(entry: Entry, body: StepBody): Promise<void> {
  if (entry.step === undefined) {
    const work = await api.post('/api/orders/{id}/steps', { path: { id: entry.order }, body, signal: signal() });
    entry.step = stepIn(work, body) ?? 0;
    keep();
    tell(work);
  }
  const picture = localStorage.getItem(pictureKey(entry.key));
  if (!picture || !entry.step) return;
  const bytes = bytesOf(picture);
  await api.post('/api/media', {
    query: { about: `step:${entry.step}`, words: entry.picture },
    body: bytes as never,
    type: bytes.type,
    signal: signal(),
  });
  tell(await api.get('/api/orders/{id}', { path: { id: entry.order }, purpose: PURPOSE }));
}

async function sendOne(entry: Entry): Promise<void> {
  if (entry.kind === 'step') await sendStep(entry, entry.body);
  else if (entry.kind === 'move')
    tell(await api.post('/api/orders/{id}/moves', { path: { id: entry.order }, body: entry.body, signal: signal() }));
  else {
    const path = { id: entry.consignment };
    const answer = await api.post('/api/consignments/{id}/results', { path, body: entry.body, signal: signal() });
    for (const hears of hearers) hears.result?.(entry.key, answer);
  }
  outbox.drop(entry.key);
}

function later(): void {
  clearTimeout(again);
  again = setTimeout(() => void outbox.send(), wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

/* The next to go: nothing passes an entry of its order that the centre has refused. */
function next(): Entry | undefined {
  const stuck = new Set(state.list.filter((e) => e.refused).map((e) => e.order));
  return state.list.find((e) => !stuck.has(e.order) || (e.order === 0 && !e.refused));
}

function refuse(entry: Entry, e: unknown): void {
  entry.refused = refusalOf(e);
  entry.concerns = concernsOf(e);
  keep();
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
      state.list = kept();
    }
    void this.send();
  },
  /** Tells its key. Throws when the browser has no room for it: then nothing was taken. */
  add(made: Made, picture?: string): string {
    const key = crypto.getRandomValues(new Uint32Array(4)).join('-');
    const entry = { ...made, key, body: { ...made.body, client_key: key } } as Entry;
    if (picture !== undefined) localStorage.setItem(pictureKey(key), picture);
    state.list.push(entry);
    try {
      keep();
    } catch (e) {
      state.list.pop();
      localStorage.removeItem(pictureKey(key));
      throw e;
    }
    wait = FIRST_WAIT_MS;
    void this.send();
    return key;
  },
  drop(key: string): void {
    localStorage.removeItem(pictureKey(key));
    state.list = state.list.filter((e) => e.key !== key);
    keep();
    void this.send();
  },
  retry(key: string): void {
    const entry = state.list.find((e) => e.key === key);
    if (entry) entry.refused = entry.concerns = undefined;
    keep();
    void this.send();
  },
  /** Somebody looked again at what can hardly be, and says why it is so. */
  confirm(key: string, note: string): void {
    const entry = state.list.find((e) => e.key === key);
    if (entry === undefined || entry.kind === 'move') return;
    entry.body.confirmed = true;
    entry.body.confirm_note = note;
    this.retry(key);
  },
  /** Sends all that waits, oldest first; what nobody answers for is tried again by itself. */
  async send(): Promise<void> {
    if (state.sending || session.who?.account !== state.owner) return;
    state.sending = true;
    clearTimeout(again);
    try {
      for (let entry = next(); entry !== undefined; entry = next()) {
        try {
          await sendOne(entry);
          wait = FIRST_WAIT_MS;
        } catch (e) {
          if (isPassing(e)) return later();
          refuse(entry, e);
        }
      }
    } finally {
      state.sending = false;
    }
  },
  /** Hears of every order, and every result, that the centre answered with. */
  hear(hears: Hears): () => void {
    hearers.add(hears);
    return () => hearers.delete(hears);
  },
};

addEventListener('online', () => void outbox.send());
