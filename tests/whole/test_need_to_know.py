"""What need-to-know and the second pair of eyes hold back when somebody walks round them: joined cases, links, pictures,
papers, live events, and orders that are moved to and fro."""
import contextlib
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import time

import harness
import live
import schema
import tap
from harness import Centre

centre, people, told = None, {}, {}


def ask(who, method, path, body=None, expect=200, kind=None):
    status, headers, content = people[who].request(method, path, body, {'Content-Type': kind} if kind else None)
    assert status == expect, (who, method, path, status, content)
    if expect >= 400:
        schema.problem(status, headers, content)
    return content


def get(who, path, expect=200):
    return ask(who, 'GET', path, None, expect)


def post(who, path, body=None, expect=201, **more):
    return ask(who, 'POST', path, body, expect, **more)


def add_account(name, role, *more):
    password = f'a long password of {name}'
    centre.tamga('account', 'add', name, '--role', role, '--display', f'{role} {name}', *more, stdin=password + '\n')
    centre.accounts[name] = password


def start():
    global centre
    if centre:
        return
    centre = Centre()
    for name, role in (('other-chief', 'chief'), ('third-chief', 'chief'), ('other-investigator', 'investigator'),
                       ('other-custodian', 'custodian')):
        add_account(name, role)
    centre.serve()
    for name in centre.accounts:
        people[name] = centre.sign_in(name)
    told['post'] = get('team', '/api/session')['posts'][0]


def leaves(action, about=None):
    found, at, size = [], 0, 1
    while at < size:
        page = get('auditor', f'/api/log?from={at}&most=1000')
        size, at = page['size'], at + len(page['items'])
        found += [one for one in page['items'] if one['action'] == action and about in (None, one['object'])]
    return found


def open_case(title, who='investigator', **more):
    return post(who, '/api/cases', {'title': title, **more})


def change(who, case, body, expect=201):
    return post(who, f'/api/cases/{case["id"]}/changes', body, expect)


def let_in(who, case, *names):
    for name in names:
        change(who, case, {'access': {'account': name, 'reason': 'works on this matter'}})


def merge(who, kept, other, expect=201, **more):
    return change(who, kept, {'merge': {'number': other['number'], **(more or {'reason': 'one matter'})}}, expect)


def move(who, case, arrow, expect=201, **more):
    return post(who, f'/api/cases/{case["id"]}/moves', {'arrow': arrow, **more}, expect)


def lodge(ref, post_code=None):
    truck = {'ref': ref, 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T09:00:00+04:00', 'regime': 'transit',
             'post': post_code or told['post'], 'consignor': {'code': 'IR-NTK-1', 'name': 'Fresh fruit exports', 'country': 'IR'},
             'consignee': {'code': 'UA-NTK-9', 'name': 'Fruit trade', 'country': 'UA'}, 'departure': 'IR',
             'destination': 'UA', 'route': ['AZ', 'GE'], 'transport_mode': '3', 'vehicle': '11A11111', 'vehicle_country': 'IR',
             'currency': 'USD', 'value': 9200, 'gross_kg': 22400,
             'items': [{'item_no': 1, 'hs': '080711', 'description': 'fresh watermelons', 'origin': 'IR', 'gross_kg': 22400,
                        'value': 9200}]}
    return post('analyst', '/api/declarations', truck)['records'][0]['consignment']


def record(who='investigator', expect=201, **more):
    body = {'seized': '2026-09-16T06:00:00+04:00', 'post': told['post'], 'place_kind': 'road', 'direction': 'transit',
            'unit': 'the team on shift', 'trigger': 'intelligence', 'concealment': 'cab',
            'lines': [{'substance': 'heroin', 'form': 'powder', 'mass_mg': 1_250_000}]}
    body = {k: v for k, v in {**body, **more}.items() if v is not None}
    return post(who, '/api/seizures', body, expect)


def serve_again():
    centre.stop()
    centre.serve()
    for session in people.values():         # who was signed in still is
        session.port, session.connection = centre.port, None


@contextlib.contextmanager
def office(name, change):
    """The centre with a file of config/ changed."""
    config = centre.folder / 'config'
    shutil.copytree(harness.SOURCE / 'config', config)
    (config / name).write_text(change((config / name).read_text()))
    os.environ['TAMGA_SHARE'] = str(config)
    serve_again()
    try:
        yield
    finally:
        del os.environ['TAMGA_SHARE']
        serve_again()


# ---- joined cases ----

def test_a_joined_case_is_as_closed_as_the_more_closed_of_the_two():
    start()
    secret, plain = open_case('the informant\'s matter', compartment='alpha'), open_case('an open matter')
    change('investigator', secret, {'note': {'kind': 'fact', 'text': 'the informant said so'}})
    post('investigator', f'/api/cases/{secret["id"]}/suspects', {'name': 'Nobody Known', 'role': 'driver', 'sex': 'm', 'citizenship': 'IR'})
    seizure = record(case=secret['id'], trigger_words='what the informant told')
    get('other-chief', f'/api/cases/{plain["id"]}')
    joined = merge('investigator', plain, secret)
    assert joined['compartment'] == 'alpha'
    for path in (f'/api/cases/{plain["id"]}', f'/api/cases/{plain["id"]}/suspects?purpose=curiosity', f'/api/cases/{secret["id"]}'):
        assert 'need-to-know' in get('other-chief', path, 403)['detail']
    assert not {plain['id'], secret['id']} & {c['id'] for c in get('other-chief', '/api/cases')['items']}
    refused = merge('other-chief', open_case('another', 'other-chief'), plain, 404)
    assert refused['code'] == 'case.no_number'
    # Whom somebody who reads the whole names after the joining reads the whole ...
    let_in('investigator', plain, 'third-chief')
    assert 'informant' in json.dumps(get('third-chief', f'/api/cases/{plain["id"]}')['timeline'])
    assert get('third-chief', f'/api/seizures/{seizure["id"]}')['trigger_words'] == 'what the informant told'
    # ... and after the parting what was open before is open again, and what was closed is closed to them, too.
    merge('investigator', plain, secret, undo=True)
    assert 'informant' not in json.dumps(get('other-chief', f'/api/cases/{plain["id"]}')) and get('third-chief', f'/api/cases/{plain["id"]}')
    for who in ('other-chief', 'third-chief'):
        get(who, f'/api/cases/{secret["id"]}', 403)
    assert 'trigger_words' not in get('third-chief', f'/api/seizures/{seizure["id"]}')


def test_who_reads_only_one_of_two_closed_cases_does_not_read_the_joined_one():
    start()
    one, two = open_case('one circle', compartment='beta'), open_case('two circles', compartment='gamma')
    let_in('investigator', one, 'chief')
    let_in('investigator', two, 'chief', 'other-chief')
    merge('investigator', one, two)
    get('chief', f'/api/cases/{one["id"]}')
    get('other-chief', f'/api/cases/{one["id"]}', 403)
    own = get('other-chief', f'/api/cases/{two["id"]}')     # what they knew before
    assert own['merged_into'] == one['id']
    # Frozen, and the number of the one it went into is not told to whom may not know of it.
    refused = change('other-chief', two, {'note': {'kind': 'fact', 'text': 'mine'}}, 409)
    assert refused['code'] == 'case.merged_away' and one['number'] not in refused['detail']
    refused = change('chief', two, {'note': {'kind': 'fact', 'text': 'mine'}}, 409)
    assert refused['code'] == 'case.merged' and one['number'] in refused['detail']


def test_a_joined_case_stands_still_until_it_is_parted():
    start()
    kept, other = open_case('what is kept'), open_case('what is joined')
    task = change('investigator', other, {'task': {'title': 'hear the driver', 'mandatory': True}})['tasks'][0]['id']
    merge('investigator', kept, other)
    before = get('investigator', f'/api/cases/{other["id"]}')
    for path, body in ((f'/api/cases/{other["id"]}/moves', {'arrow': 'investigate'}),
                       (f'/api/cases/{other["id"]}/changes', {'disposition': 'ended so'}),
                       (f'/api/cases/{other["id"]}/changes', {'access': {'account': 'chief', 'reason': 'needs to know'}}),
                       (f'/api/cases/{other["id"]}/suspects', {'name': 'X Y', 'role': 'driver', 'sex': 'm', 'citizenship': 'IR'})):
        assert post('investigator', path, body, 409)['code'] == 'case.merged', (path, body)
    after = get('investigator', f'/api/cases/{other["id"]}')
    assert all('refusal' in c for c in after['flow']['choices']) and after['timeline'] == before['timeline']
    move('investigator', kept, 'investigate')
    assert '1 mandatory task' in move('investigator', kept, 'submit', 409)['detail']
    change('investigator', kept, {'task_done': {'id': task, 'note': 'heard and filed'}})
    move('investigator', kept, 'submit')


# ---- what a case needs before it ends ----

def closes(case, expect):
    move('investigator', case, 'investigate')
    move('investigator', case, 'submit')
    change('investigator', case, {'disposition': 'ended so'})
    return move('other-investigator', case, 'close', expect)


def test_a_case_does_not_end_before_every_consignment_and_order_of_the_whole_matter_has_its_result():
    start()
    goods = lodge('26AZ-NTK-1')
    kept, other = open_case('without goods of its own'), open_case('with goods', links=[f'consignment:{goods}'])
    merge('investigator', kept, other)
    refused = closes(kept, 409)
    assert refused['code'] == 'guard.feedback_given' and refused['params'] == {'n': '1'}, refused
    ordered = lodge('26AZ-NTK-2')
    post('chief', f'/api/consignments/{ordered}/decisions', {'action': 'inspect', 'means': ['dog'], 'reason': 'look there'})
    order = next(r for r in get('chief', '/api/board')['items'] if r['consignment'] == ordered)['id']
    linked = open_case('with an order', links=[f'order:{order}'])
    assert closes(linked, 409)['code'] == 'guard.feedback_given'
    post('team', f'/api/consignments/{ordered}/results', {'outcome': 'none', 'means': ['dog']})
    assert move('other-investigator', linked, 'close')['flow']['state'] == 'closed'


def test_an_exhibit_is_kept_as_long_as_the_whole_matter_is_open():
    start()
    kept, other = open_case('goes on'), open_case('would be over')
    seizure = record(case=other['id'])
    made = post('team', '/api/exhibits', {'line': seizure['lines'][0]['id'], 'words': 'one bag', 'from': 'the team', 'to': 'the store',
                                          'place': told['post'], 'purpose': 'sealing', 'seal_new': 'NTK-0001'})
    witnesses = {'witness_1': 'Officer 1042', 'witness_2': 'Officer 1077', 'net_mg': 1_250_000, 'gross_mg': 1_300_000}

    def exhibit(who, arrow, expect=201, **more):
        body = {'arrow': arrow, 'from': 'a', 'to': 'b', 'place': told['post'], 'purpose': 'as ordered'}
        return post(who, f'/api/exhibits/{made["id"]}/moves', {**body, 'seal_old': 'NTK-0002', **more}, expect)
    exhibit('custodian', 'weigh', seal_old='NTK-0001', seal_new='NTK-0002', **witnesses)
    exhibit('custodian', 'store')
    merge('investigator', kept, other)
    witnesses['ground'] = 'decision of the court of 14 September 2026'
    assert exhibit('other-custodian', 'destroy', 409, **witnesses)['code'] == 'guard.case_allows_destruction'
    closes(kept, 201)
    assert exhibit('other-custodian', 'destroy', **witnesses)['flow']['state'] == 'destroyed'


# ---- four eyes on an order ----

def ordered(ref, by='analyst'):
    goods = lodge(ref)
    post(by, f'/api/consignments/{goods}/decisions', {'action': 'inspect', 'means': ['dog', 'xray'], 'reason': 'look there'})
    return goods, next(r for r in get('chief', '/api/board')['items'] if r['consignment'] == goods)['id']


def result(who, goods, outcome='none', **more):
    return post(who, f'/api/consignments/{goods}/results', {'outcome': outcome, 'means': ['dog', 'xray'], **more})


def order_move(who, order, arrow, expect=201, **more):
    return post(who, f'/api/orders/{order}/moves', {'arrow': arrow, **more}, expect)


def test_who_entered_the_result_does_not_confirm_it_however_often_the_order_goes_to_and_fro():
    start()
    goods, order = ordered('26AZ-EYES-1')
    result('chief', goods)
    assert order_move('chief', order, 'confirm', 403)['code'] == 'flow.four_eyes'
    order_move('team', order, 'inspect_again', note='the dog was tired')
    result('team', goods)
    assert order_move('chief', order, 'confirm', 403)['code'] == 'flow.four_eyes'
    assert leaves('access.refused', f'order:{order}')
    assert order_move('other-chief', order, 'confirm')['flow']['state'] == 'confirmed'


def test_an_order_that_is_inspected_again_needs_a_new_result():
    start()
    goods, order = ordered('26AZ-EYES-2')
    result('team', goods)
    order_move('other-chief', order, 'inspect_again', note='once more, with the dog')
    assert order_move('team', order, 'enter_result', 409)['code'] == 'guard.has_result'
    result('team', goods)
    # Who sent it back has reviewed it, and reviews what came of it.
    assert order_move('other-chief', order, 'confirm')['flow']['state'] == 'confirmed'


def test_who_recorded_the_seizure_or_did_a_step_does_not_confirm_it():
    start()
    goods, order = ordered('26AZ-EYES-3')
    result('team', goods)
    record('chief', order=order)
    assert order_move('chief', order, 'confirm_seizure', 403)['code'] == 'flow.four_eyes'
    assert order_move('other-chief', order, 'confirm_seizure')['flow']['state'] == 'seized'
    goods, order = ordered('26AZ-EYES-4')
    post('chief', f'/api/orders/{order}/steps', {'means': 'dog', 'reaction': 'none', 'started': '2026-09-16T05:00:00+04:00',
                                                 'ended': '2026-09-16T05:10:00+04:00', 'client_key': 'eyes-dog-1'})
    result('team', goods)
    assert order_move('chief', order, 'confirm', 403)['code'] == 'flow.four_eyes'
    order_move('other-chief', order, 'confirm')


# ---- posts ----

def test_a_case_takes_only_what_its_writer_may_see():
    start()
    other = next(p['code'] for p in get('third-chief', '/api/posts')['items'] if p['code'] != told['post'])
    add_account('bound-chief', 'chief', '--posts', other)
    people['bound-chief'] = centre.sign_in('bound-chief')
    goods, order = ordered('26AZ-POSTS-1')
    seizure = record()
    get('bound-chief', f'/api/consignments/{goods}', 403)
    case = open_case('a matter of another post', 'bound-chief')
    for body in ({'link': f'consignment:{goods}'}, {'link': f'order:{order}'}, {'seizure': seizure['id']}):
        assert change('bound-chief', case, body, 403)['code'] == 'right.post', body
    for body in ({'links': [f'consignment:{goods}']}, {'seizures': [seizure['id']]}):
        assert post('bound-chief', '/api/cases', {'title': 'opened with it', **body}, 403)['code'] == 'right.post'
    assert leaves('access.refused', f'case:{case["id"]}')
    change('third-chief', case, {'link': f'consignment:{goods}'})


def test_a_seizure_goes_into_and_out_of_a_case_by_who_leads_cases_and_stays_at_posts_that_are_seen():
    start()
    case = open_case('a matter with one seizure')
    inside, outside = record(case=case['id']), record()
    for seizure, into in ((inside, 0), (outside, case['id'])):
        refused = post('team', f'/api/seizures/{seizure["id"]}/amendments', {'case': into}, 403)
        assert refused['params']['right'] == 'case.write', refused
    assert record('team', expect=403, case=case['id'])['params']['right'] == 'case.write'
    assert [z['id'] for z in get('investigator', f'/api/cases/{case["id"]}')['seizures']] == [inside['id']]
    other = next(p['code'] for p in get('third-chief', '/api/posts')['items'] if p['code'] != told['post'])
    assert post('team', f'/api/seizures/{outside["id"]}/amendments', {'post': other}, 403)['code'] == 'right.post'
    assert post('investigator', f'/api/seizures/{inside["id"]}/amendments', {'case': 0})['number'] == inside['number']


def test_a_list_is_as_long_as_asked_for_what_one_may_see():
    start()
    other = next(p['code'] for p in get('third-chief', '/api/posts')['items'] if p['code'] != told['post'])
    mine = record('team')
    made = post('team', '/api/exhibits', {'line': mine['lines'][0]['id'], 'words': 'one bag', 'from': 'the team', 'to': 'the store',
                                          'place': told['post'], 'purpose': 'sealing', 'seal_new': 'NTK-0003'})
    for n in range(3):
        far = record(post=other)
        post('investigator', '/api/exhibits', {'line': far['lines'][0]['id'], 'words': 'one bag', 'from': 'the team', 'to': 'the store',
                                               'place': other, 'purpose': 'sealing', 'seal_new': f'NTK-1{n}'})
    assert [z['id'] for z in get('team', '/api/seizures?most=1')['items']] == [mine['id']]
    assert [e['id'] for e in get('team', '/api/exhibits?most=1')['items']] == [made['id']]
    # Without a post it would be seen at every post.
    assert record('team', expect=422, post=None)['code'] == 'seizure.post'


# ---- seizures of a need-to-know case ----

def pages(who, seizure):
    """The seizure record that somebody has issued, as text, and its hash."""
    made = post(who, '/api/papers', {'kind': 'seizure', 'about': f'seizure:{seizure}', 'language': 'en'})
    status, _, pdf = people[who].request('GET', f'/api/papers/{made["hash"]}', raw=True)
    assert status == 200
    return pdf, made['hash']


def words_of(pdf):
    if not shutil.which('pdftotext'):
        raise tap.Skip('pdftotext of poppler-utils is not here')
    return subprocess.run(['pdftotext', '-layout', '-', '-'], input=pdf, capture_output=True, check=True).stdout.decode()


def test_a_seizure_record_says_what_its_reader_may_know():
    start()
    case = open_case('for the record', compartment='delta')
    seizure = record(case=case['id'], trigger_words='an informant told us')['id']
    named, hash_of_named = pages('investigator', seizure)
    assert 'informant' in words_of(named) and case['number'] in words_of(named)
    for who in ('other-chief', 'team', 'analyst', 'custodian'):
        unnamed, hash_of = pages(who, seizure)
        assert 'informant' not in words_of(unnamed) and case['number'] not in words_of(unnamed), who
        # The one that somebody named has issued is not theirs by its hash either.
        assert 'need-to-know' in get(who, f'/api/papers/{hash_of_named}', 403)['detail']
        assert people['investigator'].request('GET', f'/api/papers/{hash_of}', raw=True)[0] == 200
    let_in('investigator', case, 'other-chief')
    assert people['other-chief'].request('GET', f'/api/papers/{hash_of_named}', raw=True)[0] == 200


def test_pictures_and_exhibits_of_a_closed_matter_are_for_who_knows_it_and_who_worked_on_it():
    start()
    case = open_case('for the pictures', compartment='epsilon')
    mine, theirs = record('team'), record()
    for seizure in (mine, theirs):
        change('investigator', case, {'seizure': seizure['id']})
    picture = b'\xff\xd8\xff\xe0' + b'a face at a window' * 40
    kept = ask('investigator', 'POST', f'/api/media?about=seizure:{theirs["id"]}&words=face', picture, 201, kind='image/jpeg')['hash']
    seen = lambda who: people[who].request('GET', f'/api/media/{kept}', raw=True)[0]
    assert [seen(who) for who in ('investigator', 'analyst', 'other-chief', 'team')] == [200, 403, 403, 403]
    ask('team', 'POST', f'/api/media?about=seizure:{theirs["id"]}', picture + b'1', 403, kind='image/jpeg')
    ask('team', 'POST', f'/api/media?about=seizure:{mine["id"]}', picture + b'2', 201, kind='image/jpeg')
    bag = {'words': 'one bag', 'from': 'the team', 'to': 'the store', 'place': told['post'], 'purpose': 'sealing'}
    assert 'need-to-know' in post('team', '/api/exhibits', {**bag, 'line': theirs['lines'][0]['id'], 'seal_new': 'NTK-20'}, 403)['detail']
    post('team', '/api/exhibits', {**bag, 'line': mine['lines'][0]['id'], 'seal_new': 'NTK-21'})
    # Who keeps the store keeps what is in it without knowing the case.
    made = post('custodian', '/api/exhibits', {**bag, 'line': theirs['lines'][0]['id'], 'seal_new': 'NTK-22'})['id']
    ask('custodian', 'POST', f'/api/media?about=exhibit:{made}', picture + b'3', 201, kind='image/jpeg')


# ---- the second pair of eyes ----

def test_with_the_accounts_of_the_demonstration_a_matter_goes_all_the_way():
    start()
    goods, order = ordered('26AZ-OWN-1', 'chief')
    result('team', goods, 'drugs', seized=[{'substance': 'heroin', 'mass_kg': 12.5}])
    assert order_move('chief', order, 'confirm_seizure', 403)['code'] == 'flow.four_eyes'
    order_move('chief2', order, 'confirm_seizure')
    case = next(c for c in get('chief2', '/api/cases')['items'] if c['compartment'] and c['flow']['state'] == 'open')
    let_in('chief2', case, 'investigator', 'investigator2')
    line = get('team', f'/api/seizures/{get("chief2", f"/api/orders/{order}")["seizures"][0]}')['lines'][0]['id']
    bag = post('team', '/api/exhibits', {'line': line, 'words': 'one bag', 'from': 'the team', 'to': 'the store', 'place': told['post'],
                                         'purpose': 'sealing', 'seal_new': 'OWN-1'})['id']

    def exhibit(who, arrow, **more):
        body = {'arrow': arrow, 'from': 'a', 'to': 'b', 'place': told['post'], 'purpose': 'as ordered'}
        return post(who, f'/api/exhibits/{bag}/moves', {**body, **more}, more.pop('expect', 201))
    weighed = {'witness_1': 'Officer 1042', 'witness_2': 'Officer 1077', 'net_mg': 12_500_000, 'gross_mg': 12_600_000}
    exhibit('custodian', 'weigh', seal_old='OWN-1', seal_new='OWN-2', **weighed)
    exhibit('custodian', 'store', seal_old='OWN-2')
    move('investigator', case, 'investigate')
    for task in get('investigator', f'/api/cases/{case["id"]}')['tasks']:
        if task['mandatory']:
            change('investigator', case, {'task_done': {'id': task['id'], 'note': 'done and filed'}})
    change('investigator', case, {'disposition': 'referred for prosecution'})
    move('investigator', case, 'submit')
    for who in ('investigator', 'chief2'):      # who moved it last, and who began it
        assert move(who, case, 'refer', 403)['code'] == 'flow.four_eyes'
    assert move('investigator2', case, 'refer')['flow']['state'] == 'referred'
    burnt = {**weighed, 'seal_old': 'OWN-2', 'ground': 'decision of the court of 14 September 2026'}
    assert exhibit('custodian2', 'destroy', **burnt)['flow']['state'] == 'destroyed'


# ---- staff ----

def staff(who, body, expect=201):
    return post(who, '/api/staff', body, expect)


def test_officers_are_sent_where_they_are_not_yet_and_by_who_answers_for_the_post():
    start()
    home, far, third = [p['code'] for p in get('third-chief', '/api/posts')['items']][:3]
    add_account('one-post-chief', 'chief', '--posts', home)
    people['one-post-chief'] = centre.sign_in('one-post-chief')
    officer = {'service_number': 'G-7', 'name': 'Officer G-7', 'skills': ['documents'], 'post': home, 'account': 'teams'}
    assert 'name it' in staff('third-chief', {'officer': {**officer, 'skills': ['dog']}}, 422)['detail']
    first = next(o for o in staff('third-chief', {'officer': officer})['officers'] if o['service_number'] == 'G-7')['id']
    twin = next(o for o in staff('third-chief', {'officer': {**officer, 'service_number': 'G-8'}})['officers']
                if o['service_number'] == 'G-8')['id']
    now = datetime.datetime.fromisoformat(get('administrator', '/health')['now'])

    def send(to, of=first, begins=10, ends=20, expect=201):
        day = datetime.timedelta(days=1)
        answer = staff('third-chief', {'dispatch': {'officer': of, 'post': to, 'from': (now + begins * day).isoformat(),
                                                    'until': (now + ends * day).isoformat(), 'reason': 'short of officers'}}, expect)
        return answer if expect != 201 else max(d['id'] for d in answer['dispatches'] if d['flow']['state'] == 'planned')
    assert 'over' in send(far, begins=-5, ends=-2, expect=422)['detail']
    assert 'already' in send(home, expect=422)['detail']
    sent = send(far)
    order = lambda who, of, expect=201: staff(who, {'move': {'dispatch': of, 'arrow': 'order'}}, expect)
    assert order('one-post-chief', sent, 403)['code'] == 'right.post'
    order('third-chief', sent)
    # One account is one person, whatever the number of their records.
    assert order('third-chief', send(third, of=twin), 409)['code'] == 'guard.interval_free'


def test_an_officer_is_changed_and_leaves_and_a_dispatch_ends_with_the_service():
    start()
    home, far, third = [p['code'] for p in get('third-chief', '/api/posts')['items']][:3]
    add_account('guest-too', 'team', '--posts', home)
    people['guest-too'] = centre.sign_in('guest-too')
    officer = {'service_number': 'G-9', 'name': 'Officer G-9', 'skills': ['documents'], 'post': home, 'account': 'guest-too'}
    find = lambda answer: next((o for o in answer['officers'] if o['service_number'] == 'G-9'), None)
    officer['id'] = find(staff('third-chief', {'officer': officer}))['id']
    officer['skills'] = ['documents', 'xray']
    assert find(staff('third-chief', {'officer': officer}))['skills'] == ['documents', 'xray']
    assert staff('one-post-chief', {'officer': {**officer, 'post': far}}, 403)['code'] == 'right.post'
    staff('third-chief', {'officer': {**officer, 'service_number': 'G-10'}}, 404)
    now = datetime.datetime.fromisoformat(get('administrator', '/health')['now'])
    planned = staff('third-chief', {'dispatch': {'officer': officer['id'], 'post': far, 'from': now.isoformat(), 'reason': 'short of officers',
                                                 'until': (now + datetime.timedelta(days=9)).isoformat()}})
    staff('third-chief', {'move': {'dispatch': max(d['id'] for d in planned['dispatches'] if d['flow']['state'] == 'planned'), 'arrow': 'order'}})
    assert far in get('guest-too', '/api/session')['posts']
    assert find(staff('third-chief', {'officer': {**officer, 'until': now.isoformat()}})) is None
    assert get('guest-too', '/api/session')['posts'] == [home]
    assert leaves('officer.changed', f'officer:{officer["id"]}')[-1]['until']


# ---- live events ----

def mark():
    """An event that everybody hears."""
    told['worth'] = told.get('worth', 100_000) + 1
    ask('chief', 'PUT', '/api/dial', {'w_minor': told['worth']})


def test_what_is_need_to_know_is_told_live_to_nobody_else():
    start()
    streams = {who: live.Stream(people[who]) for who in ('chief', 'other-chief', 'analyst', 'statistician', 'investigator')}
    goods, order = ordered('26AZ-LIVE-1')
    result('team', goods, 'drugs', seized=[{'substance': 'heroin', 'mass_kg': 12.5}])
    order_move('other-chief', order, 'confirm_seizure')
    case = next(c for c in get('other-chief', '/api/cases')['items'] if c['compartment'])
    assert streams['other-chief'].wait(lambda e: e[1] == 'case.opened')[2]['detail'] == {'case': case['id']}
    mark()
    for who, stream in streams.items():
        stream.wait(lambda e: e[1] == 'dial.set')       # told after it: whoever has heard this has heard all before
        heard = [e for e in stream.events if e[1] == 'case.opened']
        assert bool(heard) == (who == 'other-chief'), (who, heard)
        stream.close()
    told['closed'] = case['id']


def test_what_is_overdue_is_told_to_who_may_read_it():
    start()
    centre.stop()
    with contextlib.closing(sqlite3.connect(centre.home / 'centre.db')) as db, db:
        for kind in ('case', 'evidence', 'order'):
            db.execute('UPDATE flow_item SET due_ms = 1, since_ms = 1 WHERE due_ms IS NOT NULL AND escalated_ms IS NULL AND kind = ?', (kind,))
    centre.serve()
    for session in people.values():
        session.port, session.connection = centre.port, None
    first = live.Stream(people['chief'])
    mark()
    boot = first.wait(lambda e: e[1] == 'dial.set')[0].split('-')[0]
    first.close()
    heard = {}
    for who in ('chief', 'other-chief', 'analyst', 'statistician', 'custodian', 'investigator'):
        stream = live.Stream(people[who], f'{boot}-0')      # from the start of the program on
        stream.wait(lambda e: e[1] == 'dial.set')
        heard[who] = {(e[2]['detail']['kind'], e[2]['detail']['id']) for e in stream.events if e[1] == 'work.overdue'}
        stream.close()
    assert {who for who in heard if ('case', told['closed']) in heard[who]} == {'other-chief'}, heard
    assert {kind for kind, _ in heard['analyst']} <= {'order', 'target'} and heard['statistician'] == set(), heard
    assert {kind for kind, _ in heard['custodian']} == {'evidence'} and 'case' in {kind for kind, _ in heard['investigator']}


def test_a_stream_outlives_no_dispatch():
    start()
    far = next(p['code'] for p in get('third-chief', '/api/posts')['items'] if p['code'] != told['post'])
    add_account('guest', 'team', '--posts', told['post'])
    people['guest'] = centre.sign_in('guest')
    staff = post('third-chief', '/api/staff', {'officer': {'service_number': 'G-1', 'name': 'Officer G-1', 'skills': ['documents'],
                                                           'post': told['post'], 'account': 'guest'}})
    account = next(o for o in staff['officers'] if o['service_number'] == 'G-1')
    now = datetime.datetime.fromisoformat(get('administrator', '/health')['now'])
    # Time enough to be sent there and to hear of it; what follows waits until the interval is over.
    until = now + datetime.timedelta(seconds=8)
    planned = post('third-chief', '/api/staff', {'dispatch': {'officer': account['id'], 'post': far, 'from': now.isoformat(),
                                                              'until': until.isoformat(), 'reason': 'help for the shift'}})
    mine = next(d for d in planned['dispatches'] if d['post'] == far and d['flow']['state'] == 'planned')
    post('third-chief', '/api/staff', {'move': {'dispatch': mine['id'], 'arrow': 'order'}})
    assert far in get('guest', '/api/session')['posts']
    stream = live.Stream(people['guest'])
    here = lodge('26AZ-LIVE-3', far)
    stream.wait(lambda e: e[2].get('consignment') == here)
    while far in get('guest', '/api/session')['posts']:
        time.sleep(0.2)
    gone = lodge('26AZ-LIVE-4', far)
    mark()
    stream.wait(lambda e: e[1] == 'dial.set')
    assert not [e for e in stream.events if e[2].get('consignment') == gone], stream.events
    stream.close()


# ---- who is named, and what the case remembers of it ----

def test_the_timeline_holds_what_was_linked_let_in_corrected_read_pictured_and_ended():
    start()
    case, goods = open_case('remembers', compartment='zeta'), lodge('26AZ-TIME-1')
    change('investigator', case, {'link': f'consignment:{goods}'})
    let_in('investigator', case, 'other-investigator')
    seizure = record(case=case['id'])
    post('investigator', f'/api/seizures/{seizure["id"]}/amendments', {'packages': 7})
    ask('investigator', 'POST', f'/api/media?about=seizure:{seizure["id"]}&words=the%20open%20door', b'\xff\xd8\xff\xe0' + b'door' * 90, 201,
        kind='image/jpeg')
    get('other-investigator', f'/api/cases/{case["id"]}/suspects?purpose=a%20request%20of%20the%20court')
    change('investigator', case, {'disposition': 'handed over'})
    change('investigator', case, {'access': {'account': 'other-investigator', 'end': True}})
    seen = {(e['kind'], e['words']) for e in get('investigator', f'/api/cases/{case["id"]}')['timeline']}
    other = 'investigator other-investigator'
    for event in (('link', f'consignment:{goods}'), ('access', f'{other}, works on this matter'), ('amendment', seizure['number']),
                  ('picture', 'the open door'), ('persons_read', 'a request of the court'), ('disposition', 'handed over'),
                  ('access_ended', other)):
        assert event in seen, (event, sorted(seen))


def test_one_may_leave_a_case_but_not_leave_it_to_nobody():
    start()
    case = open_case('who is left', compartment='eta')
    path, leave = f'/api/cases/{case["id"]}', {'access': {'account': 'investigator', 'end': True}}
    assert change('investigator', case, leave, 409)['code'] == 'case.last_named'
    get('investigator', path)
    past = {'access': {'account': 'other-investigator', 'reason': 'leads it now', 'until': '2001-01-01T00:00:00Z'}}
    assert change('investigator', case, past, 422)['code'] == 'until.past'
    let_in('investigator', case, 'team')        # reads no cases, so that nobody would be left
    assert change('investigator', case, leave, 409)['code'] == 'case.last_named'
    let_in('investigator', case, 'other-investigator')
    assert change('investigator', case, leave)['number'] == case['number']
    get('investigator', path, 403)
    assert get('other-investigator', path)['number'] == case['number']


def test_in_an_emergency_a_case_opens_where_the_office_allows_it_and_its_people_are_told():
    start()
    case = open_case('behind glass', compartment='theta')
    path, broken = f'/api/cases/{case["id"]}', {'emergency': {'reason': 'the witness is in danger tonight'}}
    assert change('other-chief', case, broken, 403)['code'] == 'case.no_glass'      # as shipped
    get('other-chief', path, 403)
    told['glass'] = case
    with office('case-opening.ini', lambda text: text + '\n[break_glass]\nroles = chief\nfor = 2 h\n'):
        streams = {who: live.Stream(people[who]) for who in ('investigator', 'auditor', 'analyst', 'third-chief')}
        change('other-chief', case, {'emergency': {'reason': 'short'}}, 422)
        change('other-investigator', case, broken, 403)
        opened = change('other-chief', case, broken)
        mine = next(a for a in opened['access'] if a['login'] == 'other-chief')
        assert mine['emergency'] and mine['until'] and mine['reason'] == broken['emergency']['reason']
        assert ('emergency', broken['emergency']['reason']) in {(e['kind'], e['words']) for e in opened['timeline']}
        mark()
        for who, stream in streams.items():
            stream.wait(lambda e: e[1] == 'dial.set')
            heard = [e[2]['detail']['case'] for e in stream.events if e[1] == 'case.emergency']
            assert (case['id'] in heard) == (who in ('investigator', 'auditor')), (who, heard)
            stream.close()
        leaf = leaves('case.emergency', f'case:{case["id"]}')[-1]
        assert leaf['reason'] == broken['emergency']['reason'] and leaf['until']
        assert change('other-chief', case, broken, 409)['code'] == 'case.read_already'


def test_a_refusal_says_what_it_was_about():
    start()
    case = open_case('who knocked', compartment='iota')
    inside = record(case=case['id'])
    goods = lodge('26AZ-KNOCK-1')

    def knocked(about, who, path, body):
        before = len(leaves('access.refused', about))
        post(who, path, body, 403)
        assert len(leaves('access.refused', about)) == before + 1, (about, path)
    form = {'seized': '2026-09-16T06:00:00+04:00', 'post': told['post'], 'place_kind': 'road', 'direction': 'transit',
            'unit': 'the team on shift', 'trigger': 'intelligence', 'concealment': 'cab',
            'lines': [{'substance': 'heroin', 'form': 'powder', 'mass_mg': 1_250_000}]}
    knocked(f'case:{case["id"]}', 'other-chief', '/api/seizures', {**form, 'case': case['id']})
    knocked(f'seizure:{inside["id"]}', 'team', '/api/exhibits',
            {'line': inside['lines'][0]['id'], 'words': 'one bag', 'from': 'the team', 'to': 'the store', 'place': told['post'],
             'purpose': 'sealing', 'seal_new': 'NTK-30'})
    bound = next(n for n in ('bound-chief', 'one-post-chief') if told['post'] not in get(n, '/api/session')['posts'])
    knocked(f'consignment:{goods}', bound, '/api/cases', {'title': 'opened with it', 'links': [f'consignment:{goods}']})


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
