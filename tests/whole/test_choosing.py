"""Choosing as people see it: reasons and means in the queue, what estimates, drift, groups and what-if say, and the draws
of a day that a stranger computes again."""
import re

import harness
import schema
import tap
from harness import Centre

ALWAYS = 'from=2000-01-01&to=2199-12-31'
centre, people, described = None, {}, {}


def ask(who, method, path, body=None, expect=200):
    """An answer with this status, checked against the description of its route."""
    status, got, content = people[who].request(method, path, body)
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


def red(post):
    return get('chief', f'/api/queue?post={post}&lane=red&most=500')['items']


def test_the_queue_says_by_what_and_how_likely_and_with_which_means():
    global centre
    described.update({r['name']: r for r in schema.routes()})
    centre = Centre()
    centre.serve()
    for role in ('analyst', 'chief', 'team', 'auditor', 'administrator'):
        people[role] = centre.sign_in(role)
    items = get('chief', '/api/queue?most=500')['items']
    assert len(items) > 100
    for s in (i['selection'] for i in items):
        assert 0 <= s['propensity'] <= 1 and 0 <= s['share'] <= 1
        if s['selected_by'] in ('mandatory', 'profile') and s['lane'] == 'red':
            assert s['propensity'] == 1, s
        elif s['lane'] in ('green', 'blue', 'yellow') and s['state'] == 'open':
            assert s['propensity'] < 0.5, s
        assert (s['suggested_means'] != []) == (s['lane'] in ('red', 'yellow')), s
        if s['selected_by'] == 'exploration':
            assert s['reason'].startswith('drawn to learn')


def test_means_of_a_shift_limit_what_is_suggested():
    post = max({i['post'] for i in get('chief', '/api/queue?lane=red&most=500')['items']}, key=lambda p: len(red(p)))
    before = get('chief', f'/api/posts/{post}/means')
    assert [s['shift'] for s in before['shifts']] == [1, 2, 3] and not any(s['set'] for s in before['shifts'])
    slots = [{'means': 'documents', 'slots': 100, 'minutes': 15}, {'means': 'xray', 'slots': 1, 'minutes': 20},
             {'means': 'scale', 'slots': 0, 'minutes': 10}]
    for shift in (1, 2, 3):
        now = ask('chief', 'PUT', f'/api/posts/{post}/means', {'shift': shift, 'means': slots})
    assert now['shifts'][0]['means'] == slots[:2]
    given = [i['selection']['suggested_means'] for i in red(post) if i['selection']['state'] == 'open']
    by_day = {}
    for i in red(post):
        by_day.setdefault(i['selection']['day'], []).append(i['selection']['suggested_means'])
    assert all(sum('xray' in m for m in day) <= 3 for day in by_day.values()), by_day
    assert any('xray' in m for m in given) and all('scale' not in m for m in given)
    ask('analyst', 'PUT', f'/api/posts/{post}/means', {'shift': 1, 'means': slots}, expect=403)
    ask('chief', 'PUT', f'/api/posts/{post}/means', {'shift': 4, 'means': slots}, expect=422)


def test_exploration_has_a_floor():
    code = get('chief', '/api/posts')['items'][0]['code']
    now = get('chief', f'/api/posts/{code}/capacity')
    body = {k: now[k] for k in ('red', 'yellow', 'blue', 'random_ppm')}
    assert now['explore_ppm'] == 20000
    set_to = ask('chief', 'PUT', f'/api/posts/{code}/capacity', {**body, 'explore_ppm': 50000})
    assert set_to['explore_ppm'] == 50000
    ask('chief', 'PUT', f'/api/posts/{code}/capacity', body)  # what is not named stays
    assert get('chief', f'/api/posts/{code}/capacity')['explore_ppm'] == 50000
    ask('chief', 'PUT', f'/api/posts/{code}/capacity', {**body, 'explore_ppm': 0}, expect=422)


def inspect_all_red():
    done = 0
    for item in get('chief', '/api/queue?lane=red&open=true&most=500')['items']:
        number = item['consignment']
        outcome = 'value' if number % 3 == 0 else 'none'
        ask('chief', 'POST', f'/api/consignments/{number}/results', {'outcome': outcome, 'means': ['documents'], 'minutes': 20,
                                                                    'confirmed': True, 'note': 'the whole red lane is looked at'},
            expect=201)
        done += 1
        if done == 60:
            break
    return done


def test_estimates_speak_of_what_a_draw_could_reach():
    before = get('chief', f'/api/estimates?{ALWAYS}')
    assert before['estimates'][0]['whole']['rate'] is None and before['history'] > 1000
    done = inspect_all_red()
    after = get('chief', f'/api/estimates?{ALWAYS}')
    harms = {e['harm']: e for e in after['estimates']}
    whole = harms['any']['whole']
    assert 0.7 * done <= whole['known'] <= done  # some lost their place while others were closed
    assert 0 <= whole['low'] <= whole['high'] <= 1
    assert whole['rate'] is None or whole['low'] <= whole['rate'] <= whole['high']
    assert whole['of'] - done <= harms['any']['not_examined']['of'] <= whole['of'] - whole['known']
    assert harms['critical']['whole']['high'] <= harms['any']['whole']['high'] + 1e-6
    get('chief', '/api/estimates?rule=NO-SUCH-RULE', expect=404)
    get('team', '/api/estimates', expect=403)
    table = centre.tamga('estimate', '--from', '2000-01-01', '--to', '2199-12-31')
    assert re.search(rf'any +whole flow +{whole["of"]} ', table), table


def test_groups_are_counted_and_compared():
    f = get('auditor', f'/api/fairness?{ALWAYS}')
    kinds = {g['by'] for g in f['groups']}
    assert kinds == {'post', 'mode', 'origin', 'importer_size'}
    for g in f['groups']:
        assert g['arrived'] >= 20 and g['hits']['count'] <= g['inspected'] <= g['selected']['count'] <= g['arrived']
        if g['alert'] != 'none':
            assert g['ratio'] >= 2
        if g['by'] == 'post':
            assert g['group'].startswith('AZ')
    assert 'sex' not in str(f) and 'nationality' not in str(f)
    sizes = [g for g in f['groups'] if g['by'] == 'importer_size']
    assert sum(g['arrived'] for g in sizes) <= f['arrived']


def test_another_capacity_is_judged_beside_what_was():
    w = get('chief', f'/api/what-if?{ALWAYS}&shares=2,5,10')
    was, *others = w['scenarios']
    assert was['as_it_was'] and [s['share'] for s in others] == [0.02, 0.05, 0.1]
    chosen = [s['chosen'] for s in others]
    assert chosen == sorted(chosen) and chosen[0] > 0
    for s in w['scenarios']:
        for harm in ('fraud', 'critical'):
            for part in ('found', 'missed'):
                x = s[part][harm]
                assert x['known'] <= x['estimate'] and x['low'] <= x['estimate'] <= x['high']
            whole = s['found'][harm]['known'] + s['missed'][harm]['known']
            assert whole == was['found'][harm]['known'] + was['missed'][harm]['known']
    found = [s['found']['critical']['estimate'] for s in others]
    assert found == sorted(found)
    dear = get('chief', f'/api/what-if?{ALWAYS}&shares=5&w_minor=100000000000')['scenarios'][1]
    assert dear['found']['critical']['estimate'] >= others[1]['found']['critical']['estimate']
    ask('chief', 'GET', '/api/what-if?shares=200', expect=422)
    assert '5 %' in centre.tamga('what-if', '--shares', '5')


def test_the_watch_is_told_to_the_chief():
    w = get('chief', '/api/watch')
    assert w['explore_extra_ppm'] >= 0 and all(i['value'] <= i['limit'] or i['alarm'] for i in w['items'])
    get('team', '/api/watch', expect=403)


def test_the_log_goes_on_to_hold():
    centre.stop()
    folder = centre.home / 'out'
    centre.tamga('log', 'export', folder)
    said = harness.run(folder, program=harness.VERIFY)
    assert 'the log is whole' in said
    centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
