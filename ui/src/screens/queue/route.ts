/* The countries of a journey, each once: whence, here, whither. */
import type { Declaration, QueueEntry } from '../../lib/api';

export function placesOf(d: Declaration): string[] {
  const route = d.route?.length ? d.route : [d.departure, d.destination];
  return route.filter((c, i): c is string => c !== undefined && c !== route[i - 1]);
}

/** As far as the list knows: it carries no route, but the code of a post begins with its country. */
export function placesOfEntry(e: QueueEntry): string[] {
  const here = /^[A-Z]{2}/.exec(e.post)?.[0];
  const from = e.departure ?? e.consignor?.country;
  const to = e.regime === 'import' ? here : e.consignee?.country;
  const all = [from, from === here ? undefined : here, to].filter((c): c is string => c !== undefined);
  return all.filter((c, i) => c !== all[i - 1]);
}
