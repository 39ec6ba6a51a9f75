/* What is wrong with a form, for the fields inside it. */
import { getContext, setContext } from 'svelte';
import type { SvelteSet } from 'svelte/reactivity';
import type { Key } from '../../i18n/index.svelte';

interface FormFaults {
  /** None before the first try to send. */
  shown: () => Key[];
  /** Those that a field says itself. */
  beside: SvelteSet<Key>;
}
const NAME = Symbol('faults');

export const formFaults = {
  set: (f: FormFaults) => setContext(NAME, f),
  get: () => getContext<FormFaults | undefined>(NAME),
};
