/* Whether the newest look for drift raised an alarm, and whether this person has seen it. */
import { api } from './api';
import type { LiveEvent } from './live.svelte';
import { remember } from './prefs.svelte';

export interface Alarm {
  day: string;
  /** How many measures are over their limit. */
  count: number;
}

const SEEN = 'drift.seen';
let alarm = $state.raw<Alarm | null>(null);
let seen = $state(localStorage.getItem(`tamga.${SEEN}`) ?? '');

export const watch = {
  get alarm(): Alarm | null {
    return alarm;
  },
  get unseen(): boolean {
    return alarm !== null && alarm.day > seen;
  },
  async read(): Promise<void> {
    const told = await api.get('/api/watch');
    const count = told.items.filter((i) => i.alarm).length;
    alarm = told.alarm && told.day !== null ? { day: told.day, count } : null;
  },
  /** True where it raises an alarm that was not known. */
  async hear(e: LiveEvent): Promise<boolean> {
    if (e.type !== 'watch.alarm' && e.type !== 'reset') return false;
    const before = alarm?.day;
    await this.read();
    return alarm !== null && alarm.day !== before && this.unseen;
  },
  opened(): void {
    if (alarm !== null) remember(SEEN, (seen = alarm.day));
  },
  forget(): void {
    alarm = null;
  },
};
