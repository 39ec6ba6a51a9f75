"""What was seized and where it is now: limits, laboratory, weighing, witnesses, and a chain that answers to the log."""
import contextlib
import csv
import hashlib
import io
import shutil
import sqlite3
import subprocess
import zipfile

import harness
import schema
import tap
from harness import Centre

centre, people, told = None, {}, {}
HEROIN = {'substance': 'heroin', 'form': 'powder', 'mass_mg': 12_000_000}


def ask(who, method, path, body=None, expect=200):
    status, headers, content = people[who].request(method, path, body)
    assert status == expect, (who, method, path, status, content)
    if expect >= 400:
        schema.problem(status, headers, content)
    return content


def get(who, path, expect=200):
    return ask(who, 'GET', path, None, expect)


def post(who, path, body=None, expect=201):
    return ask(who, 'POST', path, body, expect)


def start():
    global centre
    if centre:
        return
    centre = Centre()
    for name, role in (('second-custodian', 'custodian'), ('second-team', 'team')):
        password = f'a long password of {name}'
        centre.tamga('account', 'add', name, '--role', role, '--display', f'{role} {name}', stdin=password + '\n')
        centre.accounts[name] = password
    serve()
    told['post'] = get('team', '/api/session')['posts'][0]


def serve():
    centre.serve()
    for name in centre.accounts:
        people[name] = centre.sign_in(name)


def seizure(lines=None, **more):
    return {'seized': '2026-09-16T06:00:00+04:00', 'post': told['post'], 'place_kind': 'road', 'direction': 'transit',
            'unit': 'the team on shift', 'trigger': 'routine', 'concealment': 'cab', 'lines': lines or [HEROIN], **more}


def record(who='team', **more):
    return post(who, '/api/seizures', seizure(**more))


def leaves(action, about=None):
    found, at, size = [], 0, 1
    while at < size:
        page = get('auditor', f'/api/log?from={at}&most=1000')
        size, at = page['size'], at + len(page['items'])
        found += [one for one in page['items'] if one['action'] == action and about in (None, one['object'])]
    return found


def test_no_line_holds_more_than_a_ship_and_more_than_a_lorry_is_asked_about():
    start()
    for line, field in (({'mass_mg': 10**13 + 1}, 'mass_mg'), ({'volume_ul': 10**13 + 1}, 'volume_ul'),
                        ({'count': 10**9 + 1, 'count_kind': 'tablet'}, 'count')):
        refused = post('team', '/api/seizures', seizure([{'substance': 'opium', 'form': 'resin', **line}]), 422)
        assert field in refused['detail'], refused
    assert 'value_minor' in post('team', '/api/seizures', seizure(value_minor=10**14 + 1, value_currency='AZN'), 422)['detail']
    ship = [{'substance': 'opium', 'form': 'resin', 'mass_mg': 10**13}]
    asked = post('team', '/api/seizures', seizure(ship), 409)
    assert asked['code'] == 'confirm' and asked['params']['over_vehicle'] == '10000000;44000', asked
    post('team', '/api/seizures', seizure(ship, confirmed=True), 422)
    kept = post('team', '/api/seizures', seizure(ship, seized='2025-08-10T05:00:00Z', confirmed=True, confirm_note='a ship'))
    leaf = leaves('entry.confirmed', f'seizure:{kept["id"]}')
    assert leaf[0]['note'] == 'a ship' and leaf[0]['entry'] == 'seizure' and 'over_vehicle' in leaf[0]['unlikely']
    line = {'substance': 'opium', 'form': 'resin', 'mass_mg': 9 * 10**12, 'stage': 'seized', 'words': 'weighed again'}
    assert post('team', f'/api/lines/{kept["lines"][0]["id"]}/confirmations', line, 409)['code'] == 'confirm'


def test_the_largest_masses_there_may_be_still_add_up():
    start()
    lines = [{'substance': 'opium', 'form': 'resin', 'mass_mg': 10**13}] * 100
    for _ in range(3):
        record(lines=lines, seized='2025-07-10T05:00:00Z', confirmed=True, confirm_note='a test of sums')
    report = get('statistician', '/api/report?from=2025-07-01&to=2025-07-31')
    assert report['figures']['total']['mass_mg'] == 3 * 10**15, report['figures']['total']


def test_a_form_that_is_sent_twice_is_one_record():
    start()
    form = seizure(client_key='seizure-key-1')
    first, again = post('team', '/api/seizures', form), post('team', '/api/seizures', form)
    assert first['id'] == again['id']
    assert post('team', '/api/seizures', {**form, 'packages': 3}, 409)['code'] == 'sent.differs'
    bag = {'line': first['lines'][0]['id'], 'words': '303 packages', 'from': 'team', 'to': 'store', 'place': 'the post',
           'purpose': 'sealing', 'seal_new': 'KEY-1', 'client_key': 'exhibit-key-1'}
    assert 'to come' in post('team', '/api/exhibits', {**bag, 'retention_until': '2020-01-01T00:00:00Z'}, 422)['detail']
    bag['retention_until'] = '2150-01-01T00:00:00Z'
    made, twice = post('team', '/api/exhibits', bag), post('team', '/api/exhibits', bag)
    assert made['id'] == twice['id'] and len(twice['custody']) == 1
    case = post('investigator', '/api/cases', {'title': 'sent twice'})
    person = {'name': 'sent twice', 'role': 'driver', 'sex': 'm', 'citizenship': 'TR', 'client_key': 'suspect-key-1'}
    for _ in range(2):
        persons = post('investigator', f'/api/cases/{case["id"]}/suspects', person)['items']
    assert len(persons) == 1


def exhibit(seal, line=None, **more):
    line = line or record()['lines'][0]['id']
    return post('team', '/api/exhibits', {'line': line, 'words': 'one bag', 'from': 'the team', 'to': 'the store', 'place': 'the post',
                                          'purpose': 'sealing', 'seal_new': seal, **more})


def move(of, arrow, expect=201, who='custodian', sure=None, **more):
    body = {'arrow': arrow, 'from': 'the team', 'to': 'the scales', 'place': 'the post', 'purpose': f'to {arrow} it', **more}
    return post(who, f'/api/exhibits/{of["id"]}/moves', {**body, **({'confirmed': True, 'confirm_note': sure} if sure else {})}, expect)


def weigh(of, net, seals, expect=201, **more):
    return move(of, 'weigh', expect, seal_old=seals[0], seal_new=seals[1],
                **{'net_mg': net, 'witness_1': 'Witness One', 'witness_2': 'Witness Two', **more})


def test_weighing_needs_a_mass_a_seal_read_and_a_new_seal():
    start()
    bag = exhibit('W-1')
    two = {'witness_1': 'Witness One', 'witness_2': 'Witness Two'}
    assert move(bag, 'weigh', 409, seal_old='W-1', seal_new='W-2', **two)['code'] == 'guard.net_weighed'
    assert move(bag, 'weigh', 409, seal_new='W-2', net_mg=12_000_000, **two)['code'] == 'guard.seal_checked'
    assert move(bag, 'weigh', 409, seal_old='W-1', net_mg=12_000_000, **two)['code'] == 'guard.sealed_again'
    assert weigh(bag, 12_000_000, ('W-1', 'W-1'), 409)['code'] == 'guard.sealed_again'
    assert 'gross_mg' in weigh(bag, 12_000_000, ('W-1', 'W-2'), 422, gross_mg=1)['detail']
    assert weigh(bag, 12_000_000, ('W-1', 'W-2'), gross_mg=12_400_000)['incidents'] == []


def test_the_first_weighing_answers_to_what_was_seized():
    start()
    bag = exhibit('F-1')
    asked = weigh(bag, 2_000_000, ('F-1', 'F-2'), 409)
    assert asked['code'] == 'confirm' and asked['params']['mass_differs'] == '12;2', asked
    assert 'F-1' == get('team', f'/api/exhibits/{bag["id"]}')['seal'], 'asked, not done'
    done = weigh(bag, 2_000_000, ('F-1', 'F-2'), sure='the rest is in the lorry still')
    assert [i['kind'] for i in done['incidents']] == ['weight_change'] and '12000000' in done['incidents'][0]['words']
    listed = {e['id']: e['open_incidents'] for e in get('custodian', '/api/exhibits')['items']}
    assert listed[done['id']] == 1, 'the list marks it'
    assert leaves('entry.confirmed', f'evidence:{bag["id"]}')[0]['unlikely'] == {'mass_differs': ['12', '2']}
    # Two bags of one line are held against it together.
    line = record()['lines'][0]['id']
    one, two = exhibit('P-1', line), exhibit('P-2', line)
    assert weigh(one, 5_000_000, ('P-1', 'P-3'))['incidents'] == []
    assert weigh(two, 6_000_000, ('P-2', 'P-4'), 409)['params']['mass_differs'] == '7;6'
    assert weigh(two, 7_000_000, ('P-2', 'P-4'))['incidents'] == []
    # What was weighed with its wrapping, or estimated, is no measure.
    rough = exhibit('R-1', record(lines=[{**HEROIN, 'gross': True}])['lines'][0]['id'])
    assert weigh(rough, 11_000_000, ('R-1', 'R-2'))['incidents'] == []


def test_small_losses_add_up():
    start()
    bag = exhibit('C-0')
    net, asked = 12_000_000, []
    weigh(bag, net, ('C-0', 'C-1'))
    for n in range(1, 6):
        net -= net * 6 // 10_000                     # six ten-thousandths: less than the tolerance each time
        seals = (f'C-{n}', f'C-{n + 1}')
        status, _, answer = people['custodian'].request('POST', f'/api/exhibits/{bag["id"]}/moves', {
            'arrow': 'weigh', 'from': 'a', 'to': 'b', 'place': 'the post', 'purpose': 'weighing', 'net_mg': net,
            'witness_1': 'Witness One', 'witness_2': 'Witness Two', 'seal_old': seals[0], 'seal_new': seals[1]})
        if status == 409:
            asked.append(n)
            answer = weigh(bag, net, seals, sure='that is what the scale shows')
    # Twice six is more than ten; what was asked about is then the measure.
    assert asked == [2, 4] and len(answer['incidents']) == 2, (asked, answer['incidents'])


def test_witnesses_are_two_persons_and_neither_acts():
    start()
    bag = exhibit('N-1')
    for pair, code in ((('Witness A', 'Witness  A'), 'two_witnesses'), (('Rəşad Əliyev', 'рашад алиев'), 'two_witnesses'),
                       (('ƏLİYEV Rəşad', 'Rəşad Əliyev'), 'two_witnesses'), (('custodian', 'Witness B'), 'own_witness'),
                       (('Witness B', 'Evidence  custodian'), 'own_witness')):
        refused = weigh(bag, 12_000_000, ('N-1', 'N-2'), 409, witness_1=pair[0], witness_2=pair[1])
        assert refused['code'] == f'guard.{code}', (pair, refused)
    weigh(bag, 12_000_000, ('N-1', 'N-2'), witness_1='Officer 1042', witness_2='Officer 1077')


def test_a_seal_is_on_one_exhibit_and_a_picture_is_one_that_is_kept():
    start()
    first, line = exhibit('S-1'), record()['lines'][0]['id']
    taken = post('team', '/api/exhibits', {'line': line, 'words': 'one bag', 'from': 'a', 'to': 'b', 'place': 'the post',
                                           'purpose': 'sealing', 'seal_new': ' s-1 '}, 409)
    assert taken['code'] == 'custody.seal_taken' and first['number'] in taken['detail']
    weigh(first, 12_000_000, ('S-1', 'S-2'))
    second = exhibit('S-1', line)                     # free again: it was broken and replaced
    assert weigh(second, 12_000_000, ('S-1', 'S-2'), 409)['code'] == 'custody.seal_taken'
    assert 'photo' in weigh(second, 12_000_000, ('S-1', 'S-3'), 422, photo='0' * 64)['detail']
    asked = weigh(second, 12_000_000, ('S-9', 'S-3'), 409)
    assert asked['params'] == {'seal_differs': 'S-1;S-9'}, asked
    assert [i['kind'] for i in weigh(second, 12_000_000, ('S-9', 'S-3'), sure='read twice')['incidents']] == ['seal_differs']


def confirm(who, line, expect=201, mass=12_000_000, stage='confirmed', sure=None, **more):
    body = {'substance': 'methamphetamine', 'form': 'powder', 'mass_mg': mass, 'stage': stage, **more}
    return post(who, f'/api/lines/{line}/confirmations', {**body, **({'confirmed': True, 'confirm_note': sure} if sure else {})}, expect)


def test_the_laboratory_is_another_than_who_seized_and_has_a_report():
    start()
    line, report = record('investigator')['lines'][0]['id'], {'report_number': 'FX-77/26', 'report_date': '2026-09-16'}
    post_refused = confirm('team', line, 403, **report)
    assert 'laboratory' in post_refused['detail'] or post_refused['code'] == 'denied', post_refused
    assert confirm('investigator', line, 403, **report)['code'] == 'line.own'
    assert confirm('custodian', line, 422)['code'] == 'line.report'
    for day in ('2026-09-15', '2099-01-01'):
        assert confirm('custodian', line, 422, **{**report, 'report_date': day})['code'] == 'line.report_day'
    assert list(confirm('custodian', line, 409, **report)['params']) == ['never_sent']
    bag = exhibit('LAB-1', line)
    weigh(bag, 12_000_000, ('LAB-1', 'LAB-2'))
    move(bag, 'to_lab', seal_old='LAB-2')
    assert confirm('custodian', line, 409, mass=11_000_000, **report)['params'] == {'lab_differs': '12;11'}
    lines = confirm('custodian', line, **report)['lines']
    assert [(one['stage'], one.get('report_number'), one.get('report_date')) for one in lines] == \
        [('seized', None, None), ('confirmed', 'FX-77/26', '2026-09-16')]
    # A finding is replaced by a finding alone, and that with words.
    new = lines[1]['id']
    assert confirm('team', new, 409, mass=1, stage='seized', words='a slip')['code'] == 'line.confirmed'
    assert confirm('custodian', new, 422, **report)['code'] == 'line.words'
    again = confirm('custodian', new, substance='heroin', words='the second examination', **report)['lines']
    assert [one['substance'] for one in again] == ['heroin', 'methamphetamine', 'heroin']


def test_a_correction_says_what_was_wrong():
    start()
    line = record()['lines'][0]['id']
    assert confirm('team', line, 422, stage='seized')['code'] == 'line.words'
    confirm('team', line, stage='seized', words='the scale of the post was out of order')


def test_codes_are_codes_and_other_has_words():
    start()
    for wrong, field in (({'conveyance_country': '99'}, 'conveyance_country'), ({'route': 'IR>7X>GE'}, 'route'),
                         ({'route': 'nonsense route'}, 'route'), ({'declared_hs': 'x!y'}, 'declared_hs'),
                         ({'value_minor': 100}, 'value_currency'), ({'value_minor': 100, 'value_currency': 'azn'}, 'value_currency'), ({'value_minor': 100, 'value_currency': 'ZZZ'}, 'value_currency'),
                         ({'direction': 'import', 'prevented_transit': True}, 'prevented_transit')):
        assert field in post('team', '/api/seizures', seizure(**wrong), 422)['detail'], wrong
    good = record(conveyance_country='TR', route='IR>AZ>GE', declared_hs='080711', value_minor=100, value_currency='AZN')
    assert 'route' in post('team', f'/api/seizures/{good["id"]}/amendments', {'route': 'IR>??'}, 422)['detail']
    for words in ({}, {'words': '...'}):
        bad = [{'substance': 'heroin', 'form': 'other', 'mass_mg': 1000, **words}]
        assert '"other"' in post('team', '/api/seizures', seizure(bad), 422)['detail']


def test_persons_are_of_a_country_and_an_age_and_are_not_shown_for_entering_one():
    start()
    case = post('investigator', '/api/cases', {'title': 'persons'})['id']
    person = {'name': 'First Person', 'role': 'driver', 'sex': 'm', 'citizenship': 'TR', 'birth_year': 1984}
    for wrong in ({'citizenship': '12'}, {'citizenship': 'az'}, {'citizenship': 'ZZ'}, {'citizenship': '  '}, {'birth_year': 2025},
                  {'birth_year': 2100}, {'birth_year': 1901}, {'name': 'Right \u202eto left'}):
        post('investigator', f'/api/cases/{case}/suspects', {**person, **wrong}, 422)
    post('investigator', f'/api/cases/{case}/suspects', person)
    shown = post('investigator', f'/api/cases/{case}/suspects', {**person, 'name': 'Second Person', 'citizenship': 'XX'})['items']
    assert [p['name'] for p in shown] == ['Second Person']
    get('investigator', f'/api/cases/{case}/suspects?purpose=...', 422)
    assert len(get('investigator', f'/api/cases/{case}/suspects?purpose=indictment')['items']) == 2
    assert 'title' in post('investigator', '/api/cases', {'title': 'a \u202etitle'}, 422)['detail']


def fails(*args):
    try:
        centre.tamga(*args)
    except harness.CommandFailed as failed:
        return failed
    raise AssertionError(f'{args} went well')


def paper_text(about):
    made = post('team', '/api/papers', {'kind': 'seizure', 'about': about, 'language': 'en'})
    status, _, pdf = people['team'].request('GET', f'/api/papers/{made["hash"]}', raw=True)
    assert status == 200
    if not shutil.which('pdftotext'):
        raise tap.Skip('pdftotext of poppler-utils is not here')
    return subprocess.run(['pdftotext', '-layout', '-', '-'], input=pdf, capture_output=True, check=True).stdout.decode()


def restore(keep):
    with contextlib.closing(sqlite3.connect(centre.home / 'centre.db')) as db, contextlib.closing(sqlite3.connect(keep)) as copy:
        copy.backup(db)


def test_a_chain_answers_to_the_log():
    start()
    seizure_of = record()
    bag = exhibit('L-1', seizure_of['lines'][0]['id'])
    weigh(bag, 11_000_000, ('L-1', 'L-2'), sure='a kilogram was taken as a sample')
    move(bag, 'store', seal_old='L-2')
    number, n = bag['number'], bag['id']
    assert centre.tamga('evidence', 'check', number) == f'{number}  whole\n1 exhibit: every chain is whole and answers to the log\n'
    text = paper_text(f'seizure:{seizure_of["id"]}')
    assert 'the mass differs: 12 kg → 11 kg' in text and 'answers to the log' in text, text
    keep = (centre.home / 'centre.db').with_suffix('.kept')
    ways = {
        'events cut off its end': [f'DELETE FROM custody WHERE exhibit_id = {n} AND no = 3'],
        'cut off, and put back where it stood': [f'DELETE FROM custody WHERE exhibit_id = {n} AND no = 3',
                                                 f"UPDATE flow_item SET state = 'weighed' WHERE kind = 'evidence' AND about_id = {n}"],
        'its state': [f"UPDATE flow_item SET state = 'destroyed' WHERE kind = 'evidence' AND about_id = {n}"],
        'an incident gone': [f"DELETE FROM incident WHERE about = 'exhibit:{n}'"],
        'an incident made harmless': [f"UPDATE incident SET words = 'nothing' WHERE about = 'exhibit:{n}'"],
        'its words': [f"UPDATE exhibit SET words = 'an empty bag' WHERE id = {n}"],
        'its line': [f'UPDATE exhibit SET line_id = 1 WHERE id = {n}'],
        'what was seized': [f'UPDATE substance_line SET mass_mg = 11000000 WHERE id = {bag["line"]}'],
        'all of it': [f'DELETE FROM custody WHERE exhibit_id = {n}', f"DELETE FROM flow_item WHERE kind = 'evidence' AND about_id = {n}",
                      f'DELETE FROM exhibit WHERE id = {n}'],
        'a weighing': [f'UPDATE custody SET net_mg = 12000000 WHERE exhibit_id = {n} AND no = 2'],
    }
    for what, statements in ways.items():
        with contextlib.closing(sqlite3.connect(centre.home / 'centre.db')) as db, contextlib.closing(sqlite3.connect(keep)) as copy:
            db.backup(copy)
        harness.damage(centre, *statements)
        failed = fails('evidence', 'check', 'all')
        if what == 'all of it':
            assert '1 exhibits of the log are not in the records' in failed.out
            get('custodian', f'/api/exhibits/{n}', 404)
            restore(keep)
            continue
        assert get('custodian', f'/api/exhibits/{n}')['whole'] is False, what
        assert failed.code == 7 and f'{number}  BROKEN' in failed.out and '  whole\n' in failed.out, (what, failed.out)
        if what == 'a weighing':
            assert 'not what the log says' in paper_text(f'seizure:{seizure_of["id"]}')
        restore(keep)
        assert get('custodian', f'/api/exhibits/{n}')['whole'] is True, what


def test_the_chain_of_every_exhibit_of_the_demonstration_is_whole():
    start()
    assert 'every chain is whole' in centre.tamga('evidence', 'check', 'all')
    assert fails('evidence', 'check', 'E-1999-000001').code == 3


def test_a_table_stands_beside_each_paper_and_no_text_is_a_formula():
    start()
    z = record('team', trigger_words='=HYPERLINK("http://x")', declared_goods='+melons')
    bag = exhibit('X-1', z['lines'][0]['id'])
    sheet = {'kind': 'seizure', 'about': f'seizure:{z["id"]}', 'language': 'en'}
    made = {f: post('team', '/api/papers', {**sheet, 'format': f}) for f in ('pdf', 'xlsx', 'csv')}
    files = {}
    for form, paper in made.items():
        status, headers, files[form] = people['team'].request('GET', f'/api/papers/{paper["hash"]}', raw=True)
        assert status == 200 and hashlib.sha256(files[form]).hexdigest() == paper['hash']
        assert {'pdf': 'application/pdf', 'xlsx': 'spreadsheetml', 'csv': 'text/csv'}[form] in headers['content-type']
    rows = list(csv.reader(io.StringIO(files['csv'].decode('utf-8-sig'))))
    cells = [c for row in rows for c in row]
    assert z['number'] in cells and bag['number'] in cells and '12.000000' in cells, cells
    assert not [c for c in cells if c.lstrip()[:1] in ('=', '+', '@')], cells
    strings = zipfile.ZipFile(io.BytesIO(files['xlsx'])).read('xl/sharedStrings.xml').decode()
    assert z['number'] in strings and 'heroin' in strings
    formats = [leaf.get('format') for leaf in leaves('paper.issued') if leaf['about'] == sheet['about']]
    assert formats == ['pdf', 'xlsx', 'csv']
    post('statistician', '/api/papers', {**sheet, 'format': 'csv'}, 403)


def order_with(seized, confirm_by):
    truck = {'ref': f'26AZ-LATE-{len(seized)}', 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T09:00:00+04:00',
             'regime': 'transit', 'post': told['post'], 'departure': 'IR', 'destination': 'UA', 'currency': 'USD', 'value': 9200,
             'consignor': {'code': 'IR-LATE-1', 'name': 'Fruit', 'country': 'IR'}, 'consignee': {'code': 'UA-L-9', 'name': 'Trade', 'country': 'UA'},
             'gross_kg': 22400, 'items': [{'item_no': 1, 'hs': '080711', 'origin': 'IR', 'gross_kg': 22400, 'value': 9200}]}
    consignment = post('analyst', '/api/declarations', truck)['records'][0]['consignment']
    post('analyst', f'/api/consignments/{consignment}/decisions', {'action': 'inspect', 'means': ['dog'], 'reason': 'information of a partner'})
    order = next(r['id'] for r in get('chief', '/api/board')['items'] if r['consignment'] == consignment)
    post('team', f'/api/orders/{order}/moves', {'arrow': 'accept'})
    post('team', f'/api/consignments/{consignment}/results',
         {'outcome': 'drugs' if seized else 'none', 'means': ['dog'], 'minutes': 10, 'note': 'looked through', 'seized': seized})
    post('chief', f'/api/orders/{order}/moves', {'arrow': confirm_by})
    return order


def test_what_is_found_after_an_order_was_confirmed_goes_to_its_case():
    start()
    order = order_with([{'substance': 'heroin', 'mass_kg': 0.004}], 'confirm_seizure')
    first = get('chief', f'/api/orders/{order}')['seizures'][0]
    case = get('chief', f'/api/seizures/{first if isinstance(first, int) else first["id"]}')['case']
    later = post('team', '/api/seizures', seizure(order=order))
    assert later['id'] in [z['id'] for z in get('chief', f'/api/cases/{case}')['seizures']]
    clean = order_with([], 'confirm')
    assert post('team', '/api/seizures', seizure(order=clean), 409)['code'] == 'seizure.order_over'


def test_a_failing_store_tells_no_path():
    with Centre() as other:
        other.serve()
        team = other.sign_in('team')
        harness.damage(other, 'DROP TABLE seizure_instrument')
        status, headers, problem = team.request('GET', '/api/seizures')
        assert status == 503, (status, problem)
        schema.problem(status, headers, problem)
        assert str(other.home) not in str(problem) and problem['request_id'] in problem['detail'], problem
        log = (other.folder / 'serve.log').read_text()
        assert problem['request_id'] in log and 'seizure_instrument' in log


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
