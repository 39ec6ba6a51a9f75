/* The rule language in the editor: colours and completion. The words come from the centre, so that the editor never knows
 * another language than the one that judges. */
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { HighlightStyle, StreamLanguage, type StringStream } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import type { Routes } from '../../lib/api';
import { saying } from '../../lib/said.svelte';

export type Language = Routes['rule_language']['response'];

const WORD = /^[A-Za-z_][\w.]*/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:%|\s?(?:kg|t|g|h|d|dB)\b)?/;

/** What stands at the stream, by the names of tags. */
function tokenOf(stream: StringStream, keywords: Set<string>, names: Set<string>): string | null {
  if (stream.eatSpace()) return null;
  if (stream.eat('#')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.eat('"')) {
    for (let c = stream.next(); c !== undefined && c !== '"'; c = stream.next()) if (c === '\\') stream.next();
    return 'string';
  }
  if (stream.match(NUMBER)) return 'number';
  if (stream.match(WORD)) {
    const word = stream.current();
    if (keywords.has(word)) return 'keyword';
    return names.has(word) ? 'propertyName' : 'variableName';
  }
  stream.next();
  return 'operator';
}

export function highlighting(language: Language): StreamLanguage<unknown> {
  const keywords = new Set(language.keywords);
  const names = new Set([...language.fields.map((f) => f.name), ...language.functions.map((f) => f.name)]);
  return StreamLanguage.define({
    name: 'rule',
    token: (stream) => tokenOf(stream, keywords, names),
    languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '{', '"'] } },
  });
}

/** The colours stay few: what is fixed, what is a fact, what is a value. */
export const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.propertyName, color: 'var(--blue)' },
  { tag: tags.string, color: 'var(--green)' },
  { tag: tags.number, color: 'var(--yellow)' },
  { tag: tags.comment, color: 'var(--ink-2)', fontStyle: 'italic' },
]);

function wordsOf(language: Language): Completion[] {
  return [
    ...language.fields.map((f) => ({
      label: f.name,
      type: 'property',
      detail: f.unit === '' ? f.type : `${f.type}, ${f.unit}`,
      info: saying({ code: f.words }, f.words).text,
      boost: 1,
    })),
    ...language.functions.map((f) => ({ label: f.form, displayLabel: f.form, type: 'function', info: saying({ code: f.words }, f.words).text })),
    ...language.keywords.map((label) => ({ label, type: 'keyword' })),
  ];
}

/* Inside a text only the names of lists and signals are known. */
function inText(before: string, pos: number, language: Language): CompletionResult | null {
  const list = /list\("([^"]*)$/.exec(before);
  if (list !== null)
    return {
      from: pos - list[1]!.length,
      options: language.lists.map((l) => ({ label: l.name, detail: l.title })),
    };
  const signal = /signal\("([^"]*)$/.exec(before);
  if (signal === null) return null;
  return { from: pos - signal[1]!.length, options: language.signals.map((label) => ({ label })) };
}

export function completion(language: Language): CompletionSource {
  const words = wordsOf(language);
  const posts = language.posts.map((p) => ({ label: p.code, detail: p.name }));
  return (context: CompletionContext) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if ((before.split('"').length - 1) % 2 === 1) return inText(before, context.pos, language);
    if (before.includes('#')) return null;
    const word = context.matchBefore(/[\w.]+/);
    if (word === null && !context.explicit) return null;
    const options = /\bposts\s[^=]*$/.test(before) ? posts : words;
    return { from: word?.from ?? context.pos, options, validFor: /^[\w.]*$/ };
  };
}
