"""The case of May 2021 at Astara, as it was published, from the information to the destruction: two trucks with fresh
watermelons, dogs react, the X-ray is suspicious, unloading finds nothing, and the inspection again finds 303 packages
behind the front wall of a trailer: 244.605 kg of heroin.  Everybody does their own part, over the same door."""
import json
import subprocess

import harness
import schema
import tap
from harness import Centre

HEROIN_MG = 244_605_000
WHERE = 'from=2000-01-01&to=2199-12-31'
centre, people, told = None, {}, {}


def ask(who, method, path, body=None, expect=200, kind=None):
    status, headers, content = people[who].request(method, path, body, {'Content-Type': kind} if kind else None)
    assert status == expect, (who, method, path, status, content)
    if expect >= 400:
        schema.problem(status, headers, content)
    return content


def get(who, path, **more):
    return ask(who, 'GET', path, **more)


def post(who, path, body=None, expect=201, **more):
    return ask(who, 'POST', path, body, expect, **more)


def add_account(name, role):
    """One more of a role: four eyes need two pairs."""
    password = f'a long password of {name}'
    centre.tamga('account', 'add', name, '--role', role, '--display', f'{role} {name}', stdin=password + '\n')
    centre.accounts[name] = password


def start():
    global centre
    if centre:
        return
    centre = Centre()
    add_account('second-chief', 'chief')
    add_account('second-investigator', 'investigator')
    add_account('second-custodian', 'custodian')
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


def truck(ref, plate):
    return {'ref': ref, 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T09:00:00+04:00', 'regime': 'transit',
            'post': told['post'], 'consignor': {'code': 'IR-MELON-1', 'name': 'Fresh fruit exports', 'country': 'IR'},
            'consignee': {'code': 'UA-MELON-9', 'name': 'Fruit trade', 'country': 'UA'}, 'departure': 'IR',
            'destination': 'UA', 'route': ['AZ', 'GE'], 'transport_mode': '3', 'vehicle': plate, 'vehicle_country': 'IR',
            'currency': 'USD', 'value': 9200, 'gross_kg': 22400,
            'items': [{'item_no': 1, 'hs': '080711', 'description': 'fresh watermelons', 'origin': 'IR', 'gross_kg': 22400,
                       'value': 9200}]}


def critical_of(consignment):
    return get('analyst', f'/api/consignments/{consignment}')['assessment']['critical']['probability']


def test_information_becomes_a_target_and_an_order():
    start()
    records = [post('analyst', '/api/declarations', truck(ref, plate))['records'][0]
               for ref, plate in (('26AZ-MELON-1', '11A11111'), ('26AZ-MELON-2', '22B22222'))]
    told['first'], told['next'] = (r['consignment'] for r in records)
    told['before'] = critical_of(told['next'])
    post('chief', f'/api/consignments/{told["first"]}/decisions',
         {'action': 'inspect', 'means': ['dog', 'xray', 'unloading'],
          'reason': 'information of the operational directorate: narcotics in a trailer of these two trucks'})
    row = next(r for r in get('chief', '/api/board')['items'] if r['consignment'] == told['first'])
    told['order'] = row['id']
    order = get('team', f'/api/orders/{row["id"]}')
    assert [s['means'] for s in order['steps']] == ['xray', 'dog', 'unloading'] and order['flow']['state'] == 'issued'
    assert order['words'].startswith('information of the operational directorate')
    assert order['route'] == ['IR', 'AZ', 'GE', 'UA'] and order['goods'] == 'fresh watermelons'


def step(means, reaction, minute, **more):
    return post('team', f'/api/orders/{told["order"]}/steps',
                {'means': means, 'reaction': reaction, 'started': f'2026-09-16T05:{minute:02}:00+04:00',
                 'ended': f'2026-09-16T05:{minute + 5:02}:00+04:00', 'client_key': f'phone-{means}-{minute}', **more})


def test_the_dog_reacts_the_X_ray_is_suspicious_unloading_finds_nothing_and_again_303_packages():
    start()
    post('team', f'/api/orders/{told["order"]}/moves', {'arrow': 'accept'})
    step('dog', 'suspect', 5, note='both trailers, at the front')
    step('xray', 'suspect', 12, reading='density changes behind the front wall')
    step('unloading', 'none', 20, note='all boxes out, nothing among the goods')
    order = step('unloading', 'found', 40, reading='303 packages in a made cavity of the front wall')
    # The same form sent twice, as a phone does after a lost answer.
    again = step('unloading', 'found', 40, reading='303 packages in a made cavity of the front wall')
    assert len(again['steps']) == len(order['steps']) == 4, again['steps']
    done = [(s['means'], s['reaction'], s['again']) for s in again['steps']]
    assert done == [('xray', 'suspect', False), ('dog', 'suspect', False), ('unloading', 'none', False),
                    ('unloading', 'found', True)], done
    assert again['flow']['state'] == 'working'


def test_pictures_are_kept_as_what_they_are():
    start()
    last = get('team', f'/api/orders/{told["order"]}')['steps'][-1]['id']
    picture = b'\xff\xd8\xff\xe0' + b'a wall of a trailer, opened' * 40
    kept = post('team', f'/api/media?about=step:{last}&words=the%20opened%20wall', picture, kind='image/jpeg')
    status, headers, content = people['investigator'].request('GET', f'/api/media/{kept["hash"]}', raw=True)
    assert status == 200 and content == picture
    assert headers['content-type'] == 'image/jpeg' and headers['x-content-type-options'] == 'nosniff'
    assert headers['content-disposition'].startswith('inline') and 'sandbox' in headers['content-security-policy']
    assert get('team', f'/api/orders/{told["order"]}')['steps'][-1]['media'][0]['hash'] == kept['hash']
    page = post('team', f'/api/media?about=step:{last}', b'%PDF-1.7 a scan' * 9, kind='application/pdf')
    _, headers, _ = people['team'].request('GET', f'/api/media/{page["hash"]}', raw=True)
    assert headers['content-disposition'].startswith('attachment')
    lie = post('team', f'/api/media?about=step:{last}', b'<html><script>alert(1)</script>', 422, kind='image/png')
    assert 'not what Content-Type says' in lie['detail']
    get('custodian', f'/api/media/{kept["hash"]}', expect=403)
    get('team', f'/api/media/{"0" * 64}', expect=404)


def test_the_result_teaches_the_profiles_at_once():
    start()
    post('team', f'/api/consignments/{told["first"]}/results',
         {'outcome': 'drugs', 'means': ['dog', 'xray', 'unloading'], 'minutes': 240,
          'note': '303 packages in the front wall of the trailer', 'seized': [{'substance': 'opium', 'mass_kg': 244.605}]})
    after = critical_of(told['next'])
    assert after > told['before'] + 0.1, ('the next such truck', told['before'], after)
    told['after'] = after
    order = get('chief', f'/api/orders/{told["order"]}')
    assert order['flow']['state'] == 'result' and len(order['seizures']) == 1
    told['seizure'] = order['seizures'][0]


def test_who_ordered_it_may_not_confirm_it():
    start()
    path = f'/api/orders/{told["order"]}/moves'
    before = len(leaves('access.refused', f'order:{told["order"]}'))
    post('chief', path, {'arrow': 'confirm_seizure'}, 403)
    assert len(leaves('access.refused', f'order:{told["order"]}')) == before + 1
    refused = post('second-chief', path, {'arrow': 'confirm'}, 409)
    assert 'confirm the seizure instead' in refused['detail']
    done = post('second-chief', path, {'arrow': 'confirm_seizure'})
    assert done['flow']['state'] == 'seized' and done['flow']['final']


def test_a_confirmed_seizure_is_a_case_that_only_those_it_names_may_read():
    start()
    case = get('second-chief', '/api/cases')['items'][0]
    told['case'] = case['id']
    assert case['compartment'] and case['flow']['state'] == 'open'
    whole = get('second-chief', f'/api/cases/{case["id"]}?purpose=opening')
    assert [z['id'] for z in whole['seizures']] == [told['seizure']]
    assert set(whole['links']) == {f'consignment:{told["first"]}', f'order:{told["order"]}'}
    about = whole['about']
    assert (about['substance'], about['words']['ru'], about['post']) == ('opium', 'опий', told['post']), about
    assert about['post_name'] != about['post'] and whole['title'] == whole['seizures'][0]['number']
    assert {(p['role'], p['code']) for p in whole['parties']} == {('consignor', 'IR-MELON-1'), ('consignee', 'UA-MELON-9')}
    assert whole['party_offers'] == []
    assert sum(t['mandatory'] for t in whole['tasks']) == 5 and all(t['words']['az'] for t in whole['tasks'])
    assert [(a['name'], a['reason']) for a in whole['access']] == [('chief second-chief', 'opened the case')]
    for kind in ('decision', 'order', 'step', 'result', 'seizure'):
        assert any(e['kind'] == kind for e in whole['timeline']), (kind, whole['timeline'])
    # The chief who ordered the inspection does not need to know: refused, and the refusal is in the log.
    about, before = f'case:{case["id"]}', len(leaves('access.refused'))
    for method, path, body in (('GET', f'/api/cases/{case["id"]}', None),
                               ('GET', f'/api/cases/{case["id"]}/suspects?purpose=curiosity', None),
                               ('POST', f'/api/cases/{case["id"]}/changes', {'note': {'kind': 'fact', 'text': 'mine'}})):
        refused = ask('chief', method, path, body, 403)['detail']
        assert 'need-to-know' in refused and case['number'] not in refused, refused
    assert len(leaves('access.refused', about)) == 3 and len(leaves('access.refused')) == before + 3
    assert all(c['id'] != case['id'] for c in get('chief', '/api/cases')['items'])
    seen = get('chief', f'/api/seizures/{told["seizure"]}')
    assert 'case' not in seen and 'trigger_words' not in seen and 'trigger_facts' not in seen
    how = whole['seizures'][0]['trigger_facts']
    assert how['selected_by'] in ('officer', 'profile', 'rule', 'mandatory', 'random', 'exploration') and 0 <= how['critical'] <= 1, how
    assert leaves('case.read', about)[-1]['purpose'] == 'opening'
    get('investigator', f'/api/cases/{case["id"]}', expect=403)


def change(who, body, expect=201):
    return post(who, f'/api/cases/{told["case"]}/changes', body, expect)


def test_the_investigator_is_let_in_completes_the_record_and_enters_a_person():
    start()
    for name in ('investigator', 'second-investigator'):
        change('second-chief', {'access': {'account': name, 'reason': 'leads or reviews the case'}})
    post('investigator', f'/api/cases/{told["case"]}/moves', {'arrow': 'investigate'})
    path = f'/api/seizures/{told["seizure"]}/amendments'
    amended = post('investigator', path, {'concealment': 'trailer_wall', 'packages': 303, 'conveyance_make': 'DAF',
                                          'conveyance_type': 'articulated truck', 'article': 'Criminal Code, art. 206'})
    assert amended['packages'] == 303 and amended['concealment'] == 'trailer_wall'
    leaf = leaves('seizure.amended', f'seizure:{told["seizure"]}')[-1]
    changes = {c['field']: (c['before'], c['after']) for c in leaf['changes']}
    assert changes['packages'] == (None, 303) and changes['concealment'] == ('not_recorded', 'trailer_wall')
    assert 'would change' in post('investigator', path, {'packages': 303}, 422)['detail']
    assert change('investigator', {'group': 'the two trucks'})['groups'] == 1
    group = get('investigator', f'/api/cases/{told["case"]}/suspects?purpose=indictment')['groups'][0]['id']
    person = {'name': 'Driver of the first truck', 'role': 'driver', 'sex': 'm', 'birth_year': 1984, 'citizenship': 'IR', 'occupation': 'driver',
              'previous_record': False, 'group': group}
    post('investigator', f'/api/cases/{told["case"]}/suspects', person)
    get('investigator', f'/api/cases/{told["case"]}/suspects', expect=422)
    persons = get('investigator', f'/api/cases/{told["case"]}/suspects?purpose=indictment')['items']
    assert [(p['role'], p['citizenship'], p['group']) for p in persons] == [('driver', 'IR', group)]
    assert leaves('suspect.read', f'case:{told["case"]}')[-1]['purpose'] == 'indictment'
    assert 'Driver of the first truck' not in json.dumps(leaves('suspect.added')), 'the log names a person'
    assert get('investigator', f'/api/cases/{told["case"]}')['suspects'] == 1
    both = change('investigator', {'disposition': 'x', 'note': {'kind': 'fact', 'text': 'two at once'}}, 422)
    assert 'one change at a time' in both['detail']


def move_exhibit(who, arrow, seal_old, seal_new=None, expect=201, **more):
    body = {'arrow': arrow, 'from': 'the hands before', 'to': 'the hands after', 'place': 'Astara', 'purpose': f'{arrow}, as ordered',
            'seal_old': seal_old, **more}
    return post(who, f'/api/exhibits/{told["exhibit"]}/moves', {**body, **({'seal_new': seal_new} if seal_new else {})}, expect)


def test_the_exhibit_is_sealed_weighed_before_two_witnesses_and_examined():
    start()
    line = get('team', f'/api/seizures/{told["seizure"]}')['lines'][0]
    assert line['substance'] == 'opium' and line['mass_mg'] == HEROIN_MG
    made = post('team', '/api/exhibits', {'line': line['id'], 'words': '303 packages in 12 bags', 'from': 'the team', 'to': 'the post',
                                          'place': 'Astara', 'purpose': 'sealing at the place', 'seal_new': 'AZ-0001'})
    told['exhibit'] = made['id']
    alone = {'net_mg': HEROIN_MG, 'witness_1': 'Officer 1042', 'witness_2': 'Officer 1042'}
    assert 'two different witnesses' in move_exhibit('team', 'weigh', 'AZ-0001', 'AZ-0002', 409, **alone)['detail']
    move_exhibit('team', 'weigh', 'AZ-0001', 'AZ-0002', net_mg=HEROIN_MG, gross_mg=HEROIN_MG + 9_000_000,
                 witness_1='Officer 1042', witness_2='Officer 1077')
    move_exhibit('custodian', 'store', 'AZ-0002')
    move_exhibit('custodian', 'to_lab', 'AZ-0002')
    confirmed = post('investigator', f'/api/lines/{line["id"]}/confirmations',
                     {'substance': 'heroin', 'form': 'powder', 'mass_mg': HEROIN_MG, 'purity_ppm': 612_000, 'stage': 'confirmed',
                      'report_number': 'FX-1042/26', 'report_date': '2026-09-16'})
    assert [(one['substance'], one['stage'], one['replaced']) for one in confirmed['lines']] == \
        [('opium', 'seized', True), ('heroin', 'confirmed', False)]
    back = move_exhibit('custodian', 'store', 'AZ-0002', 'AZ-0003', net_mg=HEROIN_MG - 20_000)
    assert back['whole'] and back['incidents'] == [] and [e['act'] for e in back['custody']] == \
        ['sealed', 'weighed', 'stored', 'lab', 'stored']
    refused = move_exhibit('second-custodian', 'destroy', 'AZ-0003', expect=409, net_mg=HEROIN_MG - 20_000, witness_1='Officer 1042',
                           witness_2='Officer 1077', ground='decision of the court of 14 September 2026')
    assert 'neither closed nor referred' in refused['detail']


def test_the_case_is_closed_by_four_eyes_when_everything_is_done():
    start()
    path = f'/api/cases/{told["case"]}/moves'
    assert '5 mandatory tasks' in post('investigator', path, {'arrow': 'submit'}, 409)['detail']
    for task in get('investigator', f'/api/cases/{told["case"]}')['tasks']:
        if task['mandatory']:
            change('investigator', {'task_done': {'id': task['id'], 'note': 'done and filed'}})
    post('investigator', path, {'arrow': 'submit'})
    post('investigator', path, {'arrow': 'refer'}, 403)
    assert 'how the case ends' in post('second-investigator', path, {'arrow': 'refer'}, 409)['detail']
    change('investigator', {'disposition': 'referred for prosecution under art. 206'})
    post('second-chief', path, {'arrow': 'refer'}, 403)
    done = post('second-investigator', path, {'arrow': 'refer'})
    assert done['flow']['state'] == 'referred' and done['closed']
    burnt = {'net_mg': HEROIN_MG - 20_000, 'witness_1': 'Officer 1042', 'witness_2': 'Officer 1077'}
    assert 'legal ground' in move_exhibit('second-custodian', 'destroy', 'AZ-0003', expect=409, **burnt)['detail']
    over = move_exhibit('second-custodian', 'destroy', 'AZ-0003', ground='decision of the court of 14 September 2026', **burnt)
    assert over['flow']['state'] == 'destroyed' and over['flow']['final'] and over['whole']


def test_the_period_report_shows_it_and_adds_up():
    start()
    report = json.loads(centre.tamga('report', '--from', '2026-09-16', '--to', '2026-09-16', '--format', 'json'))
    figures = report['figures']
    counts = {k: figures[k] for k in ('facts', 'seizures', 'attempts', 'large', 'large_mg', 'groups', 'destroyed', 'destroyed_mg')}
    assert counts == {'facts': 1, 'seizures': 1, 'attempts': 1, 'large': 1, 'large_mg': HEROIN_MG, 'groups': 1, 'destroyed': 1,
                      'destroyed_mg': HEROIN_MG - 20_000}, counts
    assert figures['total']['mass_mg'] == HEROIN_MG
    lines = {one['line']: (one['now']['mass_mg'], one['seized']['mass_mg']) for one in figures['lines']}
    assert lines == {'heroin': (HEROIN_MG, 0), 'opium': (0, HEROIN_MG)}, lines
    assert (figures['persons']['total'], figures['persons']['foreign'], figures['persons']['men']) == (1, 1, 1)
    # The only gaps are those that the laboratory made, and the panel says so.
    gaps = [(g['code'], g['about'], g['gap']) for g in report['reconciliation'] if g['open']]
    assert gaps == [('confirmed', 'heroin', HEROIN_MG), ('confirmed', 'opium', -HEROIN_MG)], gaps
    assert next(g for g in report['reconciliation'] if g['code'] == 'lines')['gap'] == 0


def test_the_log_proves_it_to_a_stranger():
    start()
    centre.tamga('log', 'export', centre.folder / 'copy')
    done = subprocess.run([str(harness.VERIFY), str(centre.folder / 'copy'), '--key', str(centre.home / 'keys/log.vkey')],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for action in ('order.issued', 'step.entered', 'seizure.recorded', 'case.opened', 'custody.entered', 'line.replaced'):
        assert leaves(action), action


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
