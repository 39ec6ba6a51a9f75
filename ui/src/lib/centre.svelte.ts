/* The centre itself: its name, its clock (a demonstration's stands in another year) and its local time. */
import { api } from './api';

const state = $state({ name: '', version: '', demonstration: false, offset: 0, ahead: 0, minute: 0 });

/** Minutes east of UTC in "2026-09-16T06:00:03.182+04:00". */
function offsetOf(instant: string): number {
  const found = /([+-])(\d\d):(\d\d)$/.exec(instant);
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}

export const centre = {
  get name(): string {
    return state.name;
  },
  get version(): string {
    return state.version;
  },
  get demonstration(): boolean {
    return state.demonstration;
  },
  /** Minutes east of UTC. */
  get offset(): number {
    return state.offset;
  },
  /** The centre's time in milliseconds; who reads it in a component is told again every minute. */
  now(): number {
    return Math.max(state.minute * 60000, Date.now() + state.ahead);
  },
  /** Asks the centre how it is; fails when it does not answer. */
  async ask(): Promise<void> {
    const health = await api.get('/health');
    state.name = health.name;
    state.version = health.version;
    state.demonstration = health.demonstration;
    state.offset = offsetOf(health.now);
    state.ahead = Date.parse(health.now) - Date.now();
    tick();
  },
};

function tick(): void {
  state.minute = Math.floor((Date.now() + state.ahead) / 60000);
}
setInterval(tick, 1000);
