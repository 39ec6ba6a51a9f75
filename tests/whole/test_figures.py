"""Random registries: the program's figures against an independent count over the database, everything that must add up, and what
stands behind each figure for those who may read it."""
import collections
import csv
import datetime
import io
import json
import random
import sqlite3

import harness
from harness import Centre, CommandFailed
from registry import BAKU, Registry, at
import tap

FROM, TO = (2021, 1, 1), (2021, 9, 30)
PERIOD = ('--from', '2021-01-01', '--to', '2021-09-30')
QUERY = 'from=2021-01-01&to=2021-09-30'
PIECES = ('tablet', 'capsule', 'ampoule', 'plant', 'piece')
TOTAL = ('narcotic', 'psychotropic', 'other')
SUBSTANCES = ('heroin', 'opium', 'hashish', 'marijuana', 'methamphetamine', 'mdma', 'methadone', 'tramadol', 'pregabalin', 'acetic_anhydride',
              'cannabis_plant', 'poppy_straw', 'other')
centre, sessions = None, {}


def ready():
    global centre
    if centre is None:
        centre = Centre()
        centre.serve()
        for role in ('chief', 'statistician', 'investigator', 'auditor'):
            sessions[role] = centre.sign_in(role)
    return centre


# ---- a registry of any shape ----

def when(rng):
    """Around the period: a fifth before it, a fifth behind it, and its very first and last instants."""
    first, last = at(*FROM), at(*TO) + 86400000 - 1
    return rng.choice([rng.randint(first, last)] * 6 + [first, last, first - 1, last + 1, rng.randint(first - 10**10, first - 1), rng.randint(last + 1, last + 10**10)])


def amounts(rng, substance):
    kind = rng.choice(PIECES)
    row = {}
    if rng.random() < 0.8:
        row['mass_mg'] = rng.randint(1, rng.choice((5, 10**6, 10**8)))
    if rng.random() < 0.15:
        row['volume_ul'] = rng.randint(1, 10**8)
    if rng.random() < 0.3 or not row:
        row.update(count=rng.randint(1, 5000), count_kind=kind)
    if substance in ('cannabis_plant', 'marijuana') and rng.random() < 0.6:
        row.update(growth=rng.choice(('cultivated', 'wild')), area_m2=rng.choice((None, rng.randint(1, 10**6))))
    row.update(gross=rng.random() < 0.1, estimated=rng.random() < 0.1)
    return row


def enter_line(r, rng, seizure, substance, **more):
    row = amounts(rng, substance)
    return r.line(seizure, substance, row.pop('mass_mg', None), **row, **more)


def enter_lines(r, rng, seizure):
    for _ in range(rng.randint(0, 4)):
        line = enter_line(r, rng, seizure, rng.choice(SUBSTANCES))
        while rng.random() < 0.35:
            line = enter_line(r, rng, seizure, rng.choice(SUBSTANCES), replaces=line, stage=rng.choice(('confirmed', 'seized')))


def enter_case(r, rng, opened):
    case = r.case(opened, rng.choice(('smuggling', 'sale', 'possession', 'cultivation', 'other')))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        z = r.seizure(case, opened if rng.random() < 0.8 else when(rng), rng.choice(('import', 'export', 'transit', 'inland')),
                      prevented_transit=rng.random() < 0.2, value_minor=rng.choice((None, rng.randint(1, 10**9))), value_currency=rng.choice(('AZN', 'USD')))
        enter_lines(r, rng, z)
        if rng.random() < 0.3:
            exhibit = r.put('exhibit', number=f'E-{next(r.numbers)}', seizure_id=z, line_id=1, words='a bag', made_ms=opened)
            r.put('custody', exhibit_id=exhibit, no=1, at_ms=when(rng), act=rng.choice(('destroyed', 'stored')), from_whom='a', to_whom='b', place='c',
                  purpose='-', net_mg=rng.choice((None, rng.randint(1, 10**9))), previous_hash='', hash='', account_id=1)
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        r.suspect(case, sex=rng.choice('mmmfx'), birth_year=rng.choice((None, rng.randint(1950, 2008))), citizenship=rng.choice(('AZ', 'AZ', 'IR', 'TR', 'GE', 'XX')),
                  previous_record=rng.random() < 0.2, occupation=rng.choice((None, 'driver', 'worker', 'student')))
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        r.put('crime_group', case_id=case, name='a group', at_ms=0, account_id=1)
    return case


def enter_registry(seed):
    rng = random.Random(seed)
    r = Registry(ready().home)
    r.empty()
    cases = [enter_case(r, rng, when(rng)) for _ in range(rng.randint(0, 60))]
    enter_lines(r, rng, r.seizure(None, when(rng), 'transit'))
    # Files are merged, over several steps, and parted again.
    for _ in range(len(cases) // 3):
        kept, merged = rng.sample(cases, 2)
        alone = {c for c, into in r.db.execute('SELECT id, merged_into FROM case_file') if into is None}
        if kept in alone and merged in alone:
            r.db.execute('UPDATE case_file SET merged_into = ? WHERE id = ?', (kept, merged))
    for case in rng.sample(cases, len(cases) // 10):
        r.db.execute('UPDATE case_file SET merged_into = NULL WHERE id = ?', (case,))
    r.db.commit()
    return r


# ---- counted again, row by row ----

class Counted:
    def __init__(self, db):
        db.row_factory = lambda cursor, row: {c[0]: v for c, v in zip(cursor.description, row)}
        table = {t: list(db.execute(f'SELECT * FROM {t}')) for t in ('case_file', 'seizure', 'substance_line', 'suspect', 'crime_group', 'exhibit', 'custody', 'substance')}
        db.row_factory = None
        self.first, self.behind = at(*FROM), at(*TO) + 86400000
        cases = {c['id']: c for c in table['case_file']}

        def fact(case):
            while case is not None and cases[case]['merged_into'] is not None:
                case = cases[case]['merged_into']
            return case

        self.fact = fact
        self.facts = {c for c, row in cases.items() if row['merged_into'] is None and self.inside(row['opened_ms'])}
        self.cases, self.table = cases, table
        self.seizures = [z for z in table['seizure'] if self.inside(z['seized_ms'])]
        replaced = {line['replaces'] for line in table['substance_line']}
        listed = {s['code']: s for s in table['substance']}
        period = {z['id']: z for z in self.seizures}
        self.lines = [dict(line, z=period[line['seizure_id']], s=listed[line['substance']]) for line in table['substance_line'] if line['seizure_id'] in period]
        self.now = [line for line in self.lines if line['id'] not in replaced]
        self.persons = [p for p in table['suspect'] if fact(p['case_id']) in self.facts]
        self.groups = [g for g in table['crime_group'] if fact(g['case_id']) in self.facts]

    def inside(self, ms):
        return self.first <= ms < self.behind

    def mass(self, lines):
        return sum(line['mass_mg'] or 0 for line in lines)

    def age(self, person):
        if person['birth_year'] is None:
            return 'not stated'
        opened = self.cases[self.fact(person['case_id'])]['opened_ms']
        age = datetime.datetime.fromtimestamp(opened / 1000, BAKU).year - person['birth_year']
        return 'under 16' if age < 16 else '16-18' if age < 18 else '18-25' if age < 26 else '26-29' if age < 30 else '30 and over'

    def lines_by(self, lines):
        found = collections.defaultdict(lambda: [0, 0, collections.Counter()])
        for line in lines:
            to = found[line['s']['figure_line'], line['s']['class']]
            to[0] += line['mass_mg'] or 0
            to[1] += line['volume_ul'] or 0
            if line['count']:
                to[2][line['count_kind']] += line['count']
        return dict(found)

    def destroyed(self):
        seizures, exhibits = {z['id']: z for z in self.table['seizure']}, {e['id']: e for e in self.table['exhibit']}
        acts = [u for u in self.table['custody'] if u['act'] == 'destroyed' and self.inside(u['at_ms'])]
        facts = [self.fact(seizures[exhibits[u['exhibit_id']]['seizure_id']]['case_id']) for u in acts]
        old = [f is not None and self.cases[f]['opened_ms'] < self.first for f in facts]
        return {'destroyed': len(acts), 'destroyed_mg': sum(u['net_mg'] or 0 for u in acts), 'destroyed_cases': len({f for f in facts if f is not None}),
                'destroyed_old_cases': len({f for f, o in zip(facts, old) if o}), 'destroyed_old_mg': sum(u['net_mg'] or 0 for u, o in zip(acts, old) if o)}


def plain(list_of, key):
    return {x[key]: x['count'] for x in list_of if x['count']}


def same_figures(f, c):
    p, home = f['persons'], 'AZ'
    total = [line for line in c.now if line['s']['class'] in TOTAL]
    large = {line['seizure_id'] for line in c.now if line['s']['large_mg'] is not None and (line['mass_mg'] or 0) >= line['s']['large_mg']}
    previous = {c.fact(x['case_id']) for x in c.persons if x['previous_record']}
    expected = {
        'facts': len(c.facts), 'seizures': len(c.seizures), 'attempts': sum(z['prevented_transit'] for z in c.seizures),
        'large': len(large), 'large_mg': c.mass(line for line in total if line['seizure_id'] in large),
        'large_other_mg': c.mass(line for line in c.now if line['seizure_id'] in large and line['s']['class'] not in TOTAL),
        'groups': len(c.groups), 'group_cases': len({c.fact(g['case_id']) for g in c.groups}), **c.destroyed()}
    assert {k: f[k] for k in expected} == expected, (f, expected)
    assert plain(f['facts_by_kind'], 'kind') == collections.Counter(c.cases[x]['fact_kind'] for x in c.facts)
    assert plain(f['seizures_by_direction'], 'direction') == collections.Counter(z['direction'] for z in c.seizures)
    pairs = {(c.fact(z['case_id']), z['direction']) for z in c.table['seizure'] if c.fact(z['case_id']) in c.facts}
    assert plain(f['facts_by_direction'], 'direction') == collections.Counter(d for _, d in pairs)
    assert f['total']['mass_mg'] == c.mass(total) and f['total']['lines'] == len(total)
    assert f['total']['estimated_mg'] == c.mass(line for line in total if line['estimated']) and f['total']['gross_mg'] == c.mass(line for line in total if line['gross'])
    for stage, lines in (('now', c.now), ('seized', [line for line in c.lines if line['replaces'] is None])):
        counted = c.lines_by(lines)
        for line in f['lines']:
            mass, volume, pieces = counted.pop((line['line'], line['class']), [0, 0, {}])
            assert (line[stage]['mass_mg'], line[stage]['volume_ul'], line[stage]['pieces']) == (mass, volume, dict(pieces)), (stage, line)
        assert not counted, counted
    growths = collections.defaultdict(lambda: [0, 0, 0])
    for line in c.now:
        if line['s']['class'] == 'plant' or line['growth']:
            to = growths[line['growth'] or 'unstated']
            to[0] += (line['count'] or 0) if line['count_kind'] == 'plant' else 0
            to[1] += line['mass_mg'] or 0
            to[2] += line['area_m2'] or 0
    assert {g['growth']: [g['count'], g['mass_mg'], g['area_m2']] for g in f['plants'] if g['growth'] in growths} == dict(growths), (f['plants'], growths)
    month = collections.Counter()
    for line in total:
        month[datetime.datetime.fromtimestamp(line['z']['seized_ms'] / 1000, BAKU).strftime('%Y-%m')] += line['mass_mg'] or 0
    assert {m['from'][:7]: m['mass_mg'] for m in f['months'] if m['mass_mg']} == {k: v for k, v in month.items() if v}
    citizens = collections.Counter(x['citizenship'] for x in c.persons)
    assert (p['total'], p['men'], p['women'], p['sex_not_stated']) == (len(c.persons), *(sum(x['sex'] == s for x in c.persons) for s in 'mfx')), p
    assert (p['own'], p['citizenship_not_stated']) == (citizens[home], citizens['XX']) and p['foreign'] == len(c.persons) - citizens[home] - citizens['XX']
    assert plain(p['countries'], 'country') == {k: v for k, v in citizens.items() if k not in (home, 'XX')}
    assert plain(p['ages'], 'age') == collections.Counter(c.age(x) for x in c.persons)
    assert plain(p['occupations'], 'occupation') == collections.Counter(x['occupation'] or '' for x in c.persons)
    assert p['previous_record'] == sum(x['previous_record'] for x in c.persons) and p['previous_facts'] == len(previous)
    assert p['previous_mg'] == c.mass(line for line in total if c.fact(line['z']['case_id']) in previous)
    value = collections.Counter()
    for z in c.seizures:
        if z['value_minor'] is not None:
            value[z['value_currency']] += z['value_minor']
    assert {v['currency']: round(v['amount'] * 100) for v in f['value']} == value, f['value']


def adds_up(read):
    """What must fit fits, and what need not is open exactly when it does not."""
    for g in read['reconciliation']:
        assert g['gap'] == g['total'] - g['sum'] and g['open'] == (g['gap'] != 0), g
        if g['code'] in ('facts_by_kind', 'foreign_by_country', 'total_by_month', 'records_counted'):
            assert not g['open'], g
    f = read['figures']
    by_code = {g['code']: g for g in read['reconciliation'] if g['code'] != 'confirmed'}
    named = sum(line['now']['mass_mg'] for line in f['lines'] if line['class'] in TOTAL[:2])
    assert (by_code['lines']['total'], by_code['lines']['sum']) == (f['total']['mass_mg'], named), by_code['lines']
    p = f['persons']
    assert by_code['facts_with_seizure']['gap'] >= 0 >= by_code['facts_by_direction']['gap'], 'each in one direction only'
    assert by_code['facts_by_direction']['sum'] == sum(d['count'] for d in f['facts_by_direction'])
    of_cases, of_facts = by_code['seizures_with_case'], by_code['seizures_in_facts']
    assert of_cases['total'] == f['seizures'] and of_cases['sum'] == of_facts['total'] >= of_facts['sum']
    assert by_code['persons_by_sex']['gap'] == p['sex_not_stated'] and by_code['persons_by_citizenship']['gap'] == p['citizenship_not_stated']


def report(*more):
    return ready().tamga('report', *PERIOD, '--language', 'en', *more)


def test_random_registries_are_counted_as_by_hand():
    for seed in range(1, 41):
        r = enter_registry(seed)
        read = json.loads(report('--format', 'json'))
        try:
            same_figures(read['figures'], Counted(r.db))
            adds_up(read)
        except AssertionError:
            print(f'# seed {seed}')
            raise
        finally:
            r.db.close()


# ---- what stands behind a figure ----

def parts(role, section, code, purpose='checking the figures'):
    query = f'{QUERY}&section={section}&code={code.replace(" ", "%20")}' + (f'&purpose={purpose.replace(" ", "%20")}' if purpose else '')
    return sessions[role].request('GET', '/api/report/parts?' + query)


def rows_of_report():
    rows = list(csv.DictReader(io.StringIO(report('--format', 'csv'))))
    assert len({(r['section'], r['code']) for r in rows}) == len(rows), 'each row has a code of its own'
    return rows


def test_behind_every_figure_stand_records_that_add_up_to_it():
    for seed in (7, 23):
        enter_registry(seed).db.close()
        for row in rows_of_report():
            status, _, body = parts('chief', row['section'], row['code'])
            assert status == 200 and body['hidden'] == 0 and body['total'] == len(body['items']), (row, status, body)
            assert sum(p['amount'] for p in body['items']) == int(row['smallest']), (seed, row, body)
    log = sqlite3.connect(centre.home / 'centre.db')
    leaf = [json.loads(e) for (e,) in log.execute("SELECT entry FROM log_leaf ORDER BY seq DESC LIMIT 400")]
    log.close()
    assert any(e['action'] == 'report.parts_read' and e.get('section') == 'persons' and e.get('purpose') for e in leaf), 'reading is in the log'


def test_a_statistician_sees_counts_only():
    r = enter_registry(7)
    r.db.execute("UPDATE case_file SET compartment = 'north', title = 'the secret of the north'")
    r.db.commit()
    r.db.close()
    status, _, body = parts('statistician', 'facts', 'facts')
    assert status == 200 and body['items'] == [] and body['hidden'] == body['total'] > 0, body
    status, _, body = parts('statistician', 'substances', 'total')
    assert status == 200 and body['items'] == [] and body['hidden'] > 0, 'seizures are not for statisticians'
    assert parts('statistician', 'persons', 'women')[0] == 403
    status, _, body = parts('chief', 'facts', 'facts')
    assert status == 200 and body['items'] == [] and body['hidden'] > 0, 'a compartment holds for its figures'
    assert parts('investigator', 'persons', 'women', purpose='')[0] in (400, 422), 'persons only for a purpose'
    assert parts('chief', 'nowhere', 'nothing')[0] == 404
    for path in (f'/api/report?{QUERY}', f'/api/report/file?{QUERY}&format=csv', f'/api/report/file?{QUERY}&format=xlsx'):
        status, _, body = sessions['statistician'].request('GET', path, raw=True)
        assert status == 200 and b'secret' not in body and b'C-0' not in body, path
    assert sessions['statistician'].request('GET', f'/api/report/file?{QUERY}&format=csv&list=seizures', raw=True)[0] == 403
    assert sessions['auditor'].request('GET', f'/api/report/file?{QUERY}&format=csv&list=seizures', raw=True)[0] == 200


# ---- small counts ----

def published(*more):
    return {(r['section'], r['code']): r for r in csv.DictReader(io.StringIO(report('--copy', 'publication', '--format', 'csv', *more)))}


def test_a_copy_for_publication_betrays_no_small_count():
    r = Registry(ready().home)
    r.empty()
    case = r.case(at(2021, 3, 3))
    r.line(r.seizure(case, at(2021, 3, 3), 'transit'), 'heroin', 12345678)
    for i in range(40):
        r.suspect(case, sex='f' if i < 2 else 'm', birth_year=1980 if i < 30 else 1993, citizenship='AZ' if i < 20 else 'IR' if i < 39 else 'GE',
                  occupation='driver' if i < 3 else 'worker' if i < 15 else 'student')
    r.db.commit()
    r.db.close()
    rows = published()
    held = {code for (section, code), row in rows.items() if row['quantity'] == 'held'}
    # Two women, one Georgian, three drivers; and the smallest other class of each, by which they could be computed.
    assert held == {'women', 'men', 'GE', 'IR', 'occupation.driver', 'occupation.worker'}, held
    assert all(not rows['persons', code][k] for code in held for k in ('of', 'of_total_ppm', 'change')), 'nothing else tells it'
    assert rows['persons', 'persons']['quantity'] == '40' and rows['substances', 'total']['smallest'] == '12345678', 'masses are told'
    inside = {(x['section'], x['code']): x for x in csv.DictReader(io.StringIO(report('--format', 'csv')))}
    assert inside['persons', 'women']['quantity'] == '2', 'the internal copy tells all'
    gaps = list(csv.DictReader(io.StringIO(report('--copy', 'publication', '--format', 'csv', '--list', 'reconciliation'))))
    assert gaps and not any(g['unit'] == 'persons' for g in gaps), gaps
    for args in (('--format', 'csv', '--list', 'seizures'), ('--format', 'json')):
        try:
            report('--copy', 'publication', *args)
        except CommandFailed as failed:
            assert failed.code == 2, failed
        else:
            raise AssertionError(f'{args} was accepted')
    text = report('--copy', 'publication')
    assert 'women: *' in text and 'GE' not in text, text


def test_own_citizens_are_not_told_by_the_countries_of_the_others():
    r = Registry(ready().home)
    r.empty()
    case = r.case(at(2021, 3, 3))
    for i in range(21):
        r.suspect(case, citizenship='AZ' if i == 0 else 'IR' if i < 12 else 'TR')
    r.db.commit()
    r.db.close()
    rows = published()
    assert {c for c in ('own', 'foreign', 'IR', 'TR') if rows['persons', c]['quantity'] == 'held'} == {'own', 'foreign', 'IR', 'TR'}, rows


# ---- periods and equivalents ----

def test_an_empty_period_says_so():
    Registry(ready().home).empty()
    for language, said in (('en', 'Nothing is recorded for this period'), ('az', 'Bu dövr üçün heç nə qeydə alınmayıb'), ('ru', 'За этот период ничего не записано')):
        assert said in ready().tamga('report', *PERIOD, '--language', language), language
    r = Registry(centre.home)
    r.case(at(2021, 9, 30, 23, 59))
    r.db.commit()
    r.db.close()
    assert 'Nothing is recorded' not in report()


def test_equivalents_stand_beside_and_in_no_total():
    r = Registry(ready().home)
    r.empty()
    z = r.seizure(r.case(at(2021, 3, 3)), at(2021, 3, 3))
    r.line(z, 'methamphetamine', None, count=1000, count_kind='tablet')
    r.line(z, 'mdma', 7, count=10, count_kind='tablet')
    r.line(z, 'acetic_anhydride', None, volume_ul=2500001)
    r.line(z, 'tramadol', None, count=55, count_kind='tablet')
    r.db.commit()
    r.db.close()
    read = json.loads(report('--format', 'json'))
    assert read['figures']['total']['mass_mg'] == 7, 'no equivalent is in the total'
    found = {(e['substance'], e['unit']): (e['quantity'], e['least_mg'], e['most_mg']) for e in read['equivalents']}
    assert found == {('methamphetamine', 'tablet'): (1000, 90000, 300000), ('mdma', 'tablet'): (10, 2500, 2500),
                     ('acetic_anhydride', 'litre'): (2500001, 2500001, 2500001)}, found
    assert all(e['source'] and e['noted'] for e in read['equivalents'])
    rows = {r['code']: r for r in csv.DictReader(io.StringIO(report('--format', 'csv')))}
    assert rows['methamphetamine.tablet']['quantity'] == '1000' and rows['acetic_anhydride.volume']['quantity'] == '2.500001', rows
    listed = list(csv.DictReader(io.StringIO(report('--format', 'csv', '--list', 'equivalents'))))
    meth = next(r for r in listed if r['substance'] == 'methamphetamine')
    assert (meth['least_kg'], meth['most_kg']) == ('0.090000', '0.300000') and 'UNODC' in meth['source'], meth


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
