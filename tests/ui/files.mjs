/* Files to import: made-up raisins at the centre's own posts, some rows of which are wrong. */
const HEAD = 'ref,lodged,regime,post,hs,net_kg,gross_kg,value,currency,description,origin,consignee_code,consignee_name';
const BAD_POST = 7;
const BAD_CODE = 11;

/** Rows whose post or commodity code is wrong, told by their number. */
function isBad(i) {
  return i % BAD_POST === 3 || i % BAD_CODE === 5;
}

function row(i, posts) {
  const post = i % BAD_POST === 3 ? 'ZZ99' : posts[i % posts.length];
  const hs = i % BAD_CODE === 5 ? '77' : '080620';
  const price = (312.5 * i).toFixed(2);
  return `T-${1000 + i},2026-09-16T05:15:30+04:00,import,${post},${hs},${20 * i},${21 * i},${price},AZN,"raisins, dry",IR,C${i % 4},Trader ${i % 4}`;
}

export function ownCsv(rows, posts) {
  const numbers = Array.from({ length: rows }, (_, i) => i + 1);
  const text = [HEAD, ...numbers.map((i) => row(i, posts)), ''].join('\n');
  return { text, bad: numbers.filter(isBad).length };
}

/** The same world in somebody else's columns, and the mapping that reads them. */
export function foreignCsv(post) {
  return {
    text: `No;Day;Office;Code;Kilos;Price\nF-1;2026-09-16;${post};080620;21,5;312,50\nF-2;2026-09-16;${post};080620;1,5;12,50\n`,
    mapping: [
      '[file]',
      'separator = semicolon',
      'decimal = comma',
      'date = iso',
      'rows = declarations',
      '[columns]',
      'ref = No',
      'lodged = Day',
      'post = Office',
      'hs = Code',
      'gross_kg = Kilos',
      'value = Price',
      '[constants]',
      'regime = import',
      'currency = AZN',
      '',
    ].join('\n'),
  };
}
