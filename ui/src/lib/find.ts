/* Finds what a number, or the code on a paper, is of, and tells where it is looked at. */
import { api, Problem } from './api';
import { session } from './session.svelte';

interface Place {
  path: string;
  values: Record<string, string | number>;
}
type Found = Awaited<ReturnType<typeof numbersOf>>[number];

/** As scanners type them: "tamga:exhibit/E-2026-000003/2", where 2 is an act of its custody. */
const CODE = /^\s*tamga:(order|seizure|exhibit|case|consignment)\/([^/\s]+)(?:\/\d+)?\s*$/i;
const NUMBER = /^[cose]-\d{4}-\d+$/i;

/** The number within a code; what is no code is itself. */
export const numberIn = (text: string): string => CODE.exec(text)?.[2] ?? text.trim();

const numbersOf = async (number: string) => (await api.get('/api/numbers', { query: { number } })).items;

function orderPlace(order: number): Place {
  const onPhone = matchMedia('(max-width: 899px)').matches && session.may('order.work');
  return { path: onPhone ? '/post' : '/board', values: { order } };
}

function placeOf(found: Found): Place | undefined {
  if (found.kind === 'order') return orderPlace(found.id);
  if (found.kind === 'case') return { path: '/case', values: { id: found.id } };
  if (found.kind === 'exhibit') return { path: '/evidence', values: { id: found.id } };
  if (found.case !== undefined) return { path: '/case', values: { id: found.case, tab: 'seizures' } };
  if (found.order !== undefined) return orderPlace(found.order);
  return session.may('evidence.read') ? { path: '/evidence', values: { q: found.number } } : undefined;
}

async function declaration(ref: string): Promise<Place | undefined> {
  if (!session.may('consignment.read')) return undefined;
  try {
    const { consignment } = await api.get('/api/declarations', { query: { ref }, purpose: 'search by reference' });
    return { path: '/queue', values: { sel: consignment } };
  } catch (e) {
    /* Another post's declaration is as little found as none. */
    if (e instanceof Problem && (e.status === 404 || e.status === 403)) return undefined;
    throw e;
  }
}

/** Nothing, when no record that one may see has it. */
export async function find(text: string): Promise<Place | undefined> {
  const number = numberIn(text);
  if (!NUMBER.test(number)) return declaration(number);
  return (await numbersOf(number)).map(placeOf).find((p) => p !== undefined) ?? declaration(number);
}
