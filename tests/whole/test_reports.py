"""The figures of a period and the official papers, as statisticians, teams and investigators get them."""
import csv
import datetime
import hashlib
import io
import itertools
import json
import re
import shutil
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
import zipfile

import harness
from harness import SOURCE, Centre, CommandFailed
import tap

BAKU = datetime.timezone(datetime.timedelta(hours=4))
YEAR = ('--from', '2021-01-01', '--to', '2021-09-30')
centre, sessions = None, {}


def at(*when):
    return int(datetime.datetime(*when, tzinfo=BAKU).timestamp() * 1000)


class Entered:
    """Cases as an office would have entered them in the year."""

    numbers = itertools.count(1)

    def __init__(self, home):
        self.db = sqlite3.connect(home / 'centre.db', timeout=30)

    def put(self, table, **row):
        marks = ', '.join('?' * len(row))
        return self.db.execute(f'INSERT INTO {table} ({", ".join(row)}) VALUES ({marks})', list(row.values())).lastrowid

    def case(self, title='a case', kind='smuggling'):
        n = next(self.numbers)
        return self.put('case_file', number=f'C-2021-{n:06d}', title=title, opened_ms=at(2021, 1 + n % 9, 3),
                        opened_by=1, fact_kind=kind)

    def seizure(self, case, lines, prevented=False, **more):
        n = next(self.numbers)
        when = at(2021, 1 + n % 9, 3, 10)
        z = self.put('seizure', number=f'S-2021-{n:06d}', case_id=case, seized_ms=when, offset_min=240, place_kind='road',
                     direction='transit' if prevented else 'import', unit='mobile group', trigger_kind='rule',
                     concealment='fuel_tank', prevented_transit=prevented, recorded_ms=when, recorded_by=1, **more)
        for substance, mass in lines:
            self.put('substance_line', seizure_id=z, substance=substance, form='powder', mass_mg=mass, stage='seized',
                     at_ms=when, account_id=1)
        return z

    def suspect(self, case, sex, country):
        self.put('suspect', case_id=case, name='-', role='driver', sex=sex, birth_year=1980, citizenship=country, at_ms=0,
                 account_id=1)


def enter_the_interview(home):
    """35 cases: twelve large ones of 1,629.555 kg on prevented transits, ten more prevented, thirteen others."""
    e = Entered(home)
    heroin = [244605, 213241, 137000, 97800, 104530, 50800, 26000, 29478]
    opium = [133410, 305000, 60000, 7183]
    cases = []

    def enter(lines, prevented):
        cases.append(e.case())
        e.seizure(cases[-1], [(s, grams * 1000) for s, grams in lines], prevented)

    for i in range(8):
        enter([('heroin', heroin[i])], True)
    for i in range(3):
        enter([('opium', opium[i])], True)
    enter([('opium', opium[3]), ('methamphetamine', 194115), ('hashish', 26393)], True)
    # What is left, 18.549 kg, is in no seizure that the list of substances calls large.
    for i in range(22):
        enter([('hashish', 829 if i < 21 else 844)], i < 10)
    enter([('other', 296)], False)
    people = ['AZ'] * 16 + ['IR'] * 9 + ['TR'] * 8 + ['RU'] * 3 + ['UA']
    for i, country in enumerate(people):
        e.suspect(cases[i % 35], 'f' if i == 0 else 'm', country)
    for i in range(3):
        e.put('crime_group', case_id=cases[i], name='a group', at_ms=0, account_id=1)
    e.db.commit()
    e.db.close()


def ready():
    global centre
    if centre is None:
        centre = Centre()
        enter_the_interview(centre.home)
    return centre


def served():
    ready()
    if centre.server is None:
        centre.serve()
        for role in ('chief', 'statistician', 'investigator', 'team', 'auditor', 'analyst', 'custodian'):
            sessions[role] = centre.sign_in(role)
    return centre


def report(*more):
    return ready().tamga('report', *YEAR, *more)


def text_of(pdf):
    if not shutil.which('pdftotext'):
        raise tap.Skip('pdftotext of poppler-utils is not here')
    return subprocess.run(['pdftotext', '-layout', '-', '-'], input=pdf, capture_output=True, check=True).stdout.decode()


def plain(text):
    return re.sub(r'\s+', ' ', text)


def leaves(action):
    db = sqlite3.connect(centre.home / 'centre.db')
    all_of_them = [json.loads(entry) for (entry,) in db.execute('SELECT entry FROM log_leaf ORDER BY seq')]
    db.close()
    return [leaf for leaf in all_of_them if leaf['action'] == action]


def test_the_nine_months_to_the_milligram():
    figures = json.loads(report('--format', 'json'))
    now = figures['figures']
    assert now['facts'] == 35 and now['attempts'] == 22 and now['large'] == 12 and now['groups'] == 3, now
    assert now['total']['mass_mg'] == 1648104000 and now['large_mg'] == 1629555000, now
    lines = {line['line']: line['now']['mass_mg'] for line in now['lines'] if line['class'] in ('narcotic', 'psychotropic', 'other')}
    assert lines == {'heroin': 903454000, 'opium': 505593000, 'hashish': 44646000, 'methamphetamine': 194115000, 'other': 296000}, lines
    persons = now['persons']
    assert (persons['total'], persons['men'], persons['women'], persons['own'], persons['foreign']) == (37, 36, 1, 16, 21)
    assert persons['countries'] == [{'country': c, 'count': n} for c, n in (('IR', 9), ('TR', 8), ('RU', 3), ('UA', 1))]
    gap = [g for g in figures['reconciliation'] if g['code'] == 'lines']
    assert len(gap) == 1 and gap[0]['open'] and gap[0]['gap'] == 296000, gap


def test_the_text_says_the_same_in_three_languages():
    said = {'en': ['1 t 648 kg 104 g', 'heroin: 903 kg 454 g (54.82 %', 'opium: 505 kg 593 g (30.68 %', '[296 g]', 'Ukraine: 1'],
            'az': ['1 t 648 kq 104 q', 'heroin: 903 kq 454 q (54,82 %', 'həşiş: 44 kq 646 q (2,71 %', '[296 q]', 'Ukrayna: 1'],
            'ru': ['1 т 648 кг 104 г', 'героин: 903 кг 454 г (54,82 %', 'метамфетамин: 194 кг 115 г (11,78 %', '[296 г]', 'Украина: 1']}
    for language, expected in said.items():
        text = report('--language', language)
        for words in expected:
            assert words in text, (words, text)


def test_a_published_report_is_held_against_the_registry():
    text = ready().tamga('report', 'check', SOURCE / 'tests/golden/interview-2021-09.json', '--language', 'en')
    gaps = [line for line in text.splitlines() if line.startswith('  !')]
    assert len(gaps) == 1 and '1 t 648 kg 104 g / 1 t 647 kg 808 g [296 g]' in gaps[0], text
    assert len([line for line in text.splitlines() if line.startswith('  =')]) >= 20, text


def test_a_comparison_states_its_base():
    text = report('--compare-from', '2020-01-01', '--compare-to', '2020-09-30', '--language', 'en')
    assert 'compared with 01.01.2020 – 30.09.2020' in text, text
    # Nothing was entered then: there is no base, so there is no percentage.
    assert 'facts (cases): 35 | 0 | +35\n' in text, text
    half = ready().tamga('report', '--from', '2021-06-01', '--to', '2021-09-30', '--compare-from', '2021-01-01', '--compare-to',
                         '2021-05-31', '--format', 'csv')
    row = next(r for r in csv.DictReader(io.StringIO(half)) if r['code'] == 'facts')
    now, before = int(row['quantity']), int(row['before'])
    assert now + before == 35 and now != before, row
    assert int(row['change']) == now - before and abs(int(row['of_before_ppm']) - (now - before) * 1e6 / before) <= 1, row


def test_csv_for_machines_and_offices():
    rows = list(csv.DictReader(io.StringIO(report('--format', 'csv'))))
    heroin = next(r for r in rows if r['code'] == 'heroin')
    assert (heroin['unit'], heroin['quantity'], heroin['smallest']) == ('kg', '903.454000', '903454000'), heroin
    office = report('--format', 'csv-office', '--language', 'ru')
    assert office.startswith('\ufeff') and ';903,454000;' in office and 'героин' in office, office
    gaps = list(csv.DictReader(io.StringIO(report('--format', 'csv', '--list', 'reconciliation'))))
    assert next(g for g in gaps if g['code'] == 'lines')['gap'] == '296000', gaps


def test_a_list_of_seizures_carries_no_formula():
    e = Entered(ready().home)
    e.seizure(e.case('formulas'), [('tramadol', 5000)], plates='=HYPERLINK("x")', route='@SUM(A1)')
    e.db.commit()
    text = report('--format', 'csv', '--list', 'seizures')
    e.db.execute("DELETE FROM substance_line WHERE seizure_id = (SELECT id FROM seizure WHERE plates LIKE '=%')")
    e.db.execute("DELETE FROM case_file WHERE title = 'formulas'")
    e.db.execute("DELETE FROM seizure WHERE plates LIKE '=%'")
    e.db.commit()
    e.db.close()
    rows = [r for r in csv.DictReader(io.StringIO(text)) if 'HYPERLINK' in r['plates']]
    assert rows and rows[0]['plates'].startswith("'=") and rows[0]['route'].startswith("'@"), rows


def cells_of(book, sheet):
    space = {'x': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
    with zipfile.ZipFile(book) as z:
        texts = [''.join(t.text or '' for t in s.iter('{%s}t' % space['x'])) for s in
                 ET.fromstring(z.read('xl/sharedStrings.xml')).findall('x:si', space)]
        for row in ET.fromstring(z.read(f'xl/worksheets/sheet{sheet}.xml')).findall('.//x:row', space):
            yield [texts[int(c.find('x:v', space).text)] if c.get('t') == 's' else c.find('x:v', space).text
                   for c in row.findall('x:c', space) if c.find('x:v', space) is not None]
        assert not any(b'<f>' in z.read(n) for n in z.namelist()), 'a formula'


def test_a_spreadsheet_is_exact():
    out = ready().folder / 'report.xlsx'
    report('--format', 'xlsx', '--language', 'en', '--out', out)
    figures = list(cells_of(out, 1))
    heroin = next(r for r in figures if 'heroin' in r)
    assert '903.454000' in heroin and '903454000' in heroin, heroin
    assert all(not re.search(r'\d\.\d*(0000000|9999999)', c) for r in figures for c in r), figures
    gaps = next(r for r in cells_of(out, 2) if r[0] == 'lines')
    assert '296000' in gaps, gaps
    assert len(list(cells_of(out, 4))) == 1 + 37, 'a row per substance line'


def test_the_period_on_paper():
    out = ready().folder / 'report.pdf'
    said = report('--format', 'pdf', '--language', 'az', '--out', out)
    pdf = out.read_bytes()
    sha = hashlib.sha256(pdf).hexdigest()
    text = plain(text_of(pdf))
    for words in ('903 kq 454 q', '903,454000', '1 t 648 kq 104 q', '1648,104000', '54,82 %', '296 q', '1 t 629 kq 555 q',
                  'Gömrük', 'Xidməti istifadə üçün', 'səhifə 1 / 3', 'səhifə 3 / 3'):
        assert words in text, (words, text)
    assert sha in said and (centre.home / 'evidence' / sha[:2] / sha[2:]).read_bytes() == pdf
    leaf = leaves('paper.issued')[-1]
    assert (leaf['sha256'], leaf['pages'], leaf['kind']) == (sha, 3, 'state'), leaf
    assert leaf['about'] == 'period:2021-01-01/2021-09-30'


def test_a_wrong_question_is_answered_with_a_sentence():
    for args, said in ((('--from', '2021-02-30'), '2021-02-30'), (('--language', 'xx'), 'az, en or ru'),
                       (('--format', 'doc'), 'text, pdf, xlsx'), (('--from', '2021-05-01', '--to', '2021-04-01'), 'before it begins'),
                       (('--compare-from', '2021-01-01'), 'go together')):
        try:
            ready().tamga('report', *args)
        except CommandFailed as failed:
            assert failed.code == 2 and said in failed.err, failed
        else:
            raise AssertionError(f'{args} was accepted')


def issue(role, kind, about, language='az', **more):
    return sessions[role].request('POST', '/api/papers', {'kind': kind, 'about': about, 'language': language, **more})


def paper(role, hash, purpose=''):
    return sessions[role].request('GET', f'/api/papers/{hash}' + (f'?purpose={purpose}' if purpose else ''), raw=True)


def test_the_figures_over_http():
    served()
    status, _, body = sessions['statistician'].request('GET', '/api/report?from=2021-01-01&to=2021-09-30')
    assert status == 200 and body['figures']['total']['mass_mg'] == 1648104000 and 'before' not in body, body
    assert not any('name' in key for key in body['figures']['persons']), 'persons are counts'
    status, _, body = sessions['statistician'].request('GET', '/api/report?from=2021-02-01&to=2021-01-01')
    assert status == 400, body
    golden = json.loads((SOURCE / 'tests/golden/interview-2021-09.json').read_text())
    status, _, body = sessions['statistician'].request('POST', '/api/report/published', golden)
    assert status == 201, body
    assert [(g['code'], g['gap']) for g in body['gaps'] if g['open']] == [('published_lines', 296000)], body
    assert leaves('report.published_kept')[-1]['code'] == golden['code']
    status, headers, body = sessions['statistician'].request(
        'GET', '/api/report/file?from=2021-01-01&to=2021-09-30&format=csv', raw=True)
    assert status == 200 and b'903.454000' in body, (status, body)


def test_every_paper_in_every_language():
    served()
    chief, team = sessions['chief'], sessions['team']
    _, _, me = team.request('GET', '/api/session')
    _, _, queue = chief.request('GET', f'/api/queue?from=2026-01-01&to=2199-12-31&open=true&most=50&post={me["posts"][0]}')
    entry = queue['items'][0]
    status, _, body = chief.request('POST', f'/api/consignments/{entry["consignment"]}/decisions',
                                    {'action': 'inspect', 'means': ['xray', 'dog'], 'reason': 'look into the tanks'})
    assert status == 201, body
    db = sqlite3.connect(centre.home / 'centre.db', timeout=30)
    order, number = db.execute('SELECT id, number FROM inspection_order WHERE consignment_id = ?', (entry['consignment'],)).fetchone()
    e = Entered(centre.home)
    investigator = e.db.execute("SELECT id FROM account WHERE role = 'investigator'").fetchone()[0]
    case = e.put('case_file', number='C-2026-009001', title='Yoxlama işi', opened_ms=at(2026, 9, 16), opened_by=investigator)
    e.put('case_access', case_id=case, account_id=investigator, from_ms=0, given_by=investigator, reason='a test')
    e.put('flow_item', kind='case', about_id=case, state='open', since_ms=0, author_id=investigator)
    post = e.db.execute('SELECT post_id FROM inspection_order WHERE id = ?', (order,)).fetchone()[0]
    seizure = e.put('seizure', number='S-2026-009001', case_id=case, order_id=order, consignment_id=entry['consignment'], post_id=post,
                    seized_ms=at(2026, 9, 16, 9), offset_min=240, place_kind='road', direction='transit', unit='mobile group',
                    trigger_kind='rule', concealment='fuel_tank', recorded_ms=at(2026, 9, 16, 10), recorded_by=3)
    line = e.put('substance_line', seizure_id=seizure, substance='heroin', form='powder', mass_mg=137250125, stage='seized',
                 at_ms=at(2026, 9, 16, 9), account_id=3)
    e.put('substance_line', seizure_id=seizure, substance='methamphetamine', form='powder', mass_mg=136990004, stage='confirmed',
          replaces=line, at_ms=at(2026, 9, 17, 9), account_id=3)
    exhibit = e.put('exhibit', number='E-2026-009001', seizure_id=seizure, line_id=line, words='bag one', made_ms=at(2026, 9, 16, 11))
    e.put('custody', exhibit_id=exhibit, no=1, at_ms=at(2026, 9, 16, 11), act='sealed', from_whom='team', to_whom='post',
          place='Astara', seal_new='AZ-771', net_mg=137250125, purpose='sealing', previous_hash='', hash='ab' * 32, account_id=3)
    e.put('suspect', case_id=case, name='رضا نوری', role='driver', sex='m', birth_year=1979, citizenship='IR', occupation='farmer', at_ms=0, account_id=investigator)
    e.db.commit()
    e.db.close()
    papers = (('team', 'target', f'consignment:{entry["consignment"]}', {}, (entry['ref'], number, 'look into the tanks')),
              ('chief', 'target', f'post:{me["posts"][0]}', {}, (entry['ref'],)),
              ('team', 'act', f'order:{order}', {}, (number, entry['ref'], 'S-2026-009001')),
              ('custodian', 'seizure', f'seizure:{seizure}', {}, ('S-2026-009001', 'E-2026-009001', '137,250125|137.250125', '136,990004|136.990004', 'AZ-771')),
              ('investigator', 'dossier', f'case:{case}', {}, ('C-2026-009001', 'Yoxlama işi', 'S-2026-009001')),
              ('investigator', 'dossier_persons', f'case:{case}', {'purpose': 'the referral to the court'}, ('رضا نوری', 'the referral', 'fermer|farmer|фермер')),
              ('statistician', 'state', 'period:2021-01-01/2021-09-30;2020-01-01/2020-09-30', {}, ('1648,104000|1648.104000',)),
              ('statistician', 'customs', 'period:2021-01-01/2021-09-30', {}, ('1648,104000|1648.104000',)))
    for language in ('az', 'en', 'ru'):
        for role, kind, about, more, expected in papers:
            status, _, body = issue(role, kind, about, language, **more)
            assert status == 201, (role, kind, language, body)
            status, headers, pdf = paper(role, body['hash'], 'checking')
            assert status == 200 and headers['content-type'] == 'application/pdf', (status, kind)
            assert hashlib.sha256(pdf).hexdigest() == body['hash']
            text = text_of(pdf)
            for words in expected:
                assert any(w in text for w in words.split('|')), (words, kind, text)
            assert f'{body["pages"]} / {body["pages"]}' in text, 'page x of y'
            leaf = leaves('paper.issued')[-1]
            assert (leaf['sha256'], leaf['pages']) == (body['hash'], body['pages']), leaf


def last_of(kind):
    return [leaf for leaf in leaves('paper.issued') if leaf['kind'] == kind][-1]


def test_persons_stand_only_where_they_may():
    served()
    without, full = last_of('dossier'), last_of('dossier_persons')
    assert 'رضا' not in text_of(paper('investigator', without['sha256'])[2])
    status, _, body = issue('investigator', 'dossier_persons', full['about'])
    assert status in (400, 422), 'without a purpose'
    assert paper('investigator', full['sha256'])[0] in (400, 422), 'reading needs one too'
    assert issue('chief', 'dossier_persons', full['about'], purpose='a second look')[0] == 201, 'no compartment, and the chief may read persons'
    for role in ('team', 'custodian', 'statistician', 'analyst'):
        assert paper(role, full['sha256'], 'curious')[0] == 403, role
        assert issue(role, 'dossier_persons', full['about'], purpose='curious')[0] == 403, role
    assert leaves('suspect.read')[-1]['purpose'] and leaves('paper.read')[-1]['sha256']


def test_a_compartment_holds_for_its_papers():
    served()
    about = last_of('dossier')['about']
    db = sqlite3.connect(centre.home / 'centre.db', timeout=30)
    db.execute("UPDATE case_file SET compartment = 'north' WHERE id = ?", (int(about.split(':')[1]),))
    db.commit()
    refused = len(leaves('access.refused'))
    status, _, body = issue('chief', 'dossier', about)
    assert status == 403, body
    assert paper('chief', last_of('dossier')['sha256'])[0] == 403
    assert len(leaves('access.refused')) == refused + 2, 'the refusals are in the log'
    status, _, body = issue('investigator', 'dossier', about)
    assert status == 201, body


def test_papers_stop_at_the_posts_one_may_see():
    served()
    db = sqlite3.connect(centre.home / 'centre.db', timeout=30)
    _, _, me = sessions['team'].request('GET', '/api/session')
    other = db.execute('SELECT d.consignment_id FROM declaration d JOIN post p ON p.id = d.post_id WHERE d.superseded_at_ms IS NULL '
                       'AND p.code <> ? LIMIT 1', (me['posts'][0],)).fetchone()[0]
    assert issue('team', 'target', f'consignment:{other}')[0] == 403


def test_what_is_not_there_has_no_paper():
    served()
    assert issue('chief', 'act', 'order:999999')[0] == 404
    assert issue('chief', 'seizure', 'seizure:999999')[0] == 404
    assert issue('chief', 'act', 'seizure:1')[0] == 422
    assert issue('statistician', 'state', 'period:yesterday')[0] == 422
    assert paper('chief', 'ab' * 32)[0] == 404
    assert paper('chief', 'nonsense')[0] == 404


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
