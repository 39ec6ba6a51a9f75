// The same rules on the same rows in other engines: hits must be equal, rates are rows a CPU-second of this process.
//
//   npm install && node peers.mjs ../../build/bench/rules/tamga-rules-bench [RULES 1000] [ROWS 200]
//
// Reading JSON, building and warming up are not counted.  Facts that a row does not state are null; the others have no
// third truth value, so `!=` also asks that there be a value.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZenEngine } from '@gorules/zen-engine';
import { Engine } from 'json-rules-engine';

const [bench, ruleCount = '1000', rowCount = '200'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tamga-peers-'));
const expected = Number(execFileSync(bench, ['peers', folder, ruleCount, rowCount], { encoding: 'utf8' }));
const rules = JSON.parse(readFileSync(join(folder, 'rules.json'), 'utf8'));
const rows = JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8'));
rmSync(folder, { recursive: true });

const fields = [...new Set(rules.flat().map((condition) => condition.field))];
for (const row of rows) for (const field of fields) row[field] ??= null;

const operators = {
  '=': 'equal', '!=': 'notEqual', in: 'in', '<': 'lessThan', '<=': 'lessThanInclusive', '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
};

function jsonRules() {
  const engine = new Engine();
  rules.forEach((conditions, i) => {
    const all = conditions.flatMap(({ field, op, texts, number }) => {
      const value = op === 'in' ? texts : texts ? texts[0] : number;
      const one = { fact: field, operator: operators[op], value };
      return op === '!=' ? [one, { fact: field, operator: 'notEqual', value: null }] : [one];
    });
    engine.addRule({ conditions: { all }, event: { type: String(i) } });
  });
  return async (row) => (await engine.run(row)).events.length;
}

function cell(conditions) {
  const quoted = (texts) => texts.map((text) => JSON.stringify(text)).join(', ');
  if (conditions.length === 0) return '';
  if (conditions.length === 2) {
    const low = conditions.find(({ op }) => op === '>=').number;
    return `[${low}..${conditions.find(({ op }) => op === '<=').number}]`;
  }
  const [{ op, texts, number }] = conditions;
  if (op === '!=') return `$ != null and $ != ${quoted(texts)}`;
  return texts ? quoted(texts) : `${op} ${number}`;
}

function zen() {
  const table = {
    hitPolicy: 'collect',
    inputs: fields.map((field) => ({ id: field, name: field, field })),
    outputs: [{ id: 'rule', name: 'rule', field: 'rule' }],
    rules: rules.map((conditions, i) => ({
      _id: `r${i}`,
      rule: String(i),
      ...Object.fromEntries(
        fields.map((field) => [field, cell(conditions.filter((condition) => condition.field === field))]),
      ),
    })),
  };
  const node = (id, type, content) => ({ id, name: id, type, position: { x: 0, y: 0 }, content });
  const edge = (id, sourceId, targetId) => ({ id, sourceId, targetId, type: 'edge' });
  const decision = new ZenEngine().createDecision(
    Buffer.from(
      JSON.stringify({
        contentType: 'application/vnd.gorules.decision',
        nodes: [node('in', 'inputNode'), node('table', 'decisionTableNode', table), node('out', 'outputNode')],
        edges: [edge('a', 'in', 'table'), edge('b', 'table', 'out')],
      }),
    ),
  );
  return async (row) => (await decision.evaluate(row)).result.length;
}

async function measure(name, hitsOf) {
  await hitsOf(rows[0]);
  let hits = 0;
  const from = process.cpuUsage();
  for (const row of rows) hits += await hitsOf(row);
  const { user, system } = process.cpuUsage(from);
  const rate = (rows.length / (user + system)) * 1e6;
  console.log(`${name.padEnd(18)} ${rate.toFixed(1).padStart(10)} rows a CPU-second, ${hits} hits`);
  if (hits !== expected) process.exitCode = 1;
}

console.log(`${rules.length} rules, ${rows.length} rows; Tamga finds ${expected} hits`);
await measure('json-rules-engine', jsonRules());
await measure('zen-engine', zen());
