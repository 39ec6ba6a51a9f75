/* Times in fields of a form: by the centre's clock, whatever zone the machine stands in. */
import { centre } from '../../lib/centre.svelte';

const MINUTE_MS = 60000;

/** "2026-09-16T08:00" for a field. */
export function fieldTime(instant: number): string {
  return new Date(instant + centre.offset * MINUTE_MS).toISOString().slice(0, 16);
}

/** The instant of a field as the centre takes it; empty when it is none. */
export function instantOf(field: string): string {
  const ms = Date.parse(`${field}Z`);
  return Number.isNaN(ms) ? '' : new Date(ms - centre.offset * MINUTE_MS).toISOString();
}
