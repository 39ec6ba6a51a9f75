/* Where the keyboard goes when the control that it was on is gone. */
import { tick } from 'svelte';

/** To the first control inside the element of this id, or to the element itself, unless the focus stands somewhere. */
export async function focusNext(id: string): Promise<void> {
  await tick();
  const at = document.activeElement;
  const place = document.getElementById(id);
  if (place === null || (at !== null && at !== document.body && at !== place && at.checkVisibility() && !(at as HTMLButtonElement).disabled)) return;
  const first = place.matches(CONTROL) ? place : place.querySelector<HTMLElement>(CONTROL);
  (first ?? place).focus();
}

const CONTROL = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary';
