"""Each official report of the study, entered as cases that add up to it, then printed: the same milligrams and exactly the gaps
that the study found, in the figures, the CSV, the spreadsheet and the paper."""
import csv
import io
import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile

import harness
from harness import SOURCE, Centre
from registry import Registry, at
import tap

KINDS = ('sale', 'possession', 'cultivation', 'other')
AGES = {'16-18': 17, '18-25': 20, '26-29': 28, '30 and over': 40}
NAMED = ('heroin', 'opium', 'marijuana', 'hashish', 'cocaine', 'methamphetamine')
# What the study found in each, and nothing else: code, what it is about, the gap, how it stands on the paper.
FOUND = {
    'state-commission-2020-09': [('published_sum', 16, 'published sum: persons by age'), ('percentage', 128000 - 146175, 'published percentage')],
    'state-commission-2022-09': [],
    'state-commission-2023-01': [],
    'state-commission-2023-07': [],
    'state-commission-2023-08': [('published_lines', 20000, 'published total against its lines')],
    'state-commission-2023-11': [],
    'state-commission-2024-07': [],
    'state-commission-2024-11': [],
    'customs-2025-09': [('published_lines', 6356, 'published total against its lines'), ('published_sum', -5, 'published sum: facts by direction')],
}
centre = None


def ready():
    global centre
    if centre is None:
        centre = Centre()
    return centre


def golden(code):
    return json.loads((SOURCE / f'tests/golden/{code}.json').read_text())


def spread(total, parts):
    """Whole milligrams, none alike, that add up to the total."""
    shares = [total // parts - 1000 + i % 2001 for i in range(parts)]
    shares[-1] += total - sum(shares)
    assert min(shares) > 0
    return shares


def kinds_of(report):
    stated = [(kind, report['counts'].get('kind.' + kind)) for kind in KINDS]
    if all(count is not None for _, count in stated):
        return [kind for kind, count in stated for _ in range(count)]
    kinds = ('smuggling',) if report['code'].startswith('customs') else KINDS
    return [kinds[i % len(kinds)] for i in range(report['counts']['facts'])]


def directions_of(report):
    """Per fact, so that as many facts as were published have a seizure in each direction; by the study 77 of 72."""
    facts = report['counts']['facts']
    listed = [d for d in ('import', 'transit', 'inland') for _ in range(report['counts'].get('direction.' + d, 0))]
    if not listed:
        return [['inland'] for _ in range(facts)]
    return [[listed[i]] + ([listed[facts + i]] if facts + i < len(listed) and listed[facts + i] != listed[i] else []) for i in range(facts)]


def persons_of(report):
    counts = report['counts']
    year = int(report['from'][:4])
    born = [year - AGES[age] for age in AGES for _ in range(counts.get('age.' + age, 0))]
    born += [None] * (counts.get('persons', 0) - len(born))
    own = counts.get('own', len(born))
    return [{'birth_year': b, 'citizenship': 'AZ' if i < own else 'IR'} for i, b in enumerate(born)]


def enter(report):
    r = Registry(ready().home)
    r.empty()
    year, facts = int(report['from'][:4]), report['counts']['facts']
    named = sum(report['lines'].values())
    masses, people = spread(named, facts), persons_of(report)
    directions = directions_of(report)
    for i, kind in enumerate(kinds_of(report)):
        when = at(year, 1, 1 + i % 28, i % 24)
        case = r.case(when, kind)
        for k, direction in enumerate(directions[i]):
            z = r.seizure(case, when, direction)
            if k == 0:
                r.line(z, NAMED[i % len(NAMED)], masses[i])
            else:
                r.line(z, 'tramadol', 1)
            if i == 0 and k == 0 and report['total_mg'] > named:
                r.line(z, 'other', report['total_mg'] - named, words='not named in the report')
        for person in people[i::facts]:
            r.suspect(case, **person)
        if i < report['counts'].get('groups', 0):
            r.put('crime_group', case_id=case, name='a group', at_ms=0, account_id=1)
    r.put('published_report', code=report['code'], title=report['title'], from_day=day(report['from']), to_day=day(report['to']),
          source=report['source'], figures=json.dumps(report))
    r.db.commit()
    r.db.close()


def day(text):
    return at(*map(int, text.split('-')), 12) // 86400000


def run(report, *more):
    return ready().tamga('report', '--from', report['from'], '--to', report['to'], '--language', 'en', *more)


def published_gaps(gaps):
    return [(g['code'], int(g['gap'])) for g in gaps if int(g['open']) and (g['code'].startswith(('published', 'own_')) or g['code'] == 'percentage')]


def sheet_rows(book, sheet):
    space = {'x': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
    with zipfile.ZipFile(book) as z:
        texts = [''.join(t.text or '' for t in s.iter('{%s}t' % space['x'])) for s in ET.fromstring(z.read('xl/sharedStrings.xml'))]
        for row in ET.fromstring(z.read(f'xl/worksheets/sheet{sheet}.xml')).findall('.//x:row', space):
            yield [texts[int(c.find('x:v', space).text)] if c.get('t') == 's' else c.find('x:v', space).text
                   for c in row.findall('x:c', space) if c.find('x:v', space) is not None]


def in_words(mg):
    t, kg, rest = mg // 10**9, mg // 10**6 % 1000, mg % 10**6
    grams = f'{rest // 1000}.{rest % 1000:03d}'.rstrip('0').rstrip('.')
    return ' '.join(w for w in (f'{t} t' if t else '', f'{kg} kg' if mg % 10**9 >= 10**6 else '', f'{grams} g' if rest else '') if w)


def the_report(code):
    report = golden(code)
    expected = [(gap, amount) for gap, amount, _ in FOUND[code]]
    enter(report)
    read = json.loads(run(report, '--format', 'json'))
    figures = read['figures']
    assert figures['total']['mass_mg'] == report['total_mg'], (figures['total'], report['total_mg'])
    assert figures['facts'] == report['counts']['facts'] and sum(k['count'] for k in figures['facts_by_kind']) == figures['facts']
    assert sum(m['mass_mg'] for m in figures['months']) == report['total_mg']
    assert published_gaps(read['reconciliation']) == expected, published_gaps(read['reconciliation'])

    rows = {(r['section'], r['code']): r for r in csv.DictReader(io.StringIO(run(report, '--format', 'csv')))}
    total = rows['substances', 'total']
    kg = f'{report["total_mg"] // 10**6}.{report["total_mg"] % 10**6:06d}'
    assert (total['quantity'], total['smallest']) == (kg, str(report['total_mg'])), total
    gaps = list(csv.DictReader(io.StringIO(run(report, '--format', 'csv', '--list', 'reconciliation'))))
    assert published_gaps(gaps) == expected, gaps

    book = ready().folder / f'{code}.xlsx'
    run(report, '--format', 'xlsx', '--out', book)
    assert any(kg in row and str(report['total_mg']) in row for row in sheet_rows(book, 1)), 'the total in the spreadsheet'
    in_book = [(row[0], row[5], row[6]) for row in sheet_rows(book, 2)]
    assert [(c, int(g)) for c, g, o in in_book[1:] if o == '1' and (c.startswith(('published', 'own_')) or c == 'percentage')] == expected, in_book

    if shutil.which('pdftotext'):
        paper = ready().folder / f'{code}.pdf'
        layout = 'customs' if code.startswith('customs') else 'state'
        run(report, '--format', 'pdf', '--layout', layout, '--out', paper)
        text = ' '.join(subprocess.run(['pdftotext', '-raw', paper, '-'], capture_output=True, check=True).stdout.decode().split())
        assert in_words(report['total_mg']) in text and kg in text, text
        for _, _, about in FOUND[code]:
            assert about in text, (about, text)
    return report


def one_milligram(code):
    """What is entered once more or less by one milligram is seen in the total, the lines and the paper's reconciliation."""
    report = golden(code)
    r = Registry(ready().home)
    last = r.db.execute("SELECT max(id) FROM substance_line WHERE substance NOT IN ('tramadol', 'other')").fetchone()[0]
    for change, gap in ((1, -1), (-2, 1)):
        r.db.execute('UPDATE substance_line SET mass_mg = mass_mg + ? WHERE id = ?', (change, last))
        r.db.commit()
        read = json.loads(run(report, '--format', 'json'))
        seen = dict(published_gaps(read['reconciliation']))
        assert seen.get('own_total') == gap and seen.get('own_line') == gap, seen
    r.db.close()


def of_code(code):
    def test():
        the_report(code)
        one_milligram(code)
    test.__name__ = 'test_' + code.replace('-', '_')
    return test


for listed in FOUND:
    globals()['test_' + listed.replace('-', '_')] = of_code(listed)


def test_the_share_of_the_new_value_says_so_in_three_languages():
    report = the_report('state-commission-2020-09')
    for language, said in (('en', 'taken of the new value'), ('az', 'pay yeni qiymətdən götürülüb'), ('ru', 'доля взята от нового значения')):
        text = run(report, '--format', 'csv', '--list', 'reconciliation', '--language', language)
        row = next(r for r in csv.DictReader(io.StringIO(text)) if r['code'] == 'percentage')
        assert said in row['why'] and (row['total'], row['sum']) == ('128000', '146175'), row
    assert 'persons by age: 3105 / 3089 [16]' in run(report), run(report)


def test_the_customs_count_five_facts_in_two_directions():
    report = the_report('customs-2025-09')
    figures = json.loads(run(report, '--format', 'json'))['figures']
    assert {d['direction']: d['count'] for d in figures['facts_by_direction']} == {'import': 28, 'transit': 48, 'inland': 1}
    persons = figures['persons']
    assert (figures['facts'], persons['total'], persons['own'], persons['foreign'], figures['groups']) == (72, 76, 35, 41, 19), persons
    text = run(report, '--layout', 'customs')
    assert 'facts by direction: 72 / 77 [-5]' in text or 'facts by direction: 72 / 77 [−5]' in text, text


def test_a_large_mass_is_written_as_the_official_reports_write_it():
    report = the_report('state-commission-2024-11')
    for language, said in (('en', '6 t 403 kg 647.445 g'), ('az', '6 t 403 kq 647,445 q'), ('ru', '6 т 403 кг 647,445 г')):
        text = run(report, '--language', language)
        assert said in text, (said, text)


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
