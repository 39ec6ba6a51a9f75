"""What the officers' screens ask of the HTTP door: the chief's figures and previews, the team's orders, what is new
about a consignment, and importing from the browser."""
import datetime
import hashlib
import json
import math
import re
import threading

import harness
import schema
import tap
from harness import Centre
from live import Stream

ALWAYS = 'from=2000-01-01&to=2199-12-31'
centre, people, described = None, {}, {}


def ask(who, method, path, body=None, expect=200, headers=None):
    """An answer with this status, checked against the description of its route."""
    status, got, content = people[who].request(method, path, body, headers)
    assert status == expect, (method, path, status, content)
    if expect >= 400:
        schema.problem(status, got, content)
        return content
    plain = path.partition('?')[0]
    fitting = [r for r in described.values()
               if r['method'] == method and re.fullmatch(re.sub(r'\{\w+\}', '[^/]+', r['path']), plain)]
    route = min(fitting, key=lambda r: r['path'].count('{'))
    schema.check(route['response'], content)
    return content


def get(who, path, **more):
    return ask(who, 'GET', path, **more)


def team_post():
    return get('team', '/api/session')['posts'][0]


def queue(**query):
    words = '&'.join(f'{k}={v}' for k, v in query.items())
    return get('chief', f'/api/queue?most=500&{words}')['items']


def test_figures_add_up_over_posts_lanes_and_ways_of_selection():
    global centre
    described.update({r['name']: r for r in schema.routes()})
    centre = Centre()
    centre.serve()
    for role in ('analyst', 'chief', 'team', 'auditor', 'administrator'):
        people[role] = centre.sign_in(role)
    f = get('chief', f'/api/figures?{ALWAYS}')
    for parts in (f['posts'], f['lanes'], f['choices']):
        for key in ('arrived', 'inspected', 'minutes'):
            assert sum(p['figures'][key] for p in parts) == f['all'][key], key
        assert sum(p['figures']['fraud']['found'] for p in parts) == f['all']['fraud']['found']
    for post in f['posts']:
        assert sum(p['figures']['arrived'] for p in post['lanes']) == post['figures']['arrived']
    none = next(p['figures'] for p in f['lanes'] if p['lane'] == 'none')
    assert none['arrived'] > 500 and none['inspected'] > 10 and none['minutes'] > 0, none
    hits, n, z = f['all']['hits'], f['all']['inspected'], 1.959963984540054
    k = hits['found']
    middle, half = (2 * k + z * z) / (2 * (n + z * z)), z * math.sqrt(4 * k * (n - k) / n + z * z) / (2 * (n + z * z))
    assert abs(hits['rate'] - k / n) < 1e-6 and abs(hits['low'] - middle + half) < 1e-6 and abs(hits['high'] - middle - half) < 1e-6, hits
    assert abs(f['all']['inspected_share'] - n / f['all']['arrived']) < 1e-6


def test_figures_of_a_day_without_anything_divide_by_nothing():
    f = get('auditor', '/api/figures?from=2001-01-01&to=2001-01-02')
    assert f['all']['arrived'] == 0 and f['all']['inspected_share'] is None and f['all']['hits']['rate'] is None, f['all']
    assert get('chief', '/api/figures?from=2026-02-02&to=2026-02-01', expect=400)['errors'][0]['path'] == 'from'
    get('team', '/api/figures', expect=403)


def day_of(entries):
    return entries[0]['selection']['day']


def lanes(post, day):
    found = {}
    for e in queue(post=post, **{'from': day, 'to': day}):
        found[e['consignment']] = e['selection']['lane']
    return found


def test_a_preview_says_what_setting_the_capacity_then_does():
    post, day = team_post(), day_of(queue(post=team_post()))
    now = get('chief', f'/api/posts/{post}/capacity?day={day}')
    before = lanes(post, day)
    same = get('chief', f'/api/posts/{post}/preview?day={day}')
    assert same['changed'] == 0 and same['changes'] == [] and same['before'] == same['after'], same
    assert {lane: same['before'][lane] for lane in ('red', 'yellow', 'blue', 'green')} == \
        {lane: list(before.values()).count(lane) for lane in ('red', 'yellow', 'blue', 'green')}
    more = get('chief', f'/api/posts/{post}/preview?day={day}&red={now["red"] + 3}&yellow=0')
    assert more['capacity']['after'] == {'red': now['red'] + 3, 'yellow': 0, 'blue': now['blue'], 'random_ppm': now['random_ppm'], 'explore_ppm': now['explore_ppm']}
    assert more['after']['frauds'] > more['before']['frauds'] and more['after']['examined'] == more['before']['examined'] + 3, more
    assert lanes(post, day) == before, 'a preview stored something'
    ask('chief', 'PUT', f'/api/posts/{post}/capacity', {**more['capacity']['after'], 'day': day})
    after = lanes(post, day)
    changed = {c['consignment']: (c['from'], c['to']) for c in more['changes']}
    assert len(changed) == min(more['changed'], 50)
    assert changed.items() <= {i: (before[i], after[i]) for i in before if before[i] != after[i]}.items(), changed
    assert more['changed'] == sum(before[i] != after[i] for i in before)


def test_a_preview_of_the_dial_covers_every_post_that_the_account_sees():
    day = day_of(queue())
    dial = get('chief', '/api/dial')['w_minor']
    p = get('chief', f'/api/dial/preview?day={day}&w_minor={dial * 100}')
    assert p['w_minor'] == {'before': dial, 'after': dial * 100}
    assert p['after']['criticals'] > p['before']['criticals'] and p['after']['value_minor'] > p['before']['value_minor'], p
    assert p['after']['revenue_minor'] <= p['before']['revenue_minor'], p
    mine = get('team', f'/api/dial/preview?day={day}&w_minor={dial * 100}')
    assert mine['before']['green'] < p['before']['green'] and all(c['post'] == team_post() for c in mine['changes'])
    other = next(e['post'] for e in queue() if e['post'] != team_post())
    get('team', f'/api/posts/{other}/preview', expect=403)
    get('chief', '/api/posts/NOWHERE/preview', expect=404)


def declaration(ref, **other):
    return {'ref': ref, 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T18:00:00+04:00', 'regime': 'import',
            'post': team_post(), 'departure': 'IR', 'currency': 'AZN', 'consignee': {'code': 'DIFF-1'},
            'items': [{'hs': '080610', 'origin': 'IR', 'gross_kg': 120, 'net_kg': 100, 'value': 500}], **other}


def lodge(d):
    made = ask('analyst', 'POST', '/api/declarations', d, expect=201)['records'][0]
    return get('analyst', f'/api/consignments/{made["consignment"]}')


def test_a_consignment_says_what_is_new_about_it():
    assert [d['what'] for d in lodge(declaration('DIFF-0'))['differences']] == ['first']
    for i in range(1, 5):
        assert lodge(declaration(f'DIFF-{i}', lodged=f'2026-09-16T05:0{i}:00+04:00'))['differences'] == []
    other = next(p for p in get('chief', '/api/posts')['items'] if p['code'] != team_post())
    mine = next(p for p in get('chief', '/api/posts')['items'] if p['code'] == team_post())
    seen = lodge(declaration('DIFF-NEW', lodged='2026-09-16T05:30:00+04:00', post=other['code'], departure='CN',
                             items=[{'hs': '291524', 'origin': 'CN', 'gross_kg': 9, 'net_kg': 8, 'value': 12000}]))
    words = {d['what']: d['words'] for d in seen['differences'] if d['role'] == 'consignee'}
    assert words == {'heading': 'first time goods of heading 2915; usually 0806 (5 of 5)',
                     'departure': 'first time from CN; usually IR (5 of 5)',
                     'post': f'first time at {other["name"]}; usually {mine["name"]} (5 of 5)',
                     'value': 'value 12,000.00 AZN is 24 times the usual 500.00 (median of 5)'}, words
    assert len(seen['history']['consignee']) == 5


def order(who, consignment, means, reason):
    body = {'action': 'inspect', 'means': means, 'reason': reason}
    return ask(who, 'POST', f'/api/consignments/{consignment}/decisions', body, expect=201)


def test_a_team_sees_what_it_is_ordered_to_inspect_until_it_says_what_it_found():
    assert get('team', '/api/orders')['items'] == []
    mine, other = queue(post=team_post(), open='true')[:2], next(e for e in queue(open='true') if e['post'] != team_post())
    order('chief', mine[0]['consignment'], ['documents'], 'first thought')
    order('analyst', mine[0]['consignment'], ['xray', 'dog'], 'a hidden floor is likely')
    order('chief', mine[1]['consignment'], ['scale'], 'weigh it')
    order('chief', mine[1]['consignment'], ['unloading'], 'better unload it')
    ask('chief', 'POST', f'/api/consignments/{mine[1]["consignment"]}/decisions/undo')
    order('chief', other['consignment'], ['dog'], 'not at this post')
    seen = {o['consignment']: o for o in get('team', '/api/orders')['items']}
    assert set(seen) == {m['consignment'] for m in mine}, seen.keys()
    first, second = (seen[m['consignment']]['order'] for m in mine)
    assert first['means'] == ['xray', 'dog'] and first['reason'] == 'a hidden floor is likely' and first['by'] and first['at'], first
    assert second['means'] == ['scale'] and second['reason'] == 'weigh it', 'an order that was taken back is shown'
    assert seen[mine[0]['consignment']]['selection']['state'] == 'ordered' and seen[mine[0]['consignment']]['goods']['hs']
    assert other['consignment'] in {o['consignment'] for o in get('chief', '/api/orders')['items']}
    assert {o['post'] for o in get('chief', f'/api/orders?post={other["post"]}')['items']} == {other['post']}
    get('team', f'/api/orders?post={other["post"]}', expect=403)
    assert leaves('queue.read')[-1]['object'] == 'orders'


def test_what_is_snoozed_stands_apart_until_its_time_and_can_be_taken_back():
    entry = next(i for i in queue(part='awake', open='true') if i['selection']['state'] == 'open')
    where = f'/api/consignments/{entry["consignment"]}'
    before = get('chief', '/api/queue?part=awake&open=true&most=1')
    assert before['total'] > 1 and before['snoozed'] == 0, before
    now = datetime.datetime.fromisoformat(get('chief', '/health')['now'])
    until = (now + datetime.timedelta(hours=3)).isoformat()
    made = ask('chief', 'POST', f'{where}/decisions', {'action': 'wait', 'until': until, 'looked_at': ['map', 'history']}, expect=201)
    assert made['selection']['state'] == 'waiting' and made['selection']['wake'] == made['until'], made
    after = get('chief', '/api/queue?part=awake&open=true&most=1')
    assert (after['total'], after['snoozed']) == (before['total'] - 1, 1), after
    assert [i['consignment'] for i in queue(part='snoozed')] == [entry['consignment']]
    leaf = leaves('decision.made')[-1]
    assert leaf['until'] == made['until'] and leaf['looked_at'] == ['history', 'map'], leaf
    assert get('chief', where)['decisions'][-1]['looked_at'] == ['history', 'map']
    ask('chief', 'POST', f'{where}/decisions/undo')
    assert get('chief', '/api/queue?part=awake&open=true&most=1')['total'] == before['total']
    for wrong, code in ((now - datetime.timedelta(hours=1), 'until.past'), (now + datetime.timedelta(days=40), 'until.far')):
        refused = ask('chief', 'POST', f'{where}/decisions', {'action': 'wait', 'until': wrong.isoformat()}, expect=422)
        assert refused['code'] == code, refused


def test_an_entry_of_the_queue_names_its_whole_journey_and_earlier_finds():
    entries = queue()
    long = [e for e in entries if len(e['route']) > 2]
    assert long and all(a != b for e in entries for a, b in zip(e['route'], e['route'][1:]))
    one = get('chief', f'/api/consignments/{long[0]["consignment"]}')['declaration']
    for country in [one.get('departure'), *one.get('route', []), one.get('destination')]:
        assert country is None or country in long[0]['route'], (one, long[0])
    finds = [e for e in entries if e['earlier_finds'].get('consignee', 0) > 0]
    assert finds and len(finds) < len(entries)
    past = get('chief', f'/api/consignments/{finds[0]["consignment"]}')['history'].get('consignee', [])
    seen = sum(1 for p in past if p.get('outcome', 'none') != 'none')
    assert finds[0]['earlier_finds']['consignee'] >= seen, (finds[0]['earlier_finds'], past)


def test_reasons_and_refusals_come_as_data():
    entry = next(i for i in queue(lane='red') if i['selection']['selected_by'] == 'profile')
    harm = get('chief', f'/api/consignments/{entry["consignment"]}')['assessment']['fraud']
    assert harm['reasons'][0]['code'] in ('few_alike', 'alike'), harm
    telling = next(l for l in harm['path'] if l['telling'])
    assert (harm['reasons'][0]['inspected'], harm['reasons'][0]['bad']) == (telling['inspected'], telling['bad'])
    assert harm['reasons'][0]['facts'] == telling['facts'] and telling['facts'][0]['feature'].startswith('hs')
    refused = ask('chief', 'POST', f'/api/consignments/{entry["consignment"]}/decisions', {'action': 'release'}, expect=422)
    assert refused['code'] == 'decision.reason' and refused['params'] == {'action': 'release', 'lane': 'red'}, refused
    wrong = ask('chief', 'POST', f'/api/consignments/{entry["consignment"]}/decisions', {'action': 'fly'}, expect=422)
    assert wrong['errors'][0]['code'] == 'not_one_of', wrong
    ordered = [i for i in queue() if i['selection']['selected_by'] == 'mandatory']
    assert all(set(i['instruction']['words']) == {'en', 'az', 'ru'} for i in ordered), ordered[:1]


def test_an_administrator_hears_how_far_an_import_is_and_of_no_consignment():
    stream = Stream(people['administrator'])
    entry = next(i for i in queue(part='awake', open='true') if i['selection']['state'] == 'open')
    ask('chief', 'POST', f'/api/consignments/{entry["consignment"]}/decisions', {'action': 'wait'}, expect=201)
    ask('chief', 'POST', f'/api/consignments/{entry["consignment"]}/decisions/undo')
    rows = [('ADM-1', '02.03.2026', '080610', 1, team_post(), 'B', '')]
    ask('administrator', 'POST', '/api/imports?tag=adm', {'mapping': OWN_MAPPING, 'data': foreign(rows)})
    stream.wait(lambda e: e[1] == 'import.progress' and e[2]['detail']['tag'] == 'adm')
    assert not any('consignment' in e[2] for e in stream.events), stream.events
    stream.close()


def test_a_result_is_heard_with_what_it_moved_and_the_figures_move():
    stream = Stream(people['chief'])
    before = get('chief', f'/api/figures?{ALWAYS}')
    consignment = get('team', '/api/orders')['items'][0]['consignment']
    found = {'outcome': 'drugs', 'means': ['xray'], 'minutes': 35, 'seized': [{'substance': 'heroin', 'mass_kg': 12}]}
    ask('team', 'POST', f'/api/consignments/{consignment}/results', found, expect=201)
    heard = stream.wait(lambda e: e[1] == 'result.entered' and e[2]['consignment'] == consignment)[2]
    stream.close()
    moved = heard['detail']['critical']
    assert heard['post'] and moved['after_ppb'] > moved['before_ppb'] and heard['detail']['content']['seized'][0]['mass_kg'] == 12, heard
    after = get('chief', f'/api/figures?{ALWAYS}')
    assert after['all']['critical']['found'] == before['all']['critical']['found'] + 1
    assert after['all']['inspected'] == before['all']['inspected'] + 1 and after['all']['minutes'] == before['all']['minutes'] + 35
    post = next(p for p in after['posts'] if p['post'] == team_post())['figures']
    assert post['decisions']['inspect'] == 4 and post['decisions']['withdraw'] == 1, post['decisions']
    assert consignment not in {o['consignment'] for o in get('team', '/api/orders')['items']}


OWN_MAPPING = '''[file]
separator = semicolon
decimal = comma
date = %d.%m.%Y
[columns]
ref = No
lodged = Date
hs = Tariff
value = Price
post = Office
consignee_code = Buyer
[labels]
found_fraud = Result is FRAUD
[constants]
regime = import
currency = AZN
[rules]
result_happened_after = 24h
'''


def foreign(rows):
    return 'No;Date;Tariff;Price;Office;Buyer;Result\n' + ''.join(';'.join(map(str, r)) + '\n' for r in rows)


def leaves(action):
    found, at = [], 0
    while True:
        body = get('auditor', f'/api/log?from={at}&most=1000')
        found += [leaf for leaf in body['items'] if leaf['action'] == action]
        at += len(body['items'])
        if 'next' not in body:
            return found


def test_mappings_and_fields_are_named():
    m = get('analyst', '/api/mappings')
    assert {'korea', 'bacuda'} <= {i['name'] for i in m['items']}, m
    assert all(i['description'] and '[columns]' in i['text'] for i in m['items'])
    fields = {f['name']: f for f in m['fields']}
    assert {n for n, f in fields.items() if f['needed']} == {'ref', 'lodged', 'regime', 'post', 'hs'}
    assert fields['net_kg']['of'] == 'item' and fields['found_fraud']['of'] == 'result'


def preview(body, query='', kind=None):
    return ask('analyst', 'POST', '/api/imports/preview' + query, body, headers={'Content-Type': kind} if kind else None)


def test_a_preview_reads_the_first_records_with_their_faults_and_stores_nothing():
    before = get('chief', f'/api/figures?{ALWAYS}')['all']['arrived']
    rows = [(f'P{i}', '02.03.2026', '080610', '12,5', team_post(), 'B-1', 'FRAUD' if i == 1 else '') for i in range(30)]
    rows[2] = ('P2', '30.02.2026', '080610', 'much', team_post(), 'B-1', '')
    rows[3] = ('P3', '02.03.2026', '080610', '1', 'NOWHERE', 'B-1', '')
    sent = {'mapping': OWN_MAPPING, 'sample': foreign(rows)}
    p = preview(sent)
    assert p['format'] == 'mapped' and p['separator'] == 'semicolon' and p['problem'] is None, p
    assert p['columns'] == ['No', 'Date', 'Tariff', 'Price', 'Office', 'Buyer', 'Result'] and len(p['records']) == 20
    first, labelled, faulty, elsewhere = p['records'][:4]
    assert first['good'] and first['line'] == 2 and first['ref'] == 'P0' and first['value'] == 12.5, first
    assert first['consignee']['code'] == 'B-1' and first['hs'] == '080610' and first['post'] == team_post(), first
    assert 'outcome' not in first and labelled['found_fraud'] is True, labelled
    assert not faulty['good'] and {f['field'] for f in faulty['findings']} == {'Date', 'Price'} and faulty['raw'].startswith('P2;'), faulty
    assert not elsewhere['good'] and elsewhere['findings'][0]['field'] == 'post', elsewhere
    assert preview(sent, '?make_posts=true')['records'][3]['good']
    assert get('chief', f'/api/figures?{ALWAYS}')['all']['arrived'] == before


def test_a_preview_says_what_is_wrong_with_the_mapping_and_where():
    sample = foreign([('P1', '02.03.2026', '080610', 1, team_post(), 'B', '')])
    for mapping, line, words in ((OWN_MAPPING.replace('Tariff', 'Code'), 8, 'no column "Code"'),
                                 (OWN_MAPPING.replace('[columns]\n', '[columns]\ncolour = No\n'), 6, '"colour" is not a field'),
                                 ('what is this', 1, 'expected [section]'), (OWN_MAPPING.replace('ref = No', ''), None, 'ref')):
        p = preview({'mapping': mapping, 'sample': sample})
        assert p['problem']['line'] == line and words in p['problem']['words'], p['problem']
        assert p['records'] == [] and len(p['columns']) == 7, p
    plain = preview({'sample': sample})
    assert plain['format'] == 'csv' and plain['columns'][0] == 'No' and 'is not one of the project' in plain['problem']['words'], plain


def test_a_preview_knows_the_formats_by_their_first_bytes():
    line = json.dumps({'ref': 'J1', 'lodged': '2026-03-02', 'regime': 'import', 'post': team_post(), 'items': [{'hs': '080610'}]})
    p = preview(line + '\n', kind='application/x-ndjson')
    assert p['format'] == 'jsonl' and p['records'][0]['ref'] == 'J1' and p['columns'] == [] and p['separator'] is None, p
    p = preview('<ASYCUDA><no', kind='application/xml')
    assert p['format'] == 'asycuda' and not p['records'][0]['good'] and p['records'][0]['findings'], p
    assert 'empty' in preview({'sample': ''})['problem']['words']


def test_a_mapping_by_name_is_a_shipped_one_and_no_path():
    csv = {'Content-Type': 'text/csv'}
    for name in ('nothing', '../mappings/korea', '%2Fetc%2Fpasswd', 'korea.ini'):
        assert 'there is no mapping' in preview('a,b\n', f'?mapping={name}', 'text/csv')['problem']['words']
        ask('analyst', 'POST', f'/api/imports?mapping={name}', 'a,b\n', headers=csv, expect=404)
        refused = ask('analyst', 'POST', f'/api/declarations?mapping={name}', 'a,b\n', headers=csv, expect=400)
        assert 'no mapping' in refused['detail'], refused


def test_a_whole_file_is_imported_with_progress_and_its_bad_records_wait():
    stream = Stream(people['analyst'])
    rows = [(f'IMP-{i}', '02.03.2026', '080610', i % 90 + 1, team_post(), f'B-{i % 7}', 'FRAUD' if i % 50 == 0 else '') for i in range(1500)]
    rows[700] = ('IMP-700', 'never', '080610', '1', team_post(), 'B-1', '')
    rows[900] = ('IMP-900', '02.03.2026', '080610', '1', 'NOWHERE', 'B-1', '')
    body = {'mapping': OWN_MAPPING, 'data': foreign(rows)}
    done = ask('analyst', 'POST', '/api/imports?name=july.csv&tag=t-17', body)
    assert (done['accepted'], done['quarantined'], done['unchanged'], done['amended']) == (1498, 2, 0, 0), done
    last = stream.wait(lambda e: e[1] == 'import.progress' and e[2]['detail']['done'] == e[2]['detail']['of'])[2]['detail']
    assert last['source'] == done['source'] and last['tag'] == 't-17' and last['accepted'] == 1498 and last['quarantined'] == 2, last
    assert any(e[1] == 'declarations.imported' for e in stream.events)
    stream.close()
    waiting = get('analyst', '/api/quarantine?most=2')['items']
    assert {w['source'] for w in waiting} == {'july.csv'} and {w['field'] for w in waiting} == {'Date', 'post'}, waiting
    assert any(w['raw'].startswith('IMP-700;never') for w in waiting), waiting
    open_before = len(get('analyst', '/api/quarantine?most=500')['items'])
    again = ask('analyst', 'POST', '/api/imports?name=july.csv', body)
    assert len(get('analyst', '/api/quarantine?most=500')['items']) == open_before, 'the same bad records wait twice'
    assert (again['accepted'], again['unchanged']) == (0, 1498), again
    leaf = leaves('declarations.imported')[-1]
    assert leaf['name'] == 'july.csv' and leaf['actor'] == 'analyst', leaf
    assert leaf['mapping_sha256'] == hashlib.sha256(OWN_MAPPING.encode()).hexdigest(), leaf
    kept = centre.home / 'evidence' / leaf['mapping_sha256'][:2] / leaf['mapping_sha256'][2:]
    assert kept.read_text() == OWN_MAPPING


def test_an_import_is_refused_with_a_reason():
    def refused(body, expect=422, query='', who='analyst'):
        return ask(who, 'POST', '/api/imports' + query, body, expect=expect, headers={'Content-Type': 'application/json'})
    refused({'mapping': 'nonsense', 'data': 'a\n1\n'})
    refused({'data': ''})
    refused({'mapping': OWN_MAPPING, 'data': 'a\n'}, query='?mapping=korea')
    wrong = refused({'sample': 'a', 'mapping': 3})
    assert {e['path'] for e in wrong['errors']} == {'/data', '/sample', '/mapping'}, wrong
    assert refused('{', 400)['type'].endswith(':json')
    refused({'mapping': OWN_MAPPING, 'data': foreign([])}, 403, '?make_posts=true')
    refused({'data': 'a'}, 403, who='team')


def test_an_administrator_may_import_posts_with_their_declarations():
    rows = [('NEW-1', '02.03.2026', '080610', 1, 'FOREIGN-9', 'B', '')]
    done = ask('administrator', 'POST', '/api/imports?make_posts=true', {'mapping': OWN_MAPPING, 'data': foreign(rows)})
    assert done['accepted'] == 1 and done['quarantined'] == 0, done
    assert 'FOREIGN-9' in {p['code'] for p in get('chief', '/api/posts')['items']}


def test_csv_can_be_lodged_through_a_shipped_mapping():
    text = next(m['text'] for m in get('analyst', '/api/mappings')['items'] if m['name'] == 'bacuda')
    columns = [line.split(' = ')[1].split(' is ')[0].strip()
               for part in ('[columns]', '[labels]') if part in text
               for line in text.split(part)[1].split('\n[')[0].splitlines() if ' = ' in line and not line.startswith(';')]
    values = {'sgd.id': 'SHIP-1', 'sgd.date': '26-03-02', 'country': 'CN', 'office.id': team_post(), 'tariff.code': '8471300000'}
    csv = ','.join(columns) + '\n' + ','.join(values.get(n, '1') for n in columns) + '\n'
    body = ask('analyst', 'POST', '/api/declarations?mapping=bacuda', csv, headers={'Content-Type': 'text/csv'})
    assert body['new'] == 1 and body['records'][0]['ref'] == 'SHIP-1', body


def test_stopping_the_server_ends_a_running_import_and_keeps_what_came_before():
    stream, answers = Stream(people['chief']), []
    rows = [(f'LONG-{i}', '02.03.2026', '080610', 1, team_post(), 'B', '') for i in range(60000)]
    body = json.dumps({'mapping': OWN_MAPPING, 'data': foreign(rows)})
    sender = threading.Thread(target=lambda: answers.append(
        people['analyst'].request('POST', '/api/imports', body, {'Content-Type': 'application/json'})))
    sender.start()
    stream.wait(lambda e: e[1] == 'import.progress')
    centre.stop()
    sender.join()
    stream.close()
    status, _, answer = answers[0]
    assert status == 200 or (status == 503 and 'sending all again' in answer['detail']), (status, answer)
    centre.serve()
    people['analyst'] = centre.sign_in('analyst')
    done = ask('analyst', 'POST', '/api/imports', body, headers={'Content-Type': 'application/json'})
    assert done['accepted'] + done['unchanged'] == 60000 and done['unchanged'] > 0, done


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
