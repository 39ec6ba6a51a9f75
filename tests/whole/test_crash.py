"""SIGKILL at random moments while declarations come in by HTTP and by file: nothing acknowledged is lost, nothing is
half there, and the log verifies afterwards."""
import json
import os
import random
import sqlite3
import threading
import time

import harness
import tap
from harness import Centre, run

ROUNDS = int(os.environ.get('TAMGA_CRASH_ROUNDS', '50'))
FEEDERS = 3
centre = None
acknowledged = {}  # reference -> items
random.seed(11)


def declaration(ref, items, post):
    return {'ref': ref, 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T18:00:00+04:00', 'regime': 'import',
            'post': post, 'departure': 'IR', 'destination': 'AZ', 'currency': 'AZN',
            'consignee': {'code': 'C-' + ref[:4], 'name': 'Trader'},
            'items': [{'item_no': n + 1, 'hs': '080610', 'description': 'grapes', 'origin': 'IR', 'gross_kg': '120', 'net_kg': '100',
                       'value': '500.00'} for n in range(items)]}


def feed(session, name, post, stop):
    number = 0
    while not stop.is_set():
        number += 1
        ref, items = f'{name}-{number}', random.randrange(1, 4)
        try:
            status, _, body = session.request('POST', '/api/declarations', declaration(ref, items, post))
        except OSError:
            return
        except Exception:
            if stop.is_set():
                return
            raise
        if status in (200, 201):
            acknowledged[ref] = items


def drop_file(number, post):
    lines = ''.join(json.dumps(declaration(f'F{number}-{i}', 1, post)) + '\n' for i in range(3000))
    path = centre.home / 'inbox' / f'f{number}.jsonl'
    path.with_suffix('.tmp').write_text(lines)
    old = time.time() - 60
    os.utime(path.with_suffix('.tmp'), (old, old))
    path.with_suffix('.tmp').rename(path)


def one_round(number, post):
    if number % 5 == 0:
        drop_file(number, post)
    centre.serve()
    stop = threading.Event()
    feeders = []
    for i in range(FEEDERS):
        session = centre.sign_in('analyst')
        feeders.append(threading.Thread(target=feed, args=(session, f'R{number}S{i}', post, stop)))
    for f in feeders:
        f.start()
    time.sleep(random.uniform(0.02, 0.6))
    stop.set()
    centre.kill()
    for f in feeders:
        f.join()


def test_nothing_acknowledged_is_lost():
    global centre
    centre = Centre()
    post = json.loads(centre.tamga('queue', '--json', '--most', '1'))['post']
    for number in range(ROUNDS):
        one_round(number, post)
    assert len(acknowledged) > ROUNDS, len(acknowledged)
    db = sqlite3.connect(f'file:{centre.home}/centre.db?mode=ro', uri=True)
    lost = [ref for ref, items in acknowledged.items()
            if db.execute('SELECT count(*) FROM item i JOIN declaration d ON d.id = i.declaration_id WHERE d.ref = ? AND d.version = 1',
                          (ref,)).fetchone()[0] != items]
    db.close()
    print(f'# {ROUNDS} kills, {len(acknowledged)} acknowledged declarations')
    assert not lost, lost[:5]


def test_nothing_is_half_there():
    db = sqlite3.connect(f'file:{centre.home}/centre.db?mode=ro', uri=True)
    assert db.execute('PRAGMA integrity_check').fetchone()[0] == 'ok'
    for words, sql in (
            ('a declaration without items', 'SELECT ref FROM declaration d WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.declaration_id = d.id)'),
            ('a declaration without assessment', 'SELECT ref FROM declaration d WHERE NOT EXISTS (SELECT 1 FROM assessment a WHERE a.declaration_id = d.id)'),
            ('an item without declaration', 'SELECT declaration_id FROM item i WHERE NOT EXISTS (SELECT 1 FROM declaration d WHERE d.id = i.declaration_id)'),
            ('a fed declaration without selection', "SELECT ref FROM declaration d WHERE ref LIKE 'R%S%-%' AND NOT EXISTS (SELECT 1 FROM selection s WHERE s.consignment_id = d.consignment_id)")):
        found = db.execute(sql).fetchall()
        assert not found, (words, found[:3])
    leaves = {json.loads(entry)['ref'] for (entry,) in db.execute("SELECT entry FROM log_leaf WHERE entry LIKE '%\"declaration.lodged\"%'")}
    db.close()
    missing = set(acknowledged) - leaves
    assert not missing, ('lodged but not in the log', list(missing)[:3])


def test_the_log_verifies_afterwards():
    centre.tamga('log', 'export', centre.folder / 'copy')
    assert 'whole' in run(centre.folder / 'copy', program=harness.VERIFY)


def cleanup():
    if centre:
        if centre.server:
            centre.kill()
        centre.close()
    harness.forget_made()


tap.main()
