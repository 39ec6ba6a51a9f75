"""A working day through the HTTP door: sign in, the queue, a decision, a result that moves the profile, the chief's
controls, live events, and what is refused."""
import http.client
import json
import threading
import time

import harness
import tap
from harness import Centre, Session

centre = None
people = {}


def declaration(ref, **other):
    return {'ref': ref, 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T18:00:00+04:00', 'regime': 'import',
            'post': 'AZAST001', 'departure': 'IR', 'destination': 'AZ', 'currency': 'AZN',
            'consignee': {'code': 'C-1', 'name': 'Trader'},
            'items': [{'item_no': 1, 'hs': '080610', 'description': 'grapes', 'origin': 'IR', 'gross_kg': 120, 'net_kg': 100,
                       'value': 500}], **other}


def get(who, path):
    status, _, body = people[who].request('GET', path)
    assert status == 200, (path, status, body)
    return body


def first(**query):
    words = '&'.join(f'{k}={v}' for k, v in query.items())
    return get('analyst', f'/api/queue?most=1&{words}')['items'][0]


def test_signing_in():
    global centre
    centre = Centre()
    centre.serve()
    for role in ('analyst', 'chief', 'team', 'auditor', 'administrator'):
        people[role] = centre.sign_in(role)
    body = get('analyst', '/api/session')
    assert body['role'] == 'analyst' and 'queue.read' in body['permissions'], body


def test_a_wrong_password_is_refused_without_saying_which():
    s = Session(centre.port)
    one = s.sign_in('analyst', 'not the password')
    two = s.sign_in('nobody', 'not the password')
    assert one[0] == two[0] in (401, 403) and one[2]['detail'] == two[2]['detail'], (one, two)
    assert one[1]['content-type'] == 'application/problem+json'


def test_the_cookie_is_strict():
    s = Session(centre.port)
    _, headers, _ = s.sign_in('analyst', centre.accounts['analyst'])
    cookie = headers['set-cookie']
    for word in ('__Host-', 'Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'):
        assert word in cookie, cookie


def test_a_change_without_the_csrf_token_is_refused():
    s = people['chief']
    status, _, body = s.request('PUT', '/api/dial', {'w_minor': 1}, headers={'X-CSRF-Token': 'wrong'})
    assert status == 403 and 'CSRF' in body['detail'].upper(), (status, body)


def test_nobody_sees_anything_without_signing_in():
    status, _, body = Session(centre.port).request('GET', '/api/queue')
    assert status == 401, (status, body)


def test_the_queue_is_ranked_and_explained():
    items = get('analyst', '/api/queue?most=50')['items']
    assert len(items) == 50
    for item in items:
        assert item['selection']['lane'] in ('red', 'yellow', 'blue', 'green'), item
        assert len(item['selection']['reason']) > 20 and 'inspected' in item['fraud']['words'], item
    assert len(get('analyst', '/api/queue?most=7&skip=3')['items']) == 7


def test_one_consignment_with_reasons_and_history():
    body = get('analyst', f'/api/consignments/{first()["consignment"]}')
    assert body['declaration']['items'] and body['versions'], body.keys()
    for harm in ('fraud', 'critical'):
        assert 'words' in body['assessment'][harm] and body['assessment'][harm]['path'], body['assessment']


def test_a_declaration_is_answered_with_lane_and_reasons():
    status, _, body = people['analyst'].request('POST', '/api/declarations', declaration('A-1'))
    record = body['records'][0]
    assert status == 201 and record['status'] == 'new' and record['lane'], body
    assert 'inspected' in record['fraud']['words'], record
    assert get('analyst', '/api/declarations?ref=A-1')['consignment'] == record['consignment']


def test_the_same_declaration_again_changes_nothing():
    status, _, body = people['analyst'].request('POST', '/api/declarations', declaration('A-1'))
    assert status == 200 and body['records'][0]['status'] == 'unchanged', body


def test_an_amendment_is_the_next_version():
    status, _, body = people['analyst'].request('POST', '/api/declarations', declaration('A-1', vehicle='10-AA-100'))
    assert body['records'][0]['status'] == 'amended' and body['records'][0]['version'] == 2, body
    assert len(get('analyst', f'/api/consignments/{body["records"][0]["consignment"]}')['versions']) == 2


def test_many_at_once_the_bad_ones_aside():
    bad = declaration('M-2')
    bad['items'][0]['hs'] = '08x'
    lines = '\n'.join(json.dumps(d) for d in (declaration('M-1'), bad, declaration('M-3')))
    status, _, body = people['analyst'].request('POST', '/api/declarations', lines, headers={'Content-Type': 'application/x-ndjson'})
    assert [r['status'] for r in body['records']] == ['new', 'quarantined', 'new'], (status, body)
    waiting = get('administrator', '/api/quarantine')['items']
    assert any('hs' in str(q['field']) and 'M-2' in q['raw'] for q in waiting), waiting


def test_a_bad_body_names_the_place():
    status, headers, body = people['analyst'].request('POST', '/api/declarations', '{"ref": ', headers={'Content-Type': 'application/json'})
    assert status in (400, 422) and headers['content-type'] == 'application/problem+json' and 'line' in body['detail'], body


def test_deciding_and_closing_moves_the_profile():
    target = first(post='AZAST001', lane='red')
    path = f'/api/consignments/{target["consignment"]}'
    status, _, body = people['analyst'].request('POST', path + '/decisions', {'action': 'inspect', 'means': ['xray', 'dog'],
                                                                             'reason': 'odd weight'})
    assert status in (200, 201), body
    status, _, body = people['team'].request('POST', path + '/results', {
        'outcome': 'drugs', 'means': ['xray', 'dog', 'unloading'], 'minutes': 120,
        'seized': [{'substance': 'heroin', 'mass_kg': 12}]})
    assert status in (200, 201), body
    moved = {m['harm']: m for m in body['moved']}['critical']
    assert moved['after']['probability'] > moved['before']['probability'], body
    assert moved['after']['bad'] >= 1 and 'if it arrived again' in moved['sentence'], moved
    view = get('analyst', path)
    assert 'heroin' in json.dumps(view['results']) and view['selection']['state'] == 'closed', view['results']
    status, _, body = people['team'].request('POST', path + '/results', {'outcome': 'none', 'means': ['dog']})
    assert status == 409, (status, body)


def test_the_team_sees_its_own_post_only():
    elsewhere = [i for i in get('analyst', '/api/queue?most=200')['items'] if i['post'] != 'AZAST001'][0]
    status, _, _ = people['team'].request('GET', f'/api/consignments/{elsewhere["consignment"]}')
    assert status in (403, 404), status
    assert {i['post'] for i in get('team', '/api/queue?most=200')['items']} <= {'AZAST001'}


def test_reading_and_refusals_are_in_the_log():
    target = first()
    get('analyst', f'/api/consignments/{target["consignment"]}')
    people['team'].request('PUT', '/api/dial', {'w_minor': 1})
    size = get('auditor', '/api/log?from=0&most=1')['size']
    entries = get('auditor', f'/api/log?from={size - 20}&most=20')['items']
    read = [e for e in entries if e['action'] == 'consignment.read' and e['object'] == f'consignment:{target["consignment"]}']
    assert read and read[-1]['actor'] == 'analyst', entries
    assert any(e['action'] == 'access.refused' and e['actor'] == 'team' for e in entries), entries


def test_whatever_shows_consignments_is_in_the_log():
    def newest(action, **more):
        query = ''.join(f'&{k}={v}' for k, v in more.items())
        return get('auditor', f'/api/log?most=1000&action={action}{query}')['items']
    for who, path, action, about in (('administrator', '/api/quarantine', 'quarantine.read', 'quarantine'),
                                     ('chief', '/api/report?from=2026-01-01&to=2026-01-31', 'report.read', 'report'),
                                     ('chief', '/api/report/file?format=csv', 'report.read', 'report')):
        before = len(newest(action))
        status, _, body = people[who].request('GET', path)
        assert status == 200, (path, body)
        leaves = newest(action)
        assert len(leaves) == before + 1 and leaves[-1]['actor'] == who and leaves[-1]['object'] == about, leaves
    assert leaves[-1]['format'] == 'csv' and leaves[-2]['from_day'] == '2026-01-01', leaves
    rule = get('analyst', '/api/rules')['items'][0]
    get('analyst', f'/api/rules/{rule["name"]}')
    assert newest('rule.read', object='rule:')[-1]['object'] == f'rule:{rule["name"]}/{rule["version"]}'
    get('auditor', '/api/log/0/proof')
    assert newest('log.read', object='leaf:0')[-1]['actor'] == 'auditor'


def test_the_log_is_searched_and_reading_it_comes_to_an_end():
    mine = get('auditor', '/api/log?actor=analyst&action=consignment.read&object=consignment:&most=1000')['items']
    assert mine and all(e['actor'] == 'analyst' and e['action'] == 'consignment.read' for e in mine)
    day = mine[-1]['at'][:10]
    assert get('auditor', '/api/log?action=consignment.read&to_day=2001-01-01')['items'] == []
    assert get('auditor', '/api/log?action=consignment.read&from_day=2199-01-01')['items'] == []
    assert get('auditor', f'/api/log?action=consignment.read&from_day={int(day[:4]) - 1}-01-01')['items']
    newest = get('auditor', '/api/log?actor=chief&most=2')
    earlier = get('auditor', f'/api/log?actor=chief&most=2&before={newest["previous"]}')
    assert newest['items'][0]['seq'] == newest['previous'] > earlier['items'][-1]['seq']
    # Following `next` ends although each page writes an entry.
    page, start, pages = {'next': max(0, newest['size'] - 5)}, 0, 0
    while 'next' in page:
        start, pages = page['next'], pages + 1
        page = get('auditor', f'/api/log?from={start}&most=1')
        assert pages < 60, 'each page begets another one'


def test_the_chief_turns_the_dial_and_sets_capacity():
    status, _, _ = people['chief'].request('PUT', '/api/dial', {'w_minor': 20000000})
    assert status == 200 and get('chief', '/api/dial')['w_minor'] == 20000000
    status, _, body = people['chief'].request('PUT', '/api/posts/AZAST001/capacity', {'red': 1, 'yellow': 0, 'blue': 0, 'random_ppm': 0})
    assert status == 200, body
    rows = [i for i in get('analyst', '/api/queue?post=AZAST001&lane=red&most=100')['items'] if i['selection']['selected_by'] == 'profile']
    assert len(rows) <= 2, len(rows)
    status, _, body = people['chief'].request('PUT', '/api/posts/AZAST001/capacity', {'red': -1, 'yellow': 0, 'blue': 0, 'random_ppm': 0})
    assert status == 422 and 'red' in body['errors'][0]['path'], body


def test_live_events_arrive_after_the_commit():
    c = http.client.HTTPConnection('127.0.0.1', centre.port, timeout=20)
    c.request('GET', '/api/events', headers={'Cookie': people['analyst'].cookie})
    answer = c.getresponse()
    assert answer.status == 200 and answer.getheader('content-type').startswith('text/event-stream')
    seen = []

    def listen():
        while True:
            line = answer.readline().decode()
            seen.append(line.strip())
            if line.startswith('event: declaration.lodged') or not line:
                return

    t = threading.Thread(target=listen, daemon=True)
    t.start()
    time.sleep(0.2)
    people['analyst'].request('POST', '/api/declarations', declaration('E-1'))
    t.join(10)
    c.close()
    assert any(line.startswith('event: declaration.lodged') for line in seen), seen


def test_health_metrics_and_the_description():
    assert Session(centre.port).request('GET', '/health')[2]['status'] == 'ok'
    text = people['administrator'].request('GET', '/metrics')[2].decode()
    assert 'tamga_http_requests_total{' in text and 'tamga_http_seconds_bucket' in text
    spec = Session(centre.port).request('GET', '/api/openapi.json')[2]
    assert spec['openapi'].startswith('3.') and '/api/consignments/{id}' in spec['paths']


def test_the_first_page_says_what_this_is():
    status, headers, body = Session(centre.port).request('GET', '/about')
    assert status == 200 and b'customs targeting' in body and b'/api/openapi.json' in body
    assert "default-src 'self'" in headers['content-security-policy']


def test_a_second_server_in_the_same_centre_is_refused():
    try:
        harness.run('serve', '--home', centre.home, '--port', '0', timeout=20)
    except harness.CommandFailed as e:
        assert e.code == 5, (e.code, e.err)
    else:
        raise AssertionError('it started')


def test_signing_out():
    s = centre.sign_in('analyst')
    assert s.request('DELETE', '/api/session')[0] in (200, 204)
    assert s.request('GET', '/api/session')[0] == 401


def test_a_clean_end():
    centre.stop()


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
