/* The countries of a journey, each once: whence, through where, whither. */
import type { Declaration } from '../../lib/api';

export function placesOf(d: Pick<Declaration, 'departure' | 'route' | 'destination'>): string[] {
  const all = [d.departure, ...(d.route ?? []), d.destination].filter((c): c is string => c !== undefined && c !== '');
  return all.filter((c, i) => c !== all[i - 1]);
}
