"""Workflows are data: an office that changes a file of config/workflows and starts the centre again works by it, and a
file that the program cannot work with keeps the centre from starting, with the reason."""
import contextlib
import os
import pathlib
import re
import shutil
import tempfile

import schema
import tap
from harness import SOURCE, Centre, forget_made

TRUCK = {'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T05:30:00+04:00', 'regime': 'import',
         'consignor': {'code': 'IR-7', 'name': 'Fruit exports', 'country': 'IR'},
         'consignee': {'code': 'AZ-7', 'name': 'Fruit trade', 'country': 'AZ'}, 'departure': 'IR', 'destination': 'AZ',
         'vehicle': '11A00007', 'currency': 'USD', 'value': 9200, 'gross_kg': 22400,
         'items': [{'item_no': 1, 'hs': '080711', 'description': 'fresh watermelons', 'origin': 'IR', 'gross_kg': 22400,
                    'value': 9200}]}


@contextlib.contextmanager
def office(change):
    """A centre whose office has changed its workflows: change(folder) edits the files."""
    share = pathlib.Path(tempfile.mkdtemp(prefix='tamga-test-')) / 'config'
    shutil.copytree(SOURCE / 'config', share)
    change(share / 'workflows')
    centre = Centre()
    os.environ['TAMGA_SHARE'] = str(share)
    try:
        yield centre
    finally:
        os.environ.pop('TAMGA_SHARE')
        centre.close()
        shutil.rmtree(share.parent, ignore_errors=True)


def edit(name, old, new):
    def change(folder):
        text = (folder / name).read_text()
        edited = re.sub(old, new, text, count=1, flags=re.S)
        assert edited != text, (name, old)
        (folder / name).write_text(edited)
    return change


def refusal(centre):
    try:
        centre.serve()
    except RuntimeError as why:
        return str(why)
    raise AssertionError('the centre started')


def post(who, path, body, expect=201):
    status, headers, content = who.request('POST', path, body)
    assert status == expect, (status, content)
    if expect >= 400:
        schema.problem(status, headers, content)
    return content


def orders(who, consignment):
    return [r for r in who.request('GET', '/api/board?most=500')[2]['items'] if r['consignment'] == consignment]


def lodge(people, ref):
    place = people['team'].request('GET', '/api/session')[2]['posts'][0]
    return post(people['analyst'], '/api/declarations', {**TRUCK, 'ref': ref, 'post': place})['records'][0]['consignment']


def test_an_office_may_ask_a_second_person_for_each_target():
    with office(edit('target.ini', r'\[arrow take\].*?(?=\[arrow)', '')) as centre:
        centre.serve()
        people = {name: centre.sign_in(name) for name in ('analyst', 'chief', 'team')}
        consignment = lodge(people, '26AZ-TWO-1')
        inspect = {'action': 'inspect', 'means': ['dog'], 'reason': 'the route is new'}
        post(people['analyst'], f'/api/consignments/{consignment}/decisions', inspect)
        assert orders(people['chief'], consignment) == [], 'proposed, not ordered'
        assert people['chief'].request('GET', f'/api/consignments/{consignment}')[2]['selection']['state'] == 'escalated'
        own = post(people['analyst'], f'/api/consignments/{consignment}/decisions', inspect, 403)
        assert own['code'] in ('flow.role', 'flow.four_eyes'), own
        post(people['chief'], f'/api/consignments/{consignment}/decisions', inspect)
        assert [r['flow']['state'] for r in orders(people['chief'], consignment)] == ['issued']


def test_a_chief_does_not_approve_an_own_proposal():
    with office(edit('target.ini', r'\[arrow take\].*?(?=\[arrow)', '')) as centre:
        centre.serve()
        people = {name: centre.sign_in(name) for name in ('analyst', 'chief', 'team')}
        consignment = lodge(people, '26AZ-TWO-2')
        inspect = {'action': 'inspect', 'means': ['dog'], 'reason': 'the route is new'}
        post(people['chief'], f'/api/consignments/{consignment}/decisions', inspect)
        assert post(people['chief'], f'/api/consignments/{consignment}/decisions', inspect, 403)['code'] == 'flow.four_eyes'
        post(people['analyst'], f'/api/consignments/{consignment}/decisions', {'action': 'wait', 'reason': 'papers first'})
        post(people['chief'], f'/api/consignments/{consignment}/decisions', inspect)
        assert orders(people['chief'], consignment) == [], 'the first proposal was given up: this is another'


def test_a_changed_deadline_holds():
    with office(edit('order.ini', 'deadline = 30 min\n', 'deadline = 3 d\n')) as centre:
        centre.serve()
        people = {name: centre.sign_in(name) for name in ('analyst', 'chief', 'team')}
        consignment = lodge(people, '26AZ-LATE-1')
        post(people['chief'], f'/api/consignments/{consignment}/decisions', {'action': 'inspect', 'means': ['dog'], 'reason': 'a look'})
        left = orders(people['chief'], consignment)[0]['minutes_left']
        assert 3 * 24 * 60 - 5 <= left <= 3 * 24 * 60, left


def test_a_step_may_be_added():
    added = ('[state waiting_for_dog]\nwords.en = waiting for the dog\nwords.az = iti gözləyir\nwords.ru = ждёт собаку\n\n'
             '[arrow call_dog]\nwords.en = call the dog\nwords.az = iti çağır\nwords.ru = вызвать собаку\nfrom = accepted\n'
             'to = waiting_for_dog\nroles = team chief\nguard = at_post\n\n'
             '[arrow dog_is_here]\nwords.en = the dog is here\nwords.az = it gəldi\nwords.ru = собака прибыла\n'
             'from = waiting_for_dog\nto = accepted\nroles = team chief\n\n[arrow start]')
    with office(edit('order.ini', r'\[arrow start\]', added)) as centre:
        centre.serve()
        people = {name: centre.sign_in(name) for name in ('analyst', 'chief', 'team')}
        consignment = lodge(people, '26AZ-DOG-1')
        post(people['chief'], f'/api/consignments/{consignment}/decisions', {'action': 'inspect', 'means': ['dog'], 'reason': 'a look'})
        order = orders(people['chief'], consignment)[0]['id']
        for arrow, state in (('accept', 'accepted'), ('call_dog', 'waiting_for_dog'), ('dog_is_here', 'accepted')):
            assert post(people['team'], f'/api/orders/{order}/moves', {'arrow': arrow})['flow']['state'] == state


def test_what_the_program_cannot_work_with_is_refused_at_start():
    cases = [(edit('order.ini', r'\[arrow inspect_again\].*?(?=\[arrow)', ''), 'order.ini: the arrow inspect_again is missing'),
             (lambda folder: (folder / 'case.ini').unlink(), 'no file describes the workflow of the kind case'),
             (edit('case.ini', 'kind = case', 'kind = casse'), 'casse'),
             (edit('order.ini', 'guard = has_result nothing_seized', 'guard = tasks_done nothing_seized'),
              'tasks_done has a meaning for the kind case alone'),
             (edit('order.ini', r'\[arrow withdraw\]', '[arrow confirm]\nfour_eyes = no\n\n[arrow withdraw]'), 'confirm'),
             (edit('order.ini', 'roles = team chief', 'roles = team boss'), 'there is no role "boss"'),
             (edit('order.ini', 'deadline = 30 min', 'deadline = half an hour'), 'expected a length of time')]
    for change, words in cases:
        with office(change) as centre:
            said = refusal(centre)
            assert words in said, (words, said)


def cleanup():
    forget_made()


if __name__ == '__main__':
    tap.main()
