"""What the officers' screens ask of the HTTP door: the chief's figures and previews, the team's orders, what is new
about a consignment, and importing from the browser."""
import json
import math
import re

import harness
import schema
import tap
from harness import Centre

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
    assert more['capacity']['after'] == {'red': now['red'] + 3, 'yellow': 0, 'blue': now['blue'], 'random_ppm': now['random_ppm']}
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


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
