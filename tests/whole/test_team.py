"""The team at its post over the API: a form that is sent twice counts once, what is hardly possible is asked about,
refusals carry a name and what their sentence needs, the board says what stands at the ramp."""
import contextlib
import itertools
import sqlite3

import schema
import tap
from harness import Centre, forget_made

centre, people, told = None, {}, {}
keys = itertools.count(1)


def ask(who, method, path, body=None, expect=200):
    status, headers, content = people[who].request(method, path, body)
    assert status == expect, (who, method, path, status, content)
    if expect >= 400:
        schema.problem(status, headers, content)
    return content


def get(who, path, **more):
    return ask(who, 'GET', path, **more)


def post(who, path, body=None, expect=201):
    return ask(who, 'POST', path, body, expect)


def start():
    global centre
    if centre:
        return
    centre = Centre()
    centre.serve()
    for name in centre.accounts:
        people[name] = centre.sign_in(name)
    told['post'] = get('team', '/api/session')['posts'][0]


def key():
    return f'test-key-{next(keys):06d}'


def truck(**more):
    n = next(keys)
    return {'ref': f'26AZ-TEAM-{n}', 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T08:00:00+04:00',
            'regime': 'import', 'post': told['post'], 'consignor': {'code': f'IR-{n}', 'name': 'Fruit exports', 'country': 'IR'},
            'consignee': {'code': f'AZ-{n}', 'name': 'Fruit trade', 'country': 'AZ'}, 'departure': 'IR', 'destination': 'AZ',
            'vehicle': f'11A{n:05d}', 'trailer': f'22B{n:05d}', 'currency': 'USD', 'value': 9200, 'gross_kg': 22400,
            'items': [{'item_no': 1, 'hs': '080711', 'description': 'fresh watermelons', 'origin': 'IR', 'gross_kg': 22400,
                       'value': 9200}], **more}


def lodged(**more):
    return post('analyst', '/api/declarations', truck(**more))['records'][0]['consignment']


def ordered(**more):
    consignment = lodged(**more)
    post('chief', f'/api/consignments/{consignment}/decisions',
         {'action': 'inspect', 'means': ['dog', 'xray'], 'reason': 'density differs from the goods'})
    row = next(r for r in get('chief', '/api/board?most=500')['items'] if r['consignment'] == consignment)
    return consignment, row['id']


def found(**more):
    return {'outcome': 'drugs', 'means': ['dog'], 'minutes': 60, 'seized': [{'substance': 'heroin', 'mass_kg': 1.5}], **more}


def leaves(action, about=None):
    out, at, size = [], 0, 1
    while at < size:
        page = get('auditor', f'/api/log?from={at}&most=1000')
        size, at = page['size'], at + len(page['items'])
        out += [one for one in page['items'] if one['action'] == action and about in (None, one['object'])]
    return out


def step(**more):
    return {'means': 'dog', 'reaction': 'none', 'started': '2026-09-16T05:00:00+04:00', 'ended': '2026-09-16T05:10:00+04:00', **more}


def test_a_result_sent_twice_is_entered_once_and_answers_the_same():
    start()
    consignment, order = ordered()
    path, body = f'/api/consignments/{consignment}/results', found(client_key=key())
    first = post('team', path, body)
    again = post('team', path, body)
    assert again == first and first['moved'], (first, again)
    assert len(get('chief', f'/api/consignments/{consignment}')['results']) == 1
    assert len(get('chief', f'/api/orders/{order}')['seizures']) == 1
    assert len(leaves('result.entered', f'consignment:{consignment}')) == 1
    other = post('team', path, {**body, 'minutes': 61}, 409)
    assert other['code'] == 'sent.differs', other
    # The key of somebody else's form opens nothing.
    theirs = post('chief', path, body, 409)
    assert theirs['code'] == 'sent.differs', theirs
    assert post('team', path, {**body, 'client_key': key()}, 409)['code'] == 'decision.closed'
    post('team', path, {**body, 'client_key': 'short'}, 422)


def test_a_move_sent_twice_is_made_once():
    start()
    _, order = ordered()
    path, body = f'/api/orders/{order}/moves', {'arrow': 'accept', 'client_key': key()}
    first, again = post('team', path, body), post('team', path, body)
    assert first['flow']['state'] == again['flow']['state'] == 'accepted'
    assert [p['arrow'] for p in again['flow']['past']].count('accept') == 1
    assert post('team', path, {**body, 'arrow': 'start'}, 409)['code'] == 'sent.differs'


def test_a_step_under_the_key_of_another_is_refused():
    start()
    _, order = ordered()
    path, body = f'/api/orders/{order}/steps', step(client_key=key())
    assert len(post('team', path, body)['steps']) == len(post('team', path, body)['steps']) == 2
    assert post('team', path, {**body, 'reaction': 'suspect'}, 409)['code'] == 'sent.differs'


def concerns(problem):
    assert problem['code'] == 'confirm', problem
    return {name: values.split(';') if values else [] for name, values in problem['params'].items()}


def test_what_can_hardly_be_is_asked_about_and_goes_through_confirmed():
    start()
    consignment = lodged()
    path = f'/api/consignments/{consignment}/results'
    assert concerns(post('team', path, found(), 409)) == {'not_ordered': []}
    post('chief', f'/api/consignments/{consignment}/decisions', {'action': 'release', 'reason': 'nothing against it'})
    assert concerns(post('team', path, found(), 409)) == {'released': []}
    refused = post('team', path, found(confirmed=True), 422)
    assert refused['code'] == 'confirm.note', refused
    post('team', path, found(confirmed=True, confirm_note='stopped at the gate by the dog'))
    leaf = leaves('entry.confirmed', f'consignment:{consignment}')
    assert [(one['entry'], one['unlikely'], one['note']) for one in leaf] == \
        [('result', {'released': []}, 'stopped at the gate by the dog')], leaf


def test_a_result_before_the_truck_can_be_here_is_asked_about():
    start()
    consignment, _ = ordered(expected='2026-09-19T08:00:00+04:00')
    seen = concerns(post('team', f'/api/consignments/{consignment}/results', found(), 409))
    assert seen == {'not_arrived': ['2026-09-19T04:00:00Z']}, seen


def test_masses_beyond_the_goods_and_the_vehicle_are_asked_about():
    start()
    consignment, order = ordered()
    path = f'/api/consignments/{consignment}/results'
    heavy = [{'substance': 'heroin', 'mass_kg': 30000}]
    seen = concerns(post('team', path, found(seized=heavy), 409))
    assert seen['over_gross'] == ['30000', '22400'] and 'over_vehicle' not in seen, seen
    seen = concerns(post('team', path, found(seized=[*heavy, {'substance': 'opium', 'mass_kg': 20000.5}]), 409))
    assert seen['over_vehicle'] == ['50000.5', '44000'], seen
    seen = concerns(post('team', path, found(minutes=6000, seized=[{'substance': 'cigarettes', 'count': 10000001}]), 409))
    assert seen == {'many_pieces': ['10000001'], 'many_minutes': ['6000', '5760']}, seen
    assert get('chief', f'/api/orders/{order}')['flow']['state'] == 'issued', 'a refused entry changed the order'
    post('team', path, found())


def test_a_thousand_times_the_usual_is_asked_about():
    start()
    for _ in range(5):
        consignment, _ = ordered()
        post('team', f'/api/consignments/{consignment}/results', found(seized=[{'substance': 'tramadol', 'mass_kg': 0.002}]))
    consignment, _ = ordered()
    seen = concerns(post('team', f'/api/consignments/{consignment}/results', found(seized=[{'substance': 'Tramadol', 'mass_kg': 2}]), 409))
    assert seen == {'thousandfold': ['2', '0.002']}, seen
    post('team', f'/api/consignments/{consignment}/results', found(seized=[{'substance': 'tramadol', 'mass_kg': 1.9}]))


def test_steps_that_cannot_be_are_refused_and_long_ones_asked_about():
    start()
    _, order = ordered()
    path = f'/api/orders/{order}/steps'
    back = post('team', path, step(client_key=key(), ended='2026-09-16T04:50:00+04:00'), 422)
    assert back['code'] == 'step.order', back
    ahead = post('team', path, step(client_key=key(), ended='2026-09-17T04:50:00+04:00'), 422)
    assert ahead['code'] == 'step.future', ahead
    long = step(client_key=key(), started='2026-09-15T05:00:00+04:00')
    assert concerns(post('team', path, long, 409)) == {'long_step': ['24', '12']}
    done = post('team', path, {**long, 'confirmed': True, 'confirm_note': 'sealed overnight, unloaded in two shifts'})
    assert [s['reaction'] for s in done['steps'] if s['means'] == 'dog'] == ['none']
    assert leaves('entry.confirmed', f'order:{order}')[0]['unlikely'] == {'long_step': ['24', '12']}
    # Sent again it is not asked about again: it is entered.
    post('team', path, long)


def test_who_may_comes_with_a_name_for_each_refusal():
    start()
    _, order = ordered()
    added = post('chief', '/api/staff', {'officer': {'service_number': 'T-1', 'name': 'Handler T-1', 'skills': ['dog'], 'dog': 'Alpha',
                                                    'work_minutes': 10, 'rest_minutes': 600, 'post': told['post']}})
    me = next(o['id'] for o in added['officers'] if o['service_number'] == 'T-1')
    may = {o['name']: o for o in get('chief', f'/api/orders/{order}/assignment?means=dog')['officers']}
    assert may['Handler T-1']['ok'] and 'code' not in may['Handler T-1'], may['Handler T-1']
    assert {o['code'] for o in may.values() if not o['ok']} >= {'assign.skill', 'assign.post'}, may
    listed = get('chief', f'/api/orders/{order}/assignment?means=dog')['officers']
    assert sorted(o['id'] for o in listed) == sorted(o['id'] for o in get('chief', '/api/staff')['officers'])
    post('team', f'/api/orders/{order}/steps', step(client_key=key(), officer=me))
    may = {o['name']: o for o in get('chief', f'/api/orders/{order}/assignment?means=dog')['officers']}
    rests = may['Handler T-1']
    assert rests['code'] == 'assign.rest' and rests['params']['name'] == 'Alpha' and rests['params']['until'] == '2026-09-16T11:10:00Z', rests
    xray = {o['name']: o for o in get('chief', f'/api/orders/{order}/assignment?means=xray')['officers']}
    assert xray['Handler T-1']['code'] == 'assign.skill' and xray['Handler T-1']['params']['means'] == 'xray'


def test_what_may_not_be_done_next_comes_with_a_name():
    start()
    _, order = ordered()
    choices = {c['arrow']: c for c in get('team', f'/api/orders/{order}')['flow']['choices']}
    assert choices['withdraw']['code'] == 'flow.role' and 'analyst' in choices['withdraw']['params']['roles'].split()
    assert 'refusal' not in choices['accept'] and 'code' not in choices['accept']
    wrong = post('chief', f'/api/orders/{order}/moves', {'arrow': 'confirm', 'note': 'done'}, 409)
    assert wrong['code'] == 'flow.state' and wrong['params']['state'] == 'issued', wrong
    assert post('chief', f'/api/orders/{order}/moves', {'arrow': 'fly'}, 404)['code'] == 'flow.arrow'


def test_the_board_says_what_stands_at_the_ramp():
    start()
    consignment, order = ordered()
    row = next(r for r in get('chief', f'/api/board?post={told["post"]}&state=issued')['items'] if r['id'] == order)
    assert row['vehicle'].startswith('11A') and row['trailer'].startswith('22B') and row['goods'] == 'fresh watermelons'
    assert row['hs'] == '080711' and row['lane'] in ('red', 'yellow', 'blue', 'green')
    assert 30 < row['minutes_left'] <= 150, 'half an hour, counted from the expected arrival at eight'
    rows = get('chief', '/api/board')['items']
    late = [r['flow']['overdue'] for r in rows]
    assert late == sorted(late, reverse=True), 'overdue ones come first'
    assert all(r['flow']['state'] == 'issued' for r in get('chief', '/api/board?state=issued')['items'])
    assert all(r['flow']['overdue'] and r['minutes_left'] <= 0 for r in get('chief', '/api/board?state=overdue')['items'])


def test_a_result_says_nothing_of_means_that_nobody_entered():
    """Two means planned, none entered, drugs found: which of them found it, nobody said."""
    start()
    consignment, order = ordered()
    post('team', f'/api/consignments/{consignment}/results', found(means=['dog', 'xray']))
    steps = get('team', f'/api/orders/{order}')['steps']
    assert [s.get('reaction') for s in steps] == [None, None], steps
    consignment, order = ordered()
    post('team', f'/api/orders/{order}/steps', step(means='xray', reaction='suspect', client_key=key()))
    post('team', f'/api/consignments/{consignment}/results', found(means=['dog', 'xray']))
    steps = {s['means']: s.get('reaction') for s in get('team', f'/api/orders/{order}')['steps']}
    assert steps == {'xray': 'suspect', 'dog': 'found'}, steps


def test_work_by_whom_it_may_not_be_assigned_to_is_asked_about():
    start()
    _, order = ordered()
    answers = get('chief', f'/api/orders/{order}/assignment?means=dog')['officers']
    other = next(o for o in answers if o.get('code') == 'assign.skill')
    sent = step(client_key=key(), officer=other['id'])
    asked = post('team', f'/api/orders/{order}/steps', sent, 409)
    assert asked['code'] == 'confirm' and asked['params']['not_assigned'].startswith('assign.skill;'), asked
    before = len(leaves('entry.confirmed', f'order:{order}'))
    post('team', f'/api/orders/{order}/steps', {**sent, 'confirmed': True, 'note': 'the handler was ill, he led the dog'})
    assert len(leaves('entry.confirmed', f'order:{order}')) == before + 1, 'and the log says that somebody confirmed it'


def test_inspecting_again_takes_the_place_of_the_first_result():
    start()
    consignment, order = ordered()
    post('team', f'/api/consignments/{consignment}/results', {'outcome': 'none', 'means': ['dog', 'xray'], 'minutes': 30})
    assert get('chief', f'/api/orders/{order}')['flow']['state'] == 'result'
    post('chief', f'/api/orders/{order}/moves', {'arrow': 'inspect_again', 'note': 'the wall of the trailer is too thick'})
    early = post('team', f'/api/orders/{order}/moves', {'arrow': 'enter_result'}, 409)
    assert early['code'] == 'guard.has_result', 'the first result is no result of the second inspection'
    post('team', f'/api/orders/{order}/steps', step(means='unloading', reaction='found', client_key=key()))
    after = post('team', f'/api/consignments/{consignment}/results', found(means=['unloading']))
    consignment_now = get('chief', f'/api/consignments/{consignment}')
    told_of = consignment_now['results']
    assert [r['content']['outcome'] for r in told_of] == ['none', 'drugs']
    fraud = next(m for m in after['moved'] if m['harm'] == 'fraud')
    assert fraud['after']['inspected'] == fraud['before']['inspected'], 'one consignment inspected, not two'
    assert fraud['after']['bad'] == fraud['before']['bad'] + 1, 'and it was bad'
    with contextlib.closing(sqlite3.connect(f'file:{centre.home}/centre.db?mode=ro', uri=True)) as db:
        arrows = [row[0] for row in db.execute(
            "SELECT p.arrow FROM flow_past p JOIN flow_item i ON i.id = p.item_id JOIN target t ON t.id = i.about_id "
            "WHERE i.kind = 'target' AND t.consignment_id = ? ORDER BY p.id", (consignment,))]
    assert arrows[-3:] == ['close_no_hit', 'inspect_again', 'close_hit'], arrows


def cleanup():
    if centre:
        centre.close()
    forget_made()


if __name__ == '__main__':
    tap.main()
