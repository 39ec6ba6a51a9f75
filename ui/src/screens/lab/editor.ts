/* CodeMirror in a shadow of its own: its style sheets are then constructed ones, which a strict policy allows. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { linter, lintKeymap, type Diagnostic } from '@codemirror/lint';
import { Compartment, EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, tooltips } from '@codemirror/view';
import type { RuleFault } from '../../lib/api';
import { COLOURS, completion, highlighting, type Language } from './language';
import { saying } from '../../lib/said.svelte';

interface Wanted {
  label: string;
  text: string;
  language: Language;
  readonly: boolean;
  onchange: (text: string) => void;
  /** The faults of a text; asked when somebody has stopped typing. */
  check: (text: string) => Promise<RuleFault[]>;
}

export interface Editor {
  setText: (text: string) => void;
  setReadonly: (readonly: boolean) => void;
  setLabel: (label: string) => void;
  focus: () => void;
  /** Puts the cursor where a fault is. */
  goTo: (fault: RuleFault) => void;
  destroy: () => void;
}

const PAUSE_MS = 350;

const THEME = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--accent)', padding: 'var(--gap-2) 0' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--ink-2)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--ground)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-wash)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--accent-wash)', outline: 'none' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--red)',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--yellow)',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-tooltip': {
    border: 'var(--hairline) solid var(--edge)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-small)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', fontFamily: 'var(--mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-wash)',
    color: 'var(--ink)',
  },
  '.cm-completionDetail': { color: 'var(--ink-2)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--accent)' },
  '.cm-diagnostic': { maxWidth: '60ch', whiteSpace: 'pre-wrap', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--red)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--yellow)' },
});

/* The centre counts bytes of the line, the editor counts UTF-16. */
function placeOf(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(doc.lines, line)));
  const bytes = new TextEncoder().encode(at.text).slice(0, Math.max(0, column - 1));
  return at.from + Math.min(at.length, new TextDecoder().decode(bytes).length);
}

function diagnosticOf(doc: Text, fault: RuleFault): Diagnostic {
  const from = placeOf(doc, fault.line, fault.column);
  const to = placeOf(doc, fault.line, fault.column + Math.max(1, fault.length));
  return {
    from: Math.min(from, doc.length),
    to: Math.max(to, Math.min(from + 1, doc.length)),
    severity: fault.error ? 'error' : 'warning',
    message: [saying(fault, fault.said).text, fault.help === null ? '' : saying(fault.help_said, fault.help).text].filter((x) => x !== '').join('\n'),
  };
}

/** Ctrl+Enter and Ctrl+S belong to the screen; Escape leaves the editor, so that its single keys hold again. */
const KEYS = keymap.of([
  ...closeBracketsKeymap,
  ...completionKeymap,
  ...lintKeymap,
  ...historyKeymap,
  ...defaultKeymap.filter((k) => k.key !== 'Mod-Enter'),
  { key: 'Escape', run: (view) => (view.contentDOM.blur(), true) },
]);

export function openEditor(host: HTMLElement, wanted: Wanted): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const readonly = new Compartment();
  const label = new Compartment();
  const readonlyOf = (on: boolean) => [EditorState.readOnly.of(on), EditorView.editable.of(true)];
  const labelOf = (words: string) => EditorView.contentAttributes.of({ 'aria-label': words, spellcheck: 'false' });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: wanted.text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentUnit.of('  '),
        highlighting(wanted.language),
        syntaxHighlighting(COLOURS),
        autocompletion({ override: [completion(wanted.language)], icons: false }),
        linter(async (v) => (await wanted.check(v.state.doc.toString())).map((f) => diagnosticOf(v.state.doc, f)), {
          delay: PAUSE_MS,
        }),
        tooltips({ tooltipSpace: () => host.getBoundingClientRect() }),
        EditorView.lineWrapping,
        EditorView.updateListener.of((u) => u.docChanged && wanted.onchange(u.state.doc.toString())),
        readonly.of(readonlyOf(wanted.readonly)),
        label.of(labelOf(wanted.label)),
        THEME,
        KEYS,
      ],
    }),
  });
  return {
    setText: (text) => {
      if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setReadonly: (on) => view.dispatch({ effects: readonly.reconfigure(readonlyOf(on)) }),
    setLabel: (words) => view.dispatch({ effects: label.reconfigure(labelOf(words)) }),
    focus: () => view.focus(),
    goTo: (fault) => {
      view.dispatch({ selection: { anchor: placeOf(view.state.doc, fault.line, fault.column) }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
