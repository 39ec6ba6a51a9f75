"""Every route of api/ is called by every role and by nobody: who may is let in and gets what api/ describes, who may
not is refused in the same shape everywhere, and the refusal stands in the log."""
import http.client
import itertools
import json
import re

import harness
import schema
import tap
from harness import Centre

ROLES = ('analyst', 'chief', 'team', 'auditor', 'administrator', 'investigator', 'custodian', 'statistician')
# Whom the workflow lets do what the permission alone does not forbid.
BY_THE_WORKFLOW = {'incident_move': ('custodian', 'team', 'investigator'), 'order_move': ('analyst', 'chief', 'team')}
# The demonstration has trained none: who may, hears that; test_learned.py reads and moves real ones.
OF_A_MODEL = ('model_read', 'model_state')
PNG = b'\x89PNG\r\n\x1a\n' + bytes(64)
centre, sessions, allowed = None, {}, {}
numbers = itertools.count(1)


def read_permissions():
    for line in (harness.SOURCE / 'src/guard/permissions.txt').read_text().splitlines():
        line = line.split('#')[0].strip()
        if line:
            name, roles, _ = re.split(r'\s{2,}', line, maxsplit=2)
            allowed[name] = set(roles.split())


def days():
    """From the first day of the queue to far ahead."""
    return 'from=2026-01-01&to=2199-12-31'


def open_consignments(only_post=None):
    path = f'/api/queue?{days()}&open=true&most=500' + (f'&post={only_post}' if only_post else '')
    status, _, body = sessions['chief'].request('GET', path)
    assert status == 200, body
    return body['items']


def team_post():
    status, _, body = sessions['team'].request('GET', '/api/session')
    assert status == 200 and len(body['posts']) == 1, body
    return body['posts'][0]


def some_declaration():
    entry = open_consignments(team_post())[0]
    _, _, body = sessions['chief'].request('GET', f'/api/consignments/{entry["consignment"]}')
    declaration = dict(body['declaration'])
    declaration['ref'] = f'TEST-{next(numbers):06d}'
    return declaration


def csv_of(ref):
    return f'ref,lodged,regime,post,hs,value,currency\n{ref},2026-09-16,import,{team_post()},080610,100,AZN\n'


def new_consignment():
    """A fresh one at the team's post, so that what one caller does to it is in nobody's way."""
    status, _, body = sessions['chief'].request('POST', '/api/declarations', some_declaration())
    assert status == 201, body
    return body['records'][0]['consignment']


def new_quarantined():
    status, _, body = sessions['chief'].request('POST', '/api/declarations', {'ref': f'BAD-{next(numbers)}'})
    assert status == 422, body
    _, _, body = sessions['chief'].request('GET', '/api/quarantine?most=1')
    return body['items'][0]['id']


def rule_text():
    return f'''rule "TEST-{next(numbers):06d}" version 1 {{
  title "a test" owner desk:test basis "Customs Code" expires 2100-01-01
  when first(consignee)
  then weight +1 dB offence fraud
  why "a test"
}}'''


def new_rule():
    status, _, body = sessions['analyst'].request('POST', '/api/rules', {'text': rule_text()})
    assert status == 201, body
    return body['rule']['name']


def new_list():
    name = f'TEST-{next(numbers):06d}'
    status, _, body = sessions['chief'].request('POST', f'/api/lists/{name}', {'change': 'make', 'title': 'a test'})
    assert status == 201, body
    return name


def made(role, path, body, kind=None):
    status, _, answer = sessions[role].request('POST', path, body, {'Content-Type': kind} if kind else None)
    assert status == 201, (path, status, answer)
    return answer


def new_order():
    consignment = new_consignment()
    made('analyst', f'/api/consignments/{consignment}/decisions',
         {'action': 'inspect', 'means': ['xray', 'dog'], 'reason': 'a hidden floor is likely'})
    _, _, board = sessions['chief'].request('GET', '/api/board?most=500')
    return next(o['id'] for o in board['items'] if o['consignment'] == consignment)


def some_step():
    return {'means': 'dog', 'reaction': 'suspect', 'started': '2026-09-16T05:00:00+04:00',
            'ended': '2026-09-16T05:10:00+04:00', 'client_key': f'key-{next(numbers):08d}'}


def some_seizure():
    return {'seized': '2026-09-16T06:00:00+04:00', 'post': team_post(), 'place_kind': 'road', 'direction': 'transit',
            'unit': 'the team on shift', 'trigger': 'routine', 'concealment': 'cab',
            'lines': [{'substance': 'heroin', 'form': 'powder', 'mass_mg': 1250000}],
            'instruments': [{'means': 'dog', 'reaction': 'found'}]}


def new_seizure():
    return made('chief', '/api/seizures', some_seizure())


def some_exhibit(line):
    return {'line': line, 'words': 'one bag', 'from': 'the team', 'to': 'the store', 'place': 'the post', 'purpose': 'sealing',
            'seal_new': f'AZ-{next(numbers):06d}', 'net_mg': 1250000}


def new_exhibit():
    return made('custodian', '/api/exhibits', some_exhibit(new_seizure()['lines'][0]['id']))


def weighed(exhibit):
    return made('custodian', f'/api/exhibits/{exhibit["id"]}/moves', weighing(exhibit))


def weighing(exhibit):
    return {'arrow': 'weigh', 'from': 'the team', 'to': 'the scales', 'place': 'the post', 'purpose': 'weighing',
            'seal_old': exhibit['seal'], 'seal_new': exhibit['seal'] + 'W', 'net_mg': 1250000,
            'witness_1': 'first witness', 'witness_2': 'second witness'}


def new_incident():
    """The seal that is read is not the one that was put on."""
    exhibit = weighed(new_exhibit())
    body = {'arrow': 'store', 'from': 'the team', 'to': 'the store', 'place': 'the store', 'purpose': 'keeping', 'seal_old': 'ANOTHER',
            'confirmed': True, 'confirm_note': 'read twice'}
    return made('custodian', f'/api/exhibits/{exhibit["id"]}/moves', body)['incidents'][0]['id']


def new_case():
    return made('investigator', '/api/cases', {'title': 'a case for the test'})['id']


def new_person():
    body = {'name': f'Person {next(numbers)}', 'role': 'driver', 'sex': 'x', 'citizenship': 'XX'}
    return made('investigator', f'/api/cases/{new_case()}/suspects', body)['items'][0]['id']


def casework_id(path):
    for beginning, make in (('/api/orders/', new_order), ('/api/cases/', new_case),
                            ('/api/seizures/', lambda: new_seizure()['id']),
                            ('/api/exhibits/', lambda: new_exhibit()['id']),
                            ('/api/incidents/', new_incident), ('/api/suspects/', new_person),
                            ('/api/lines/', lambda: new_seizure()['lines'][0]['id'])):
        if path.startswith(beginning):
            return make()
    return None


def new_picture():
    step = made('team', f'/api/orders/{new_order()}/steps', some_step())['steps'][-1]
    return made('team', f'/api/media?about=step:{step["id"]}', PNG + bytes([next(numbers) % 256]), 'image/png')['hash']


def casework_request(name, path, role):
    """Path and body of a route of casework; None where it is none, or has no body."""
    body = None
    if name == 'order_move':
        body = {'arrow': 'withdraw', 'note': 'only a test'} if role == 'analyst' else {'arrow': 'accept'}
    elif name == 'step_enter':
        body = some_step()
    elif name == 'media_add':
        path, body = f'{path}?about=exhibit:{new_exhibit()["id"]}', PNG
        if role in ('team', 'chief'):
            path = f'/api/media?about=seizure:{new_seizure()["id"]}'
    elif name == 'media_read':
        path = path.replace('{hash}', new_picture())
        if role == 'custodian':
            seen = made('custodian', f'/api/media?about=exhibit:{new_exhibit()["id"]}', PNG + b'store', 'image/png')
            path = f'/api/media/{seen["hash"]}'
    elif name == 'seizure_record':
        body = some_seizure()
    elif name == 'seizure_amend':
        body = {'concealment': 'trailer_wall', 'packages': 303}
    elif name == 'line_confirm':
        body = {'substance': 'methamphetamine', 'form': 'powder', 'mass_mg': 1250000, 'stage': 'seized', 'words': 'looked at again'}
        if role == 'custodian':
            body |= {'stage': 'confirmed', 'report_number': 'FX-7', 'report_date': '2026-09-16', 'confirmed': True, 'confirm_note': 'a sample'}
    elif name == 'exhibit_make':
        body = some_exhibit(new_seizure()['lines'][0]['id'])
    elif name == 'custody_move':
        exhibit = new_exhibit()
        path, body = f'/api/exhibits/{exhibit["id"]}/moves', weighing(exhibit)
        if role == 'investigator':
            body = {**body, 'arrow': 'to_lab', 'seal_old': weighed(exhibit)['seal'], 'purpose': 'examination'}
    elif name == 'number_find':
        path += '?number=S-2026-000001'
    elif name == 'party_find':
        path += '?words=TR'
    elif name == 'report_parts':
        path += '?section=facts&code=facts'
    elif name == 'substance_put':
        body = {'code': f'test_{next(numbers)}', 'words': {'en': 'x', 'az': 'x', 'ru': 'x'}, 'class': 'potent', 'line': 'potent'}
    elif name == 'incident_move':
        body = {'arrow': 'explain', 'note': 'a slip of the pen'}
    elif name == 'case_open':
        body = {'title': 'a case for the test'}
    elif name == 'case_move':
        body = {'arrow': 'investigate'}
        if role == 'chief':
            made('investigator', path, body)
            made('investigator', path, {'arrow': 'submit'})
            made('investigator', path.replace('moves', 'changes'), {'disposition': 'a test of the doors'})
            body = {'arrow': 'close'}
    elif name == 'case_change':
        body = {'task': {'title': 'look at the papers', 'mandatory': True}}
    elif name == 'suspect_list':
        path += '?purpose=a%20test%20of%20the%20doors'
    elif name == 'suspect_add':
        body = {'name': f'Person {next(numbers)}', 'role': 'driver', 'sex': 'x', 'citizenship': 'XX'}
    elif name == 'suspect_change':
        body = {'birth_year': 1950 + next(numbers) % 40, 'reason': 'a test of the doors'}
    elif name == 'staff_change':
        body = {'instrument': {'post': team_post(), 'kind': 'scale', 'name': f'scale {next(numbers)}', 'per_hour': 10}}
    return path, body


def some_paper(role):
    """One that the role may have, of those that may have papers at all."""
    if role in ('statistician', 'investigator', 'chief'):
        return {'kind': 'state', 'about': 'period:2026-01-01/2026-12-31', 'language': 'az'}
    return {'kind': 'seizure', 'about': f'seizure:{new_seizure()["id"]}', 'language': 'az'}


def issued_paper(role):
    asking = role if role in allowed['paper.issue'] else 'chief'
    return made(asking, '/api/papers', some_paper(asking))['hash']


def request_for(route, role=None):
    """A path and a body that are right."""
    name, path, body = route['name'], route['path'], None
    if '{id}' in path and name != 'custody_move':
        own = casework_id(path)
        if own is None:
            own = new_quarantined() if 'quarantine' in path else new_consignment()
        path = path.replace('{id}', str(own))
    path, body = casework_request(name, path, role)
    if name == 'decision_withdraw' and role in allowed['consignment.decide']:
        made(role, path.replace('/undo', ''), {'action': 'wait'})
    path = path.replace('{seq}', '0').replace('{code}', team_post()).replace('{version}', '1')
    if '{name}' in path:
        path = path.replace('{name}', new_rule() if path.startswith('/api/rules/') else new_list())
    if name == 'declaration_lodge':
        body = some_declaration()
    elif name == 'declaration_find':
        path += '?ref=' + open_consignments(team_post())[0]['ref']
    elif name in ('rule_check', 'rule_save', 'rule_back_test'):
        body = {'text': rule_text()}
    elif name == 'rule_step':
        body = {'step': 'withdraw', 'note': 'only a test'}
    elif name == 'list_change':
        body = {'change': 'add', 'entries': [{'value': 'X1'}]}
    elif name == 'import_preview':
        body = {'sample': csv_of(f'TEST-{next(numbers):06d}')}
    elif name == 'import_run':
        body = {'data': csv_of(f'TEST-{next(numbers):06d}')}
    elif name == 'model_state':
        body = {'move': 'challenge', 'note': 'only a test'}
    elif name == 'decision_make':
        body = {'action': 'wait', 'means': [], 'reason': 'waits for a licence'}
    elif name == 'result_enter':
        body = {'outcome': 'drugs', 'means': ['xray', 'dog'], 'minutes': 40, 'note': 'in the spare wheel',
                'seized': [{'substance': 'heroin', 'mass_kg': 1.25}], 'confirmed': True, 'client_key': f'key-{next(numbers):08d}'}
    elif name == 'capacity_set':
        body = {'red': 5, 'yellow': 8, 'blue': 3, 'random_ppm': 20000}
    elif name == 'means_set':
        body = {'shift': 2, 'means': [{'means': 'xray', 'slots': 3, 'minutes': 20}]}
    elif name == 'dial_set':
        body = {'w_minor': 5000000}
    elif name == 'quarantine_settle':
        body = {'how': 'sent back to the declarant'}
    elif name == 'paper_issue':
        body = some_paper(role)
    elif name == 'paper_read':
        path = path.replace('{hash}', issued_paper(role))
    elif name == 'report_published':
        body = {'code': f'TEST-{next(numbers)}', 'title': 'a test', 'from': '2026-01-01', 'to': '2026-01-31', 'source': 'a test',
                'total_mg': 1}
    elif name in ('figures_read', 'estimate_read', 'fairness_read', 'what_if'):
        path += '?' + days()
    elif name == 'queue_read':
        path += '?' + days() + '&post=' + team_post()
    return path, body


def call(session, route, path, body):
    if isinstance(body, bytes):
        return session.request(route['method'], path, body, {'Content-Type': 'image/png'})
    if not route.get('streams'):
        return session.request(route['method'], path, body)
    connection = http.client.HTTPConnection('127.0.0.1', session.port, timeout=30)
    connection.request('GET', path, headers={'Cookie': session.cookie} if session.cookie else {})
    answer = connection.getresponse()
    headers = {k.lower(): v for k, v in answer.getheaders()}
    content = None
    if 'json' in headers['content-type']:
        content = json.loads(answer.read())
    connection.close()
    return answer.status, headers, content


def refused_leaves():
    status, _, body = sessions['auditor'].request('GET', '/api/log?most=1')
    assert status == 200
    size, start, count = body['size'], 0, 0
    while start < size:
        _, _, body = sessions['auditor'].request('GET', f'/api/log?from={start}&most=1000')
        count += sum(leaf['action'] == 'access.refused' for leaf in body['items'])
        start += len(body['items'])
    return count


def make_ready(route, session, path):
    """What only the caller itself can have done before."""
    if route['name'] == 'decision_withdraw':
        session.request('POST', path.removesuffix('/undo'), {'action': 'wait'})


def check_role(route, role):
    session = sessions[role]
    path, body = request_for(route, role)
    make_ready(route, session, path)
    before = refused_leaves() if route['permission'] in allowed else 0
    status, headers, content = call(session, route, path, body)
    may = route['permission'] in ('public', 'signed-in') or role in allowed[route['permission']] or route.get('from_here')
    may = may and role in BY_THE_WORKFLOW.get(route['name'], ROLES)
    where = f'{role} {route["method"]} {path}: {status} {content}'
    if may and route['name'] in OF_A_MODEL:
        assert status == 404, where
    elif may:
        assert status == route['status'], where
        if 'response' in route:
            assert headers['content-type'] == route.get('response_type', 'application/json'), where
            schema.check(route['response'], content)
    else:
        assert status == 403, where
        schema.problem(status, headers, content)
        assert refused_leaves() == before + 1, f'{where}: the refusal is not in the log'


def test_every_route_for_every_role():
    global centre
    read_permissions()
    centre = Centre()
    centre.serve()
    for role in ROLES:
        sessions[role] = centre.sign_in(role)
    for route in schema.routes():
        if route['name'] in ('session_open', 'session_close'):
            continue
        for role in ROLES:
            check_role(route, role)


def test_nobody_gets_in_without_signing_in():
    nobody = centre.session()
    for route in schema.routes():
        if route['permission'] == 'public' or route.get('from_here'):
            continue
        path, body = request_for(route)
        status, headers, content = call(nobody, route, path, body)
        assert status == 401, (route['name'], status, content)
        schema.problem(status, headers, content)


def test_a_change_needs_the_csrf_value():
    chief = centre.sign_in('chief')
    for wrong in ('', 'x' * 43, sessions['analyst'].csrf):
        status, headers, body = chief.request('PUT', '/api/dial', {'w_minor': 1}, {'X-CSRF-Token': wrong})
        assert status == 403, (wrong, status)
        schema.problem(status, headers, body)
        assert body['type'] == 'urn:tamga:problem:csrf', body


def test_a_change_from_another_site_is_refused():
    for header in ({'Origin': 'https://elsewhere.example'}, {'Origin': 'null'}, {'Sec-Fetch-Site': 'cross-site'}):
        status, _, body = sessions['chief'].request('PUT', '/api/dial', {'w_minor': 1}, header)
        assert status == 403 and body['type'] == 'urn:tamga:problem:origin', (header, status, body)
    same = {'Origin': f'http://127.0.0.1:{centre.port}', 'Sec-Fetch-Site': 'same-origin'}
    assert sessions['chief'].request('PUT', '/api/dial', {'w_minor': 5000000}, same)[0] == 200


def test_a_team_sees_its_own_post_only():
    own = team_post()
    other = next(e for e in open_consignments() if e['post'] != own)
    status, headers, body = sessions['team'].request('GET', f'/api/consignments/{other["consignment"]}')
    assert status == 403, (status, body)
    schema.problem(status, headers, body)
    assert sessions['team'].request('GET', f'/api/declarations?ref={other["ref"]}')[0] == 403
    assert sessions['team'].request('GET', f'/api/queue?post={other["post"]}')[0] == 403
    assert sessions['team'].request('GET', f'/api/posts/{other["post"]}/capacity')[0] == 403
    _, _, queue = sessions['team'].request('GET', f'/api/queue?{days()}&most=500')
    assert queue['items'] and all(e['post'] == own for e in queue['items'])
    _, _, posts = sessions['team'].request('GET', '/api/posts')
    assert [p['code'] for p in posts['items']] == [own]


def test_signing_out_ends_the_session():
    chief = centre.sign_in('chief')
    status, headers, _ = chief.request('DELETE', '/api/session')
    assert status == 204 and 'Max-Age=0' in headers['set-cookie']
    assert chief.request('GET', '/api/session')[0] == 401


def test_the_cookie_is_bound_to_host_and_hidden_from_scripts():
    s = centre.session()
    _, headers, _ = s.sign_in('chief', centre.accounts['chief'])
    parts = [p.strip() for p in headers['set-cookie'].split(';')]
    assert parts[0].startswith('__Host-tamga=') and set(parts[1:]) == {'Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'}, parts


def test_a_wrong_password_and_a_wrong_name_sound_alike():
    answers = [centre.session().sign_in(name, 'not the password') for name in ('administrator', 'nobody-of-that-name')]
    assert [a[0] for a in answers] == [401, 401]
    assert answers[0][2]['detail'] == answers[1][2]['detail']


def test_trying_passwords_is_slowed_down():
    for _ in range(40):
        status, headers, body = centre.session().sign_in('nobody', 'not the password')
        if status == 429:
            assert int(headers['retry-after']) >= 1
            schema.problem(status, headers, body)
            return
    raise AssertionError('40 wrong passwords in a row from one address were all looked at')


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
