// Fails when what a browser loads before the first screen shows is more than the limit.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 120;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
const sizeOf = (file) => gzipSync(readFileSync(dist + file)).length / 1000;

function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
}

const first = closure('index.html');
const words = ['az', 'en', 'ru'].map((l) => sizeOf(manifest[`src/i18n/${l}.ts`].file));
const initial = [...first].reduce((sum, key) => sum + sizeOf(manifest[key].file), 0) + Math.max(...words);
console.log(`first load: ${initial.toFixed(1)} kB gzip of ${LIMIT_KB} (with the longest language)`);
for (const [key, entry] of Object.entries(manifest)) {
  if (!entry.isDynamicEntry || key.startsWith('src/i18n/')) continue;
  const own = [...closure(key)].filter((k) => !first.has(k)).reduce((sum, k) => sum + sizeOf(manifest[k].file), 0);
  console.log(`  ${key}: ${own.toFixed(1)} kB more`);
}
console.log(`${readdirSync(`${dist}assets`).length} files`);
process.exit(initial > LIMIT_KB ? 1 : 0);
