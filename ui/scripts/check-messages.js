// Fails when a message is missing in a language, is used nowhere, names other parameters, or lacks a plural form.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src', import.meta.url));
const LANGS = ['en', 'az', 'ru'];
const faults = [];

function messagesOf(lang) {
  const all = {};
  const index = readFileSync(join(source, 'i18n', `${lang}.ts`), 'utf8');
  for (const file of readdirSync(join(source, 'i18n', lang)).sort()) {
    if (file === 'countries.json' || file === 'said.json') continue; // said.json: tests/lint/said.py
    if (!index.includes(`'./${lang}/${file}'`)) faults.push(`${lang}.ts does not take in ${lang}/${file}`);
    Object.assign(all, JSON.parse(readFileSync(join(source, 'i18n', lang, file), 'utf8')));
  }
  return all;
}

function paramsOf(message) {
  const forms = typeof message === 'string' ? [message] : Object.values(message);
  return [...new Set(forms.flatMap((f) => [...f.matchAll(/\{(\w+)\}/g)].map((m) => m[1])))].sort().join(',');
}

function checkPlural(lang, key, message) {
  const wanted = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
  const missing = wanted.filter((c) => !(c in message));
  if (missing.length > 0) faults.push(`${lang}: ${key} lacks the plural form ${missing.join(', ')}`);
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const path = join(folder, e.name);
    if (e.isDirectory()) return e.name === 'i18n' ? [] : filesOf(path);
    return /\.(svelte|ts)$/.test(e.name) ? [path] : [];
  });
}

const messages = Object.fromEntries(LANGS.map((l) => [l, messagesOf(l)]));
for (const lang of LANGS) {
  for (const key of Object.keys(messages.en)) if (!(key in messages[lang])) faults.push(`${lang}: ${key} is missing`);
  for (const [key, message] of Object.entries(messages[lang])) {
    if (!(key in messages.en)) faults.push(`${lang}: ${key} is not in English`);
    else if (paramsOf(message) !== paramsOf(messages.en[key])) faults.push(`${lang}: ${key} names other parameters`);
    if (typeof message !== 'string') checkPlural(lang, key, message);
  }
}

// A key is used when it stands in quotes, or when a template such as `lane.${lane}` can make it.
const code = filesOf(source).map((f) => readFileSync(f, 'utf8')).join('\n');
const patterns = [...code.matchAll(/`([a-z][\w.]*\.(?:\$\{[^`]*?\}[\w.]*)+)`/g)].map(
  (m) => new RegExp(`^${m[1].replace(/\$\{.*?\}/g, '§').replaceAll('.', '\\.').replaceAll('§', '.+')}$`),
);
for (const key of Object.keys(messages.en))
  if (!code.includes(`'${key}'`) && !code.includes(`"${key}"`) && !patterns.some((p) => p.test(key)))
    faults.push(`${key} is used nowhere`);

for (const f of faults) console.error(f);
console.log(`messages: ${Object.keys(messages.en).length} in ${LANGS.join(', ')}; ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
