/* The keyboard: each screen and each dialog lays its keys over those below it. `?` shows the keys that hold now. */
import { onMount } from 'svelte';
import type { Key } from '../i18n/index.svelte';

export interface KeyBinding {
  /** "j", "Shift+j", "Ctrl+k", "Enter", "?": the first is the one that is shown. */
  on: string | string[];
  label: Key;
  run: (e: KeyboardEvent) => void;
  /** The key holds only then. */
  when?: () => boolean;
  /** The key holds also while somebody types in a field. */
  typing?: boolean;
  /** Not worth a line in the list of keys. */
  silent?: boolean;
}
interface Layer {
  bindings: () => KeyBinding[];
  /** Nothing below it hears a key. */
  alone: boolean;
}

let stack = $state.raw<Layer[]>([]);

/* On a keyboard with Cyrillic or Azerbaijani letters the same place on the board does the same. */
function nameOf(e: KeyboardEvent): string {
  if (e.key.length > 1) return e.key;
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(e.code)?.[1];
  const plain = /^[\x21-\x7e]$/.test(e.key) ? e.key : (place ?? e.key);
  return plain === ' ' ? 'Space' : plain.toLowerCase();
}

/** "Ctrl+k", "Shift+j", "?", "Enter". */
export function chordOf(e: KeyboardEvent): string {
  const name = nameOf(e);
  const shifted = e.shiftKey && (name.length > 1 || /[a-z]/.test(name));
  return `${e.ctrlKey || e.metaKey ? 'Ctrl+' : ''}${e.altKey ? 'Alt+' : ''}${shifted ? 'Shift+' : ''}${name}`;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/* Enter and Space belong to the button or link that has the focus. */
function belongsToFocus(e: KeyboardEvent): boolean {
  const presses = e.key === 'Enter' || e.key === ' ';
  return presses && e.target instanceof HTMLElement && e.target.matches('button, a[href], summary, [role="tab"]');
}

function heard(e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing) return;
  const chord = chordOf(e);
  const typing = isTyping(e.composedPath()[0] ?? e.target);
  for (const layer of [...stack].reverse()) {
    const found = layer.bindings().find((b) => [b.on].flat().includes(chord) && (b.when?.() ?? true));
    if (found && (found.typing || (!typing && !belongsToFocus(e)))) {
      e.preventDefault();
      found.run(e);
      return;
    }
    if (layer.alone) return;
  }
}
addEventListener('keydown', heard);

/** In a component: these keys hold as long as it is there. */
export function useKeys(bindings: () => KeyBinding[], alone = false): void {
  onMount(() => {
    const layer = { bindings, alone };
    stack = [...stack, layer];
    return () => (stack = stack.filter((l) => l !== layer));
  });
}

/** The keys that hold now, the nearest first, each once. */
export function presentKeys(): KeyBinding[] {
  const seen = new Set<string>();
  const found: KeyBinding[] = [];
  for (const layer of [...stack].reverse()) {
    for (const b of layer.bindings()) {
      const first = [b.on].flat()[0] ?? '';
      if (b.silent || seen.has(first) || !(b.when?.() ?? true)) continue;
      seen.add(first);
      found.push(b);
    }
    if (layer.alone) break;
  }
  return found;
}
