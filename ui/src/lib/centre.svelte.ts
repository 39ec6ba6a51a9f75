/* The centre itself: its name, its clock (a demonstration's stands in another year) and its local time. */
import { api } from './api';

const state = $state({
  name: '',
  version: '',
  demonstration: false,
  country: '',
  currency: '',
  exponent: 2,
  languages: [] as string[],
  offset: 0,
  ahead: 0,
  minute: 0,
});

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
  /** ISO 3166: what lies on the way of every journey here. */
  get country(): string {
    return state.country;
  },
  get currency(): string {
    return state.currency;
  },
  /** Digits behind the point of the centre's money. */
  get exponent(): number {
    return state.exponent;
  },
  /** How many of the smallest unit of money make one: 100. */
  get minor(): number {
    return 10 ** state.exponent;
  },
  /** In which its screens are offered; all before it was asked. */
  get languages(): string[] {
    return state.languages;
  },
  /** Minutes east of UTC. */
  get offset(): number {
    return state.offset;
  },
  /** The centre's time in milliseconds; who reads it in a component is told again every minute. */
  now(): number {
    return Math.max(state.minute * 60000, Date.now() + state.ahead);
  },
  /** By so many milliseconds its clock is before the one of this machine. */
  get ahead(): number {
    return state.ahead;
  },
  /** Asks the centre how it is; fails when it does not answer. */
  async ask(): Promise<void> {
    const health = await api.get('/health');
    state.name = health.name;
    state.version = health.version;
    state.demonstration = health.demonstration;
    state.country = health.country;
    state.currency = health.currency;
    state.exponent = health.currency_exponent;
    state.languages = health.languages;
    state.offset = offsetOf(health.now);
    state.ahead = Date.parse(health.now) - Date.now();
    tick();
  },
};

function tick(): void {
  state.minute = Math.floor((Date.now() + state.ahead) / 60000);
}
setInterval(tick, 1000);
