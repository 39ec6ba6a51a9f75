/* Who ordered an inspection, with what means and why. */
import type { Consignment, Instruction, Selection } from '../../lib/api';
import { laneWords } from '../queue/words';

export type Order = Consignment['decisions'][number];

/** The order that holds: the last decision, if it was one. */
export function orderOf(consignment: Consignment): Order | undefined {
  const last = consignment.decisions.toSorted((a, b) => a.id - b.id).at(-1);
  return last?.action === 'inspect' ? last : undefined;
}

/** The officer's words; without any, why it has its lane. */
export function whyOf(order: Pick<Order, 'reason'> | undefined, selection: Selection, currency: string, instruction?: Instruction): string {
  return order?.reason || (laneWords(selection, currency, instruction)[0] ?? '');
}
