/* A refusal as short news, in the language that is shown where casework has words for it. */
import { Problem } from '../../lib/api';
import { toasts } from '../../lib/toasts.svelte';
import { refusalWords } from './refusals';

export function tellFault(e: unknown): void {
  const text = e instanceof Problem ? refusalWords(e.code, e.params) : undefined;
  if (text === undefined) toasts.fault(e);
  else toasts.show({ kind: 'fault', text, stay: 12000 });
}
