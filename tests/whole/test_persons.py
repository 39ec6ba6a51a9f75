"""Persons of a case as those meet them who lead it: corrected, moved on, withdrawn, asked about where one stands there
already; what was stays, and nobody is named but to who states a purpose."""
import json
import re

import harness
import tap
from harness import Centre

DRIVER = {'name': 'Driver Of The Test', 'role': 'driver', 'sex': 'm', 'birth_year': 1984, 'citizenship': 'TR'}
SURE = {'confirmed': True, 'confirm_note': 'father and son'}
centre, people, told = None, {}, {}


def start():
    global centre
    if centre is None:
        centre = Centre()
        centre.serve()
        for name in ('chief', 'investigator', 'auditor', 'statistician'):
            people[name] = centre.sign_in(name)
        told['case'] = post('/api/cases', {'title': 'a case with persons'})['id']


def ask(who, method, path, body=None, expect=200):
    status, _, content = people[who].request(method, path, body)
    assert status == expect, (who, method, path, status, content)
    return content


def post(path, body, expect=201):
    return ask('investigator', 'POST', path, body, expect)


def persons(case=None):
    return ask('investigator', 'GET', f'/api/cases/{case or told["case"]}/suspects?purpose=a%20test%20of%20persons')


def enter(expect=201, **more):
    return post(f'/api/cases/{told["case"]}/suspects', {**DRIVER, **more}, expect)


def change(person, body, expect=201):
    return post(f'/api/suspects/{person}/changes', body, expect)


def counted():
    return ask('statistician', 'GET', '/api/report?from=2020-01-01&to=2199-12-31')['figures']['persons']


def test_a_slip_is_corrected_and_what_was_stays_with_the_reason():
    start()
    told['driver'] = enter()['items'][0]['id']
    change(told['driver'], {'citizenship': 'IR'}, 422)
    change(told['driver'], {'citizenship': 'IR', 'reason': '...'}, 422)
    change(told['driver'], {'citizenship': 'TR', 'reason': 'nothing differs'}, 422)
    now = change(told['driver'], {'citizenship': 'IR', 'birth_year': 1985, 'reason': 'the passport says so'})['items'][0]
    assert (now['citizenship'], now['birth_year'], now['name']) == ('IR', 1985, DRIVER['name']), now
    past = persons()['items'][0]['past']
    assert [(p['kind'], p['reason'], p['was']) for p in past] == [
        ('corrected', 'the passport says so', {'birth_year': 1984, 'citizenship': 'TR'})], past


def test_the_proceedings_move_on_along_the_list_of_the_office():
    start()
    change(told['driver'], {'status': 'guilty', 'reason': 'not in the list'}, 422)
    now = change(told['driver'], {'status': 'accused', 'reason': 'charged by the prosecutor'})['items'][0]
    assert now['status'] == 'accused' and now['past'][-1]['kind'] == 'status' and now['past'][-1]['was'] == {'status': 'suspect'}, now


def test_another_role_needs_words():
    start()
    enter(422, name='Somebody Else', role='other')
    made = enter(name='Somebody Else', role='other', role_words='guard of the yard')['items'][0]
    assert made['role_words'] == 'guard of the yard', made
    change(made['id'], {'withdrawn': True, 'reason': 'entered for a test'})


def test_one_of_the_same_name_and_year_is_asked_about():
    start()
    for like in ({'birth_year': 1985}, {'name': ' driver of the TEST ', 'birth_year': 1985}):
        refused = enter(409, **like)
        assert refused['code'] == 'confirm' and list(refused['params']) == ['same_person'], refused
    before = len(persons()['items'])
    other = enter(birth_year=1950)['items'][0]['id']
    assert change(other, {'birth_year': 1985, 'reason': 'a slip'}, 409)['code'] == 'confirm'
    change(other, {'birth_year': 1985, 'reason': 'a slip', **SURE})
    assert len(persons()['items']) == before + 1
    told['second'] = other


def test_who_is_withdrawn_is_kept_but_counted_nowhere():
    start()
    case = ask('investigator', 'GET', f'/api/cases/{told["case"]}')
    figures = counted()
    listed = len(persons()['items'])
    change(told['second'], {'withdrawn': True, 'name': 'Nobody', 'reason': 'two things at once'}, 422)
    gone = change(told['second'], {'withdrawn': True, 'reason': 'another person'})['items'][0]
    assert 'withdrawn' in gone and gone['past'][-1]['kind'] == 'withdrawn', gone
    change(told['second'], {'status': 'accused', 'reason': 'he is out of it'}, 409)
    assert len(persons()['items']) == listed
    assert ask('investigator', 'GET', f'/api/cases/{told["case"]}')['suspects'] == case['suspects'] - 1
    after = counted()
    assert after['total'] == figures['total'] - 1 and after['men'] == figures['men'] - 1, (figures, after)
    assert sum(c['count'] for c in after['ages']) == after['total'], after
    change(told['second'], {'withdrawn': False, 'reason': 'he is the one'}, 409)
    change(told['second'], {'withdrawn': False, 'reason': 'he is the one', **SURE})
    assert counted() == figures


def test_a_period_to_compare_with_has_both_its_days():
    start()
    path = '/api/report?from=2020-01-01&to=2020-12-31'
    for alone in ('compare_from=2019-01-01', 'compare_to=2019-12-31'):
        assert 'both days' in ask('statistician', 'GET', f'{path}&{alone}', None, 422)['detail']
    ask('statistician', 'GET', f'{path}&compare_from=2019-01-01&compare_to=2019-12-31')


def test_groups_are_named_with_the_persons_alone():
    start()
    made = post(f'/api/cases/{told["case"]}/changes', {'group': 'a group with a telling name'})
    assert made['groups'] == 1 and 'telling name' not in json.dumps(made)
    assert 'telling name' not in json.dumps(ask('investigator', 'GET', f'/api/cases/{told["case"]}'))
    groups = persons()['groups']
    assert [g['name'] for g in groups] == ['a group with a telling name']
    change(told['driver'], {'group': groups[0]['id'], 'reason': 'he drove for them'})


def test_the_log_and_the_timeline_say_that_something_changed_never_who():
    start()
    entries = ask('auditor', 'GET', '/api/log?from=0&most=1000')
    size = entries['size']
    text = json.dumps(ask('auditor', 'GET', f'/api/log?from={max(0, size - 900)}&most=1000'))
    assert 'suspect.changed' in text and 'the passport says so' in text and 'same_person' in text
    assert not re.search('driver of the test|telling name', text, re.I)
    timeline = ask('investigator', 'GET', f'/api/cases/{told["case"]}')['timeline']
    said = [e['words'] for e in timeline if e['kind'] == 'suspect_changed']
    assert {'corrected', 'status', 'withdrawn', 'restored'} == set(said), said


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
