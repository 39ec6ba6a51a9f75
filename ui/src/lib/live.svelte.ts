/* Live events of the centre. The stream heals by itself; while it is lost `live.state` says so, and when it is back
 * everyone who listens is told to read again ("reset"). */
import { onMount } from 'svelte';
import { centre } from './centre.svelte';
import { session } from './session.svelte';

export interface LiveEvent {
  type: string;
  at: string;
  consignment?: number;
  post?: number;
  detail?: Record<string, unknown>;
}
type Listener = (event: LiveEvent) => void;

const TYPES = [
  'declaration.lodged',
  'declarations.imported',
  'import.progress',
  'selection.changed',
  'decision.made',
  'decision.withdrawn',
  'consignment.woke',
  'result.entered',
  'capacity.set',
  'dial.set',
  'watch.alarm',
  'order.moved',
  'step.entered',
  'work.overdue',
  'case.opened',
  'case.emergency',
  'reset',
];
const PULSE_MS = 15000;
const LONGEST_WAIT_MS = 30000;
/* A tab that nobody looks at gives its connection back: a browser has few for one server. */
const UNSEEN_MS = 60000;

const state = $state<{ now: 'off' | 'connecting' | 'live' | 'lost'; since: number }>({ now: 'off', since: 0 });
const listeners = new Set<Listener>();
let stream: EventSource | undefined;
let wait = 1000;
let again: ReturnType<typeof setTimeout> | undefined;
let pulse: ReturnType<typeof setInterval> | undefined;
let unseen: ReturnType<typeof setTimeout> | undefined;
let missed = false;

function tell(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

function opened(): void {
  const reread = missed;
  state.now = 'live';
  wait = 1000;
  missed = false;
  if (reread) tell({ type: 'reset', at: '' });
}

function lost(): void {
  if (state.now !== 'lost') state.since = Date.now();
  state.now = 'lost';
  missed = true;
  stream?.close();
  stream = undefined;
  clearTimeout(again);
  again = setTimeout(heal, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

async function heal(): Promise<void> {
  try {
    await centre.ask();
    await session.resume();
  } catch {
    lost();
    return;
  }
  if (session.who !== null && state.now !== 'off') connect();
}

function connect(): void {
  clearTimeout(again);
  stream?.close();
  if (state.now === 'off') state.now = 'connecting';
  stream = new EventSource('/api/events');
  stream.onopen = opened;
  stream.onerror = lost;
  for (const type of TYPES)
    stream.addEventListener(type, (e) => tell(JSON.parse((e as MessageEvent<string>).data) as LiveEvent));
}

/* The stream's own heartbeat is not visible to a page: a quiet question tells whether the line still stands. */
async function beat(): Promise<void> {
  if (state.now !== 'live' || document.hidden) return;
  await centre.ask().catch(lost);
}

function seen(): void {
  clearTimeout(unseen);
  if (state.now === 'off') return;
  if (document.hidden) {
    unseen = setTimeout(() => {
      missed = true;
      stream?.close();
      stream = undefined;
    }, UNSEEN_MS);
  } else if (stream === undefined) {
    wait = 1000;
    void heal();
  }
}

export const live = {
  get state() {
    return state.now;
  },
  /** Since when the connection is lost, in milliseconds. */
  get since(): number {
    return state.since;
  },
  start(): void {
    if (state.now !== 'off') return;
    connect();
    pulse = setInterval(beat, PULSE_MS);
    document.addEventListener('visibilitychange', seen);
    addEventListener('online', seen);
    addEventListener('offline', lost);
  },
  stop(): void {
    state.now = 'off';
    stream?.close();
    stream = undefined;
    missed = false;
    clearTimeout(again);
    clearTimeout(unseen);
    clearInterval(pulse);
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('online', seen);
    removeEventListener('offline', lost);
  },
  /** Tries again now. */
  retry(): void {
    wait = 1000;
    void heal();
  },
};

/** In a component: hear events as long as it is there. "reset" means: read everything again. */
export function onLive(listener: Listener): void {
  onMount(() => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
}
