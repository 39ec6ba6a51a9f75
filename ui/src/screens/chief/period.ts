/* The period of the address: so many days up to tomorrow, or two days of the calendar. */
import { centre } from '../../lib/centre.svelte';
import { day } from '../../lib/format';
import { router } from '../../lib/router.svelte';

export const LENGTHS = [2, 7, 30, 60] as const;
const USUAL = 30;
const DAY_MS = 86400000;
const DATE = /^\d{4}-\d\d-\d\d$/;

export interface Period {
  from: string;
  to: string;
  /** 0: two days of the calendar. */
  days: number;
}

export function periodOf(): Period {
  const from = router.get('from');
  const to = router.get('to');
  if (DATE.test(from) && DATE.test(to)) return { from, to, days: 0 };
  const asked = Number(router.get('days'));
  const days = LENGTHS.find((n) => n === asked) ?? USUAL;
  const last = centre.now() + DAY_MS;
  return { from: day(last - (days - 1) * DAY_MS), to: day(last), days };
}

export function choose(days: number): void {
  router.set({ days: days === USUAL ? '' : days, from: '', to: '' });
}

export function chooseDays(from: string, to: string): void {
  if (from !== '' && to !== '') router.set({ from, to, days: '' });
}
