/* What is typed about a move of an exhibit, what is wrong with it, and what of it is sent. */
import type { Key } from '../../i18n/index.svelte';
import { mgOf } from '../casework/words';

export interface Custody {
  from: string;
  to: string;
  place: string;
  purpose: string;
  ground: string;
  seal_old: string;
  seal_new: string;
  gross: string;
  net: string;
  witness_1: string;
  witness_2: string;
}

export interface Asked {
  witnesses: boolean;
  seal: boolean;
  newSeal: boolean;
  weight: boolean;
  ground: boolean;
}

export const NO_CUSTODY: Custody = {
  from: '',
  to: '',
  place: '',
  purpose: '',
  ground: '',
  seal_old: '',
  seal_new: '',
  gross: '',
  net: '',
  witness_1: '',
  witness_2: '',
};

const blank = (text: string) => text.trim() === '';
export const weighs = (text: string) => blank(text) || mgOf(text) > 0;

export function custodyFaults(v: Custody, asked: Asked): Key[] {
  const same = v.witness_1.trim().toLowerCase() === v.witness_2.trim().toLowerCase();
  const found: (Key | null)[] = [
    blank(v.from) || blank(v.to) || blank(v.place) ? 'evidence.fault.hands' : null,
    v.purpose.trim().length < 3 ? 'evidence.fault.purpose' : null,
    asked.ground && v.ground.trim().length < 3 ? 'evidence.fault.ground' : null,
    asked.witnesses && (blank(v.witness_1) || blank(v.witness_2) || same) ? 'evidence.fault.witnesses' : null,
    asked.seal && blank(v.seal_old) ? 'evidence.fault.seal' : null,
    asked.newSeal && blank(v.seal_new) ? 'evidence.fault.seal.new' : null,
    asked.weight && blank(v.net) ? 'evidence.fault.net' : null,
    weighs(v.net) && weighs(v.gross) ? null : 'case.fault.kg',
    !blank(v.net) && !blank(v.gross) && mgOf(v.net) > mgOf(v.gross) ? 'evidence.fault.gross' : null,
  ];
  return found.filter((f) => f !== null);
}

export function custodyBody(v: Custody) {
  const text = (s: string) => s.trim() || undefined;
  return {
    from: v.from.trim(),
    to: v.to.trim(),
    place: v.place.trim(),
    purpose: v.purpose.trim(),
    ground: text(v.ground),
    seal_old: text(v.seal_old),
    gross_mg: blank(v.gross) ? undefined : mgOf(v.gross),
    net_mg: blank(v.net) ? undefined : mgOf(v.net),
    witness_1: text(v.witness_1),
    witness_2: text(v.witness_2),
  };
}
