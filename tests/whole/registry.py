"""Cases, seizures and suspects written straight into a test centre's database, as an office would have entered them."""
import datetime
import itertools
import sqlite3

BAKU = datetime.timezone(datetime.timedelta(hours=4))
TABLES = ('case_file', 'seizure', 'substance_line', 'suspect', 'crime_group', 'exhibit', 'custody', 'published_report', 'published_earlier', 'case_access')


def at(*when):
    return int(datetime.datetime(*when, tzinfo=BAKU).timestamp() * 1000)


class Registry:
    numbers = itertools.count(1)

    def __init__(self, home):
        self.db = sqlite3.connect(home / 'centre.db', timeout=30)
        self.db.execute('PRAGMA synchronous = OFF')

    def put(self, table, **row):
        marks = ', '.join('?' * len(row))
        return self.db.execute(f'INSERT INTO {table} ({", ".join(row)}) VALUES ({marks})', list(row.values())).lastrowid

    def empty(self):
        for table in TABLES:
            self.db.execute(f'DELETE FROM {table}')
        self.db.commit()

    def case(self, when, kind='smuggling', **more):
        return self.put('case_file', number=f'C-{next(self.numbers):07d}', title='a case', opened_ms=when, opened_by=1, fact_kind=kind, **more)

    def seizure(self, case, when, direction='inland', **more):
        return self.put('seizure', number=f'S-{next(self.numbers):07d}', case_id=case, seized_ms=when, offset_min=240, place_kind='road',
                        direction=direction, unit='mobile group', trigger_kind='rule', concealment='cab', recorded_ms=when, recorded_by=1, **more)

    def line(self, seizure, substance, mass=None, **more):
        row = {'form': 'powder', 'stage': 'seized', 'at_ms': 0, 'account_id': 1, **more}
        return self.put('substance_line', seizure_id=seizure, substance=substance, mass_mg=mass, **row)

    def suspect(self, case, **more):
        row = {'name': '-', 'role': 'driver', 'sex': 'm', 'citizenship': 'AZ', 'at_ms': 0, 'account_id': 1, **more}
        return self.put('suspect', case_id=case, **row)
