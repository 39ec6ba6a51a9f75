#!/usr/bin/env python3
"""What is found of each planted scheme: rules alone, profiles, learned models, all together.

usage: bench/schemes.py TAMGA FOLDER [--scale PERCENT] [--days N] [--seed N]

Makes a demonstration world, trains models on its history, has a second person approve them, and ranks what approaches
in the seven days ahead - whose truth the centre never sees - by four ways of judging.  Printed is, for each kind of
scheme, the share of its bad consignments among the highest 2, 5 and 10 % of the flow by the probability of the scheme's
own harm.  FOLDER must not exist; it keeps the centre afterwards.
"""
import argparse
import collections
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

SHARES = (2, 5, 10)
WAYS = ('rules', 'profiles', 'models', 'together')


def run(*words, **more):
    done = subprocess.run(words, text=True, capture_output=True, **more)
    if done.returncode != 0:
        sys.exit(f'{" ".join(words)}: {done.stderr.strip()}')
    return done.stdout


def password(home, account):
    for line in (home / 'accounts.txt').read_text(encoding='utf-8').splitlines():
        name, secret = line.split()[:2]
        if name == account:
            return secret + '\n'
    sys.exit(f'{home}: no account {account}')


def train(tamga, home):
    said = run(tamga, 'train', '--home', str(home))
    for number in re.findall(r'model (\d+), [0-9a-f]+, is a candidate', said):
        run(tamga, 'model', 'challenge', number, '--home', str(home), '--note', 'to be compared')
        run(tamga, 'model', 'approve', number, '--home', str(home), '--note', 'better on later results', '--as', 'chief',
            input=password(home, 'chief'))
    return said


def strength(parts, sense, harm):
    """Sum of the weights that one sense's parts carry for a harm, as their authors gave them."""
    total = 0
    for part in parts:
        if part['sense'] == sense and part.get('harm', harm) == harm:
            weight = part.get('author_mdB')
            total += part['mdB'] if weight is None else weight
    return total


def read_scores(home):
    """By reference: for each way and harm, what the ranking goes by."""
    db = sqlite3.connect(f'file:{home}/centre.db?mode=ro', uri=True)
    champions = {harm: number for number, harm in
                 db.execute("SELECT id, harm FROM learned_model WHERE state = 'champion'")}
    learned = {(d, m): ppb for d, m, ppb in db.execute('SELECT declaration_id, model_id, ppb FROM learned_score')}
    scores = {}
    for ref, declaration, *ppb, parts in db.execute(
            'SELECT d.ref, a.declaration_id, a.fraud_ppb, a.critical_ppb, a.fraud_raw_ppb, a.critical_raw_ppb, a.parts '
            'FROM selection s JOIN declaration d ON d.id = s.declaration_id JOIN assessment a ON a.declaration_id = d.id '
            'AND a.as_of_ms = (SELECT max(x.as_of_ms) FROM assessment x WHERE x.declaration_id = d.id)'):
        parts = json.loads(parts)['parts'] if parts else []
        row = scores[ref] = {}
        for at, harm in enumerate(('fraud', 'critical')):
            rule = strength(parts, 'rule', harm)
            model = learned.get((declaration, champions.get(at)))
            row[harm] = {'rules': rule, 'profiles': ppb[2 + at], 'together': ppb[at],
                         'models': ppb[2 + at] if model is None else model}
    return scores, champions


def bad_ahead(truth):
    """(kind of scheme or 'other', harm) -> references."""
    bad = collections.defaultdict(set)
    planned = set()
    for scheme in truth['schemes']:
        for event in scheme['events']:
            if event['ahead'] and event['outcome'] != 'none':
                bad[scheme['kind'], scheme['harm']].add(event['ref'])
                planned.add(event['ref'])
    for one in truth['ahead']:
        if one['ref'] not in planned:
            bad['outside the schemes', one['harm']].add(one['ref'])
    return bad


def recall_table(scores, bad):
    rows = []
    tops = {}
    # What is critical counts as fraud too: found among the highest by P(fraud) it takes no place from fraud.
    others = {'critical': set(), 'fraud': set().union(*(refs for (_, harm), refs in bad.items() if harm == 'critical'))}
    for harm in ('fraud', 'critical'):
        for way in WAYS:
            ranked = sorted(scores.keys() - others[harm], key=lambda ref: (-scores[ref][harm][way], ref))
            for share in SHARES:
                tops[harm, way, share] = set(ranked[:-(-len(scores) * share // 100)])
    for (kind, harm), refs in sorted(bad.items(), key=lambda x: (x[0][1], x[0][0])):
        known = refs & scores.keys()
        rows.append((kind, harm, len(known),
                     [[len(known & tops[harm, way, share]) for share in SHARES] for way in WAYS]))
    return rows


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('tamga')
    ask.add_argument('folder')
    ask.add_argument('--scale', default='100')
    ask.add_argument('--days', default='90')
    ask.add_argument('--seed', default='1')
    given = ask.parse_args()
    home = pathlib.Path(given.folder)
    if not (home / 'tamga.ini').exists():
        print(run(given.tamga, 'demo', str(home), '--lived', '0', '--days', given.days, '--ahead', '7', '--scale', given.scale, '--seed',
                  given.seed))
        print(train(given.tamga, home))
    truth = json.loads((home / 'world' / 'truth.json').read_text(encoding='utf-8'))
    scores, champions = read_scores(home)
    print(f'{len(scores)} consignments in the seven days ahead; champions: '
          f'{", ".join(("fraud", "critical")[h] for h in sorted(champions)) or "none"}')
    head = ''.join(f'{way:>21}' for way in WAYS)
    print(f'{"scheme":<28}{"harm":<10}{"bad":>5}{head}\n{"":<43}' + ''.join(f'{"2 %":>9}{"5 %":>6}{"10 %":>6}' for _ in WAYS))
    for kind, harm, count, ways in recall_table(scores, bad_ahead(truth)):
        cells = ''.join(f'{w[0]:>9}{w[1]:>6}{w[2]:>6}' for w in ways)
        print(f'{kind:<28}{harm:<10}{count:>5}{cells}')
    for harm in ('fraud', 'critical'):
        expected = sum(s[harm]['together'] for s in scores.values()) / 1e9
        there = sum(len(r) for (_, h), r in bad_ahead(truth).items() if h == harm)
        print(f'sum of P({harm}): {expected:.1f}; there are {there}')


main()
