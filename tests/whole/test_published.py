"""Reports as others published them: read strictly, held against the registry, kept by who entered them."""
import itertools
import json
import sqlite3

import harness
from harness import SOURCE, Centre
from registry import Registry, at
import tap

numbers = itertools.count(1)
centre, sessions = None, {}


def served():
    global centre
    if centre is None:
        centre = Centre()
        r = Registry(centre.home)
        r.empty()
        case = r.case(at(2021, 3, 3))
        r.line(r.seizure(case, at(2021, 3, 3)), 'heroin', 1000)
        r.suspect(case, birth_year=2000)
        r.db.commit()
        r.db.close()
        centre.serve()
        for role in ('chief', 'statistician', 'investigator', 'auditor', 'team'):
            sessions[role] = centre.sign_in(role)
    return centre


def report(**more):
    return {'code': f'a-{next(numbers)}', 'title': 'A report', 'from': '2021-01-01', 'to': '2021-09-30', 'source': 'a newspaper', **more}


def send(body, role='statistician'):
    served()
    status, _, answer = sessions[role].request('POST', '/api/report/published', body)
    return status, answer


def gaps_of(**more):
    status, answer = send(report(**more))
    assert status == 201, answer
    return answer['gaps']


def test_what_is_not_understood_is_refused_with_its_place():
    most = 2**63 - 1
    wrong = (({'counts': {'factz': 1}}, 'counts.factz:'), ({'counts': {'import': 1}}, 'counts.import:'), ({'counts': {'smuggling': 1}}, 'counts.smuggling:'),
             ({'counts': {'age.17-25': 1}}, 'counts.age.17-25:'), ({'counts': {'az': 1}}, 'counts.az:'), ({'counts': {'facts': -1}}, 'counts.facts:'),
             ({'counts': {'facts': 1.5}}, 'counts.facts:'), ({'counts': [1]}, 'counts:'), ({'lines': [['heroin', 1]]}, 'lines:'), ({'linez': {}}, 'linez:'),
             ({'lines': {'heroin': most, 'opium': most}}, 'lines.heroin:'), ({'lines': {'heroin': '1'}}, 'lines.heroin:'),
             ({'sums': {'persons': ['a', ['b', 2]]}}, 'sums.persons[0]:'), ({'sums': {'persons': [3, ['b', 2]]}}, 'sums.persons[1][0]:'),
             ({'sums': {'persons': [3, [1.5, 2]]}}, 'sums.persons[1][0]:'), ({'sums': {'persons': [3, [1], [2]]}}, 'sums.persons:'),
             ({'sums': {'persons': 3}}, 'sums.persons:'), ({'sums': {'persons': [most, [most, most]]}}, 'sums.persons[0]:'),
             ({'percentages': {}}, 'percentages:'), ({'percentages': [change(1, 2, 500000), 5]}, 'percentages[1]:'),
             ({'percentages': [{**change(1, 2, 500000), 'base': 7}]}, 'percentages[0].base:'), ({'percentages': [change(1, -2, 500000)]}, 'percentages[0].of_old:'),
             ({'percentages': [{'what': 'facts'}]}, 'percentages[0].count:'), ({'percentages': [{**change(1, 2, 500000), 'decimals': 9}]}, 'percentages[0].decimals:'),
             ({'percentages': [change(1, 2, 500000)] * 201}, 'percentages:'), ({'from': '2021-10-01'}, 'to:'))
    for more, place in wrong:
        status, answer = send(report(**more))
        assert status in (400, 422) and (answer['detail'].startswith(place) or any(e['path'].startswith(place[:-1]) for e in answer['errors'])), (more, status, answer)


def change(count, of_old, ppm, **more):
    return {'what': 'facts', 'count': count, 'of_old': of_old, 'of_new': of_old + count, 'published_ppm': ppm, **more}


def percentage(count, of_old, ppm, **more):
    gap, = gaps_of(percentages=[change(count, of_old, ppm, **more)])
    return gap


def test_a_percentage_is_as_exact_as_it_was_printed():
    assert not percentage(1275, 10000, 130000)['open'], '13 % printed for 12.75 %'
    assert percentage(1275, 10000, 130000, decimals=1)['open'], '13.0 % printed for 12.75 %'
    assert not percentage(1275, 10000, 127500)['open'] and not percentage(1275, 10000, 128000)['open']
    assert percentage(1275, 10000, 129000)['open'] and percentage(1275, 10000, 120000)['open']
    assert not percentage(-1275, 10000, -130000)['open']
    of_new = percentage(535, 3660, 128000)
    assert of_new['open'] and of_new['reason'] == 'percentage.new_base', of_new


def test_of_nothing_there_is_no_percentage():
    gap = percentage(5, 0, 0)
    assert gap['open'] and gap['sum'] is None and gap['gap'] is None and gap['reason'] == 'percentage.no_base', gap
    assert 'nothing to take it of' in gap['words'], gap
    said = centre.tamga('report', '--from', '2021-01-01', '--to', '2021-09-30', '--language', 'en')
    line, = (line for line in said.splitlines() if 'nothing to take a share of' in line)
    assert '—' in line and '9223372036854775808' not in said, line


def test_seventy_percentages_are_all_held_against_their_values():
    gaps = gaps_of(percentages=[change(1, 10, 100000)] * 69 + [change(1, 10, 200000)])
    assert len(gaps) == 70 and [g['open'] for g in gaps].count(True) == 1 and gaps[69]['open']


def test_a_negative_share_is_written_as_one():
    words = percentage(-1275, 10000, -130000, decimals=1)['words']
    assert '-12.75 %' in words and '.-' not in words, words


def test_the_registry_says_the_same_or_how_much_more():
    gaps = {g['about']: g for g in gaps_of(total_mg=1000, lines={'heroin': 900}, counts={'facts': 3, 'age.18-25': 1, 'IR': 0})}
    assert gaps['published total']['code'] in ('own_total', 'published_lines')
    assert gaps['facts']['words'] == 'facts: 3 was published, and the registry counts 1: 2 less', gaps['facts']
    assert gaps['heroin']['words'] == 'heroin: 0.9 g was published, and the registry counts 1 g: 0.1 g more', gaps['heroin']
    assert not gaps['age.18-25']['open'] and not gaps['IR']['open']
    assert not any('in its parts' in g['words'] for g in gaps.values() if g['code'].startswith('own_'))


def kept(code=None, role='auditor'):
    status, _, body = sessions[role].request('GET', '/api/report/published' + (f'?code={code}' if code else ''))
    assert status == 200, body
    return body['items']


def test_only_its_keeper_or_a_chief_replaces_a_kept_report():
    first = report(total_mg=1)
    assert send(first)[0] == 201 and send(first, 'investigator')[0] == 201, 'the same again changes nothing'
    for role in ('auditor', 'investigator'):
        status, answer = send({**first, 'total_mg': 9, 'title': 'forged'}, role)
        assert status == 403 and 'another account' in answer['detail'], answer
    assert [k['figures'] for k in kept(first['code'])] == [first]
    second, third = {**first, 'total_mg': 2}, {**first, 'total_mg': 3}
    assert send(second)[0] == 201 and send(third, 'chief')[0] == 201
    list_of = kept(first['code'])
    assert [k['figures'] for k in list_of] == [third, second, first], 'what was replaced is still read'
    assert [k['replaced'] is None for k in list_of] == [True, False, False] and len({k['by'] for k in list_of}) == 2, list_of
    assert send({**first, 'total_mg': 4})[0] == 403, 'it is the chief\'s now'
    every = kept()
    assert {first['code']} < {k['code'] for k in every} and not any('figures' in k for k in every)
    assert sessions['team'].request('GET', '/api/report/published')[0] == 403
    db = sqlite3.connect(centre.home / 'centre.db')
    leaves = [json.loads(e) for (e,) in db.execute('SELECT entry FROM log_leaf ORDER BY seq')]
    db.close()
    told = [leaf.get('replaced') for leaf in leaves if leaf['action'] == 'report.published_kept' and leaf['code'] == first['code']]
    assert told == [None, True, True], told
    assert any(leaf['action'] == 'access.refused' for leaf in leaves), 'the refusals are in the log'


def test_a_report_kept_before_this_was_written_down_is_a_chiefs():
    old = json.loads((SOURCE / 'tests/golden/interview-2021-09.json').read_text())
    served()
    db = sqlite3.connect(centre.home / 'centre.db', timeout=30)
    db.execute('INSERT INTO published_report (code, title, from_day, to_day, source, figures) VALUES (?, ?, 0, 1, ?, ?)',
               (old['code'], old['title'], old['source'], json.dumps(old)))
    db.commit()
    db.close()
    assert kept(old['code'])[0]['by'] is None and send({**old, 'total_mg': 1})[0] == 403
    assert send({**old, 'total_mg': 1}, 'chief')[0] == 201 and len(kept(old['code'])) == 2


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
