"""The finer points of the HTTP door: every way to lodge, checked bodies and queries, paging, proofs, streams that resume."""
import base64
import csv
import hashlib
import io
import json
import re

import harness
import schema
import tap
from harness import Centre
from live import Stream

centre, chief, analyst, team, auditor = None, None, None, None, None
SPAN = 'from=2026-01-01&to=2199-12-31'


def sample():
    """A declaration that lies ahead, as the world wrote it."""
    _, _, queue = chief.request('GET', f'/api/queue?{SPAN}&open=true&most=1')
    _, _, body = chief.request('GET', f'/api/consignments/{queue["items"][0]["consignment"]}')
    return body['declaration']


def lodge(body, **headers):
    return analyst.request('POST', '/api/declarations', body, {k.replace('_', '-'): v for k, v in headers.items()})


def leaves(action=None):
    found, at = [], 0
    while True:
        _, _, body = auditor.request('GET', f'/api/log?from={at}&most=1000')
        found += body['items']
        at += len(body['items'])
        if 'next' not in body:
            return [leaf for leaf in found if action in (None, leaf['action'])]


def test_a_new_consignment_can_be_found_and_read():
    global centre, chief, analyst, team, auditor
    centre = Centre()
    centre.serve()
    chief, analyst, team, auditor = (centre.sign_in(r) for r in ('chief', 'analyst', 'team', 'auditor'))
    status, _, body = lodge({**sample(), 'ref': 'API-ONE'})
    assert status == 201 and body['records'][0]['status'] == 'new', body
    _, _, seen = chief.request('GET', f'/api/consignments/{body["records"][0]["consignment"]}')
    assert seen['declaration']['ref'] == 'API-ONE' and seen['assessment']['fraud']['path'], seen
    assert analyst.request('GET', '/api/declarations?ref=API-ONE')[2]['consignment'] == seen['consignment']
    assert analyst.request('GET', '/api/declarations?ref=API-NONE')[0] == 404


def test_a_faulty_one_is_told_what_is_wrong_and_waits_in_quarantine():
    declaration = {**sample(), 'ref': 'API-BAD', 'post': 'NOWHERE'}
    status, headers, body = lodge(declaration)
    assert status == 422, (status, body)
    schema.problem(status, headers, body)
    assert body['errors'] and 'quarantine' in body['detail'], body
    _, _, waiting = analyst.request('GET', '/api/quarantine?most=1')
    item = waiting['items'][0]
    assert 'API-BAD' in item['raw'] and not item['settled'], item
    status, _, body = analyst.request('POST', f'/api/quarantine/{item["id"]}/settlement', {'how': 'asked the declarant'})
    assert status == 200 and body['settled']
    assert analyst.request('POST', f'/api/quarantine/{item["id"]}/settlement', {'how': 'once more'})[0] == 409


def test_many_are_answered_one_by_one_and_a_bad_one_harms_no_other():
    good = sample()
    array = [{**good, 'ref': f'API-M{i}'} for i in range(150)]
    array[70] = {'ref': 'API-M70', 'post': 5}
    status, _, body = lodge(json.dumps(array, indent=1), Content_Type='application/json')
    assert status == 200 and (body['new'], body['quarantined']) == (149, 1), body
    assert [r['status'] for r in body['records']].index('quarantined') == 70
    assert [r['ref'] for r in body['records']][:3] == ['API-M0', 'API-M1', 'API-M2']
    lines = '\n'.join(json.dumps({**good, 'ref': f'API-L{i}'}) for i in range(3)) + '\nnot json\n'
    status, _, body = lodge(lines, Content_Type='application/x-ndjson')
    assert status == 200 and (body['new'], body['quarantined']) == (3, 1), body


def test_csv_is_taken_too():
    good = sample()
    item = good['items'][0]
    row = {'ref': 'API-CSV', 'lodged': good['lodged'], 'expected': good.get('expected', good['lodged']), 'regime': good['regime'],
           'post': good['post'], 'departure': good.get('departure', 'TR'), 'destination': good.get('destination', 'AZ'),
           'currency': good['currency'], 'item_no': 1, 'hs': item['hs'], 'description': item.get('description', 'goods'),
           'gross_kg': item.get('gross_kg', 1), 'value': item.get('value', 1)}
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row)
    status, _, body = lodge(out.getvalue(), Content_Type='text/csv')
    assert status == 200 and len(body['records']) == 1, body


def test_bodies_that_are_no_declarations_are_refused():
    for text, kind, expected in (('', 'application/json', 400), ('7', 'application/json', 400), ('[{}', 'application/json', 400),
                                 ('{} {}', 'application/json', 400), ('a;b', 'text/plain', 415), ('{}', 'application/xml', 415)):
        status, headers, body = lodge(text or b'', Content_Type=kind)
        assert status == expected, (text, kind, status, body)
        schema.problem(status, headers, body)


def test_a_body_is_checked_member_by_member():
    status, headers, body = chief.request('PUT', '/api/dial', {'w_minor': 'much', 'more': 1})
    assert status == 422
    schema.problem(status, headers, body)
    assert {e['path'] for e in body['errors']} == {'/w_minor', '/more'}, body
    status, _, body = chief.request('PUT', '/api/dial', '{"w_minor": 1,}', {'Content-Type': 'application/json'})
    assert status == 400 and body['type'] == 'urn:tamga:problem:json', body


def test_query_parameters_are_checked():
    for query in ('most=0', 'most=x', 'lane=violet', 'nothing=1', 'from=yesterday', 'most=1&most=2', 'post=%ff'):
        status, headers, body = chief.request('GET', '/api/queue?' + query)
        assert status == 400 and body['errors'], (query, status, body)
        schema.problem(status, headers, body)


def test_the_queue_is_ranked_and_can_be_paged():
    _, _, whole = chief.request('GET', f'/api/queue?{SPAN}&most=40')
    worth = [e['selection']['utility_minor'] for e in whole['items']]
    assert worth == sorted(worth, reverse=True)
    _, _, first = chief.request('GET', f'/api/queue?{SPAN}&most=20')
    _, _, second = chief.request('GET', f'/api/queue?{SPAN}&most=20&skip={first["next"]}')
    assert [e['consignment'] for e in first['items'] + second['items']] == [e['consignment'] for e in whole['items']]
    _, _, red = chief.request('GET', f'/api/queue?{SPAN}&lane=red&most=500')
    assert red['items'] and all(e['selection']['lane'] == 'red' for e in red['items'])


def at_team_post():
    _, _, me = team.request('GET', '/api/session')
    _, _, queue = team.request('GET', f'/api/queue?{SPAN}&post={me["posts"][0]}&open=true&most=1')
    return queue['items'][0]['consignment']


def test_a_decision_against_the_lane_needs_a_reason():
    _, _, queue = chief.request('GET', f'/api/queue?{SPAN}&lane=red&open=true&most=1')
    path = f'/api/consignments/{queue["items"][0]["consignment"]}/decisions'
    status, headers, body = chief.request('POST', path, {'action': 'release'})
    assert status == 422 and 'reason' in body['detail'], body
    schema.problem(status, headers, body)
    status, _, body = chief.request('POST', path, {'action': 'inspect', 'means': ['xray', 'dog']})
    assert status == 201 and body['selection']['state'] == 'ordered' and body['means'] == ['xray', 'dog'], body


def test_a_result_moves_what_the_centre_thinks_and_closes_the_consignment():
    consignment = at_team_post()
    found = {'outcome': 'drugs', 'means': ['dog', 'unloading'], 'minutes': 55, 'recovered': 120.5, 'note': 'in the floor', 'confirmed': True,
             'seized': [{'substance': 'heroin', 'mass_kg': 1.000001}]}
    status, _, body = team.request('POST', f'/api/consignments/{consignment}/results', found)
    assert status == 201, body
    critical = next(m for m in body['moved'] if m['harm'] == 'critical')
    assert critical['after']['probability'] > critical['before']['probability'], critical
    assert body['content']['seized'][0]['mass_kg'] == 1.000001 and body['content']['recovered_minor'] == 12050, body
    again, _, body = team.request('POST', f'/api/consignments/{consignment}/results', found)
    assert again == 409, body
    decided, _, body = chief.request('POST', f'/api/consignments/{consignment}/decisions', {'action': 'release', 'reason': 'too late'})
    assert decided == 409, body


def test_masses_finer_than_a_milligram_are_refused():
    wrong = {'outcome': 'drugs', 'means': ['dog'], 'seized': [{'substance': 'heroin', 'mass_kg': 1.0000001}]}
    status, _, body = team.request('POST', f'/api/consignments/{at_team_post()}/results', wrong)
    assert status == 422 and 'mass_kg' in body['detail'], body


def test_every_look_at_a_consignment_is_in_the_log_with_its_purpose():
    consignment = at_team_post()
    before = len(leaves('consignment.read'))
    assert analyst.request('GET', f'/api/consignments/{consignment}', headers={'X-Purpose': 'spot check 7'})[0] == 200
    read = leaves('consignment.read')
    assert len(read) == before + 1
    assert read[-1]['actor'] == 'analyst' and read[-1]['object'] == f'consignment:{consignment}' and read[-1]['purpose'] == 'spot check 7', read[-1]
    assert read[-1]['from'] == '127.0.0.1', read[-1]


def root_of(entry, seq, size, path):
    """RFC 9162 §2.1.3.2, written again from the text."""
    node = lambda a, b: hashlib.sha256(b'\x01' + a + b).digest()
    hash_, index, last = hashlib.sha256(b'\x00' + entry.encode()).digest(), seq, size - 1
    for step in path:
        if index % 2 or index == last:
            hash_ = node(step, hash_)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            hash_ = node(hash_, step)
        index, last = index >> 1, last >> 1
    return hash_


def test_a_leaf_can_be_proven_against_the_signed_head():
    _, _, head = auditor.request('GET', '/api/log/checkpoint')
    origin, size, root = head['note'].split('\n')[:3]
    for seq in (0, 1, int(size) // 2, int(size) - 1):
        status, _, proof = auditor.request('GET', f'/api/log/{seq}/proof?size={size}')
        assert status == 200, proof
        path = [base64.b64decode(h) for h in proof['path']]
        assert base64.b64encode(root_of(proof['entry'], seq, int(size), path)).decode() == root, seq
    assert auditor.request('GET', '/api/log/999999999/proof')[0] in (404, 422)


def test_events_come_live_in_order_and_resume():
    stream = Stream(chief)
    one = lodge({**sample(), 'ref': 'API-LIVE-1'})[2]['records'][0]['consignment']
    first = stream.wait(lambda e: e[2].get('consignment') == one)
    stream.close()
    two = lodge({**sample(), 'ref': 'API-LIVE-2'})[2]['records'][0]['consignment']
    again = Stream(chief, first[0])
    second = again.wait(lambda e: e[2].get('consignment') == two)
    assert second[1] == 'declaration.lodged' and all(e[2].get('consignment') != one for e in again.events), again.events
    again.close()
    stranger = Stream(chief, 'ffffffff-12')
    stranger.wait(lambda e: e[1] == 'reset')
    stranger.close()


def test_a_team_hears_of_its_own_post_only():
    _, _, me = team.request('GET', '/api/session')
    own = me['posts'][0]
    _, _, posts = chief.request('GET', '/api/posts')
    other = next(p['code'] for p in posts['items'] if p['code'] != own)
    stream = Stream(team)
    stranger = lodge({**sample(), 'ref': 'API-OTHER', 'post': other})[2]['records'][0]['consignment']
    familiar = lodge({**sample(), 'ref': 'API-OWN', 'post': own})[2]['records'][0]['consignment']
    stream.wait(lambda e: e[2].get('consignment') == familiar)
    assert all(e[2].get('consignment') != stranger for e in stream.events), stream.events
    stream.close()


def test_the_description_names_every_route():
    _, _, doc = centre.session().request('GET', '/api/openapi.json')
    described = {(method.upper(), path) for path, methods in doc['paths'].items() for method in methods}
    assert described == {(r['method'], r['path']) for r in schema.routes()}
    text = json.dumps(doc)
    for ref in {piece.split('"')[0] for piece in text.split('"$ref": "#/components/schemas/')[1:]}:
        assert ref in doc['components']['schemas'], ref


def test_the_types_of_the_front_end_name_every_route_and_schema():
    text = (harness.BUILD / 'src/web/api.d.ts').read_text()
    assert text.count('{') == text.count('}')
    declared = set(re.findall(r'^export interface (\w+)', text, re.M))
    assert declared == set(schema.SCHEMAS) | {'Routes'}, declared
    code = re.sub(r'/\*.*?\*/|"[^"]*"|//.*', '', text)
    assert set(re.findall(r'\b[A-Z]\w+', code)) <= declared | {'Record'}
    for route in schema.routes():
        assert f'  {route["name"]}: {{' in text, route['name']


def test_figures_count_what_happened():
    _, _, text = centre.session().request('GET', '/metrics')
    figures = dict(line.rsplit(' ', 1) for line in text.decode().splitlines() if not line.startswith('#'))
    assert int(figures['tamga_declarations_total{result="new"}']) >= 150
    assert int(figures['tamga_http_requests_total{route="declaration_lodge",code="201"}']) >= 1
    assert int(figures['tamga_writer_jobs_total']) > 0 and int(figures['tamga_log_size']) > 0
    assert centre.session().request('GET', '/metrics', headers={'X-Forwarded-For': '203.0.113.9'})[0] == 401


def test_it_stops_cleanly_with_a_live_stream_open():
    stream = Stream(chief)
    centre.stop()
    stream.thread.join(10)
    assert not stream.thread.is_alive()
    stream.socket.close()
    assert not (centre.home / 'serve.pid').exists() and not (centre.home / 'serve.port').exists()


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
