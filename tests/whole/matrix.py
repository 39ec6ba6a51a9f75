"""The public declarations as a matrix to learn from (docs/formats.md), with features that a tree can use: codes, amounts,
and how often the same goods and route were bad in the rows before."""
import csv
import math
import struct

LABELLED = [('hs6',), ('hs6', 'departure'), ('hs6', 'departure', 'origin'), ('hs6', 'departure', 'tax'), ('hs4', 'origin'),
            ('hs2', 'departure')]
CODES = ['Office ID', 'Process Type', 'Import Type', 'Import Use', 'Payment Type', 'Mode of Transport', 'Declarant ID',
         'Importer ID', 'Seller ID', 'Courier ID', 'HS6 Code', 'Country of Departure', 'Country of Origin', 'Tax Type',
         'Country of Origin Indicator']
COUNTED = ['Declarant ID', 'Importer ID', 'Seller ID', 'HS6 Code']
NAN = float('nan')


class Features:
    """Learns codes and counts from the rows that it is told the answer of."""

    def __init__(self):
        self.codes, self.counts, self.history = {}, {}, {}
        self.names = ([f'code/{c}' for c in CODES] + [f'count/{c}' for c in COUNTED]
                      + ['rate', 'mass', 'price', 'log unit price', 'hs2']
                      + [f'{what}/{"+".join(keys)}' for keys in LABELLED for what in ('bad', 'n')])

    def keys(self, row):
        hs = row['HS6 Code']
        parts = {'hs6': hs, 'hs4': hs[:4], 'hs2': hs[:2], 'departure': row['Country of Departure'],
                 'origin': row['Country of Origin'], 'tax': row['Tax Type'] + row['Tax Rate']}
        return [(i, *(parts[k] for k in keys)) for i, keys in enumerate(LABELLED)]

    def of(self, row):
        mass, price = float(row['Net Mass']), float(row['Item Price'])
        x = [self.codes.setdefault((c, row[c]), len(self.codes)) if row[c] else NAN for c in CODES]
        x += [self.counts.get((c, row[c]), 0) for c in COUNTED]
        x += [float(row['Tax Rate']), mass if mass > 0 else NAN, price,
              math.log(price / mass) if mass > 0 and price > 0 else NAN, int(row['HS6 Code'][:2])]
        rate = 0.2
        for key in self.keys(row):
            n, bad = self.history.get(key, (0, 0))
            rate = (bad + 2 * rate) / (n + 2)
            x += [rate, n]
        return x

    def learn(self, row):
        for c in COUNTED:
            self.counts[c, row[c]] = self.counts.get((c, row[c]), 0) + 1
        for key in self.keys(row):
            n, bad = self.history.get(key, (0, 0))
            self.history[key] = (n + 1, bad + int(row['Fraud']))


def write(path, names, rows, labels, weights=None):
    head = b''.join(struct.pack('<H', len(n.encode())) + n.encode() for n in names)
    at = (32 + len(head) + 7) // 8 * 8
    with open(path, 'wb') as out:
        out.write(struct.pack('<8sIIQQ', b'TMGMAT1\n', len(names), weights is not None, len(rows), at) + head)
        out.write(b'\0' * (at - 32 - len(head)))
        for x in rows:
            out.write(struct.pack(f'<{len(names)}f', *x))
        out.write(bytes(labels))
        if weights is not None:
            out.write(b'\0' * (-len(rows) % 4) + struct.pack(f'<{len(rows)}f', *weights))


def from_csv(features, source, path, learn):
    with open(source, newline='') as text:
        rows = sorted(csv.DictReader(text), key=lambda r: r['Date'])
    x = []
    for row in rows:
        x.append(features.of(row))
        if learn:
            features.learn(row)
    labels = [int(r['Fraud']) for r in rows]
    write(path, features.names, x, labels)
    return labels
