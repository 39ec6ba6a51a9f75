"""A centre whose database is of an older schema, with rows in it, is opened by this program: nothing is lost."""
import contextlib
import hashlib
import sqlite3

import harness
import tap

OLD = 6
MIGRATIONS = sorted((harness.SOURCE / 'src/store/migrations').glob('[0-9]*.sql'))
MACROS = {'{ID}': 'INTEGER PRIMARY KEY', '{BLOB}': 'BLOB', '{STRICT_ROWLESS}': 'STRICT, WITHOUT ROWID', '{STRICT}': 'STRICT'}


def columns(db, table, of='main'):
    return [row[1] for row in db.execute(f'PRAGMA {of}.table_info({table})')]


def to_old_schema(home):
    """Puts a database of schema 6 in place of the centre's, with all of its rows that fit there."""
    newer, old = home / 'newer.db', home / 'centre.db'
    with contextlib.closing(sqlite3.connect(old)) as db:
        db.execute(f"VACUUM INTO '{newer}'")
    for name in ('centre.db', 'centre.db-wal', 'centre.db-shm'):
        (home / name).unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(newer)) as db:
        marks = [db.execute(f'PRAGMA {p}').fetchone()[0] for p in ('application_id', 'user_version', 'page_size')]
        version_table = db.execute("SELECT sql FROM sqlite_master WHERE name = 'schema_version'").fetchone()[0]
    with contextlib.closing(sqlite3.connect(old)) as db:
        for pragma, value in zip(('page_size', 'application_id', 'user_version'), (marks[2], marks[0], marks[1])):
            db.execute(f'PRAGMA {pragma} = {value}')
        db.execute('PRAGMA journal_mode = WAL')
        db.execute(version_table)
        for number, path in enumerate(MIGRATIONS[:OLD], start=1):
            text = path.read_text(encoding='ascii')
            sql = text
            for macro, words in MACROS.items():
                sql = sql.replace(macro, words)
            db.executescript(sql)
            db.execute('INSERT INTO schema_version VALUES (?, ?, ?, 0)', (number, path.stem, hashlib.sha256(text.encode()).hexdigest()))
        db.execute(f"ATTACH '{newer}' AS newer")
        for table, in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            if table in ('schema_version', 'case_party', 'incident'):
                continue
            both = ', '.join(c for c in columns(db, table) if c in columns(db, table, 'newer'))
            db.execute(f'INSERT OR REPLACE INTO main.{table} ({both}) SELECT {both} FROM newer.{table}')
        db.execute("DELETE FROM flow_item WHERE kind = 'incident'")
        db.commit()
        db.execute('DETACH newer')
    newer.unlink()


def put_rows(home):
    """A case with two parties and an incident, as schema 6 kept them."""
    with contextlib.closing(sqlite3.connect(home / 'centre.db')) as db:
        account = db.execute("SELECT id FROM account WHERE role = 'investigator'").fetchone()[0]
        parties = [row[0] for row in db.execute('SELECT id FROM party ORDER BY id LIMIT 2')]
        case = db.execute("INSERT INTO case_file (number, title, opened_ms, opened_by) VALUES ('C-2025-000777', 'from before', 1000, ?)",
                          (account,)).lastrowid
        db.execute("INSERT INTO flow_item (kind, about_id, state, since_ms, author_id) VALUES ('case', ?, 'open', 1000, ?)", (case, account))
        for party, role in zip(parties, ('consignor', 'consignee')):
            db.execute('INSERT INTO case_party (case_id, party_id, role) VALUES (?, ?, ?)', (case, party, role))
        db.execute('INSERT INTO case_party (case_id, party_id, role) VALUES (?, ?, ?)', (case, parties[0], 'carrier'))
        incident = db.execute("INSERT INTO incident (about, kind, words, at_ms, account_id) VALUES ('exhibit:1', 'seal_differs', 'read as X', 2000, ?)",
                              (account,)).lastrowid
        db.commit()
        return account, case, parties, incident


def test_a_database_of_schema_6_with_parties_and_incidents_moves_on_whole():
    with harness.Centre() as centre:
        to_old_schema(centre.home)
        account, case, parties, incident = put_rows(centre.home)
        assert 'heroin' in centre.tamga('substance', 'list')
        with contextlib.closing(sqlite3.connect(centre.home / 'centre.db')) as db:
            assert db.execute('SELECT max(version) FROM schema_version').fetchone()[0] == len(MIGRATIONS)
            assert db.execute('SELECT case_id, party_id, role, at_ms, account_id, ended_ms FROM case_party ORDER BY party_id, role').fetchall() == \
                [(case, parties[0], 'carrier', 1000, account, None), (case, parties[0], 'consignor', 1000, account, None),
                 (case, parties[1], 'consignee', 1000, account, None)]
            assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'case_party_before'").fetchone()[0] == 0
            item, state = db.execute("SELECT id, state FROM flow_item WHERE kind = 'incident' AND about_id = ?", (incident,)).fetchone()
            assert state == 'opened'
            assert db.execute('SELECT at_ms, account_id, to_state FROM flow_past WHERE item_id = ?', (item,)).fetchall() == [(2000, account, 'opened')]
            assert db.execute('PRAGMA integrity_check').fetchone()[0] == 'ok'
        with contextlib.closing(sqlite3.connect(centre.home / f'centre.db.before-{OLD + 1:04d}')) as copy:
            assert copy.execute('SELECT count(*) FROM case_party').fetchone()[0] == 3, 'the copy of before'
        centre.serve()
        who = centre.sign_in('investigator')
        status, _, body = who.request('GET', f'/api/cases/{case}')
        assert status == 200, body
        assert sorted(p['role'] for p in body['parties']) == ['carrier', 'consignee', 'consignor'], body['parties']


if __name__ == '__main__':
    tap.main()
