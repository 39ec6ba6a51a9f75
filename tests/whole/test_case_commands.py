"""Orders, cases, staff and results at the command line: every verb, what each says when it is wrong, help, exit codes."""
import json
import re

import tap
from harness import Centre, CommandFailed, forget_made

centre, told = None, {}
PASSWORD = 'a long password of the tests\n'


def start():
    global centre
    if centre:
        return
    centre = Centre()
    for name, role in (('hand', 'team'), ('second-chief', 'chief'), ('sleuth', 'investigator'), ('clerk', 'statistician')):
        centre.tamga('account', 'add', name, '--role', role, '--display', name, stdin=PASSWORD)


def tamga(*args):
    start()
    return centre.tamga(*args)


def as_of(name, *args):
    start()
    return centre.tamga(*args, '--as', name, stdin=PASSWORD)


def refused(code, words, call, *args):
    try:
        call(*args)
    except CommandFailed as e:
        assert e.code == code and words in e.err, (args, e.code, e.err)
        return e.err
    raise AssertionError(f'{args} was accepted')


def last_leaf(action):
    leaves = [json.loads(line) for line in tamga('log', 'show', '--most', '40').splitlines()]
    return next(leaf for leaf in reversed(leaves) if leaf['action'] == action)


def issue():
    """An order for the next of the queue that comes today."""
    for line in tamga('queue', '--json', '--most', '60').splitlines():
        row = json.loads(line)
        if row['state'] == 'open':
            break
    tamga('decide', row['ref'], 'inspect', '--means', 'xray+dog', '--reason', 'density of the load')
    listed = next(line for line in tamga('order', 'list').splitlines() if row['ref'] in line)
    return row['ref'], listed.split()[0]


def test_help_names_every_verb_and_option():
    for command, words in (('order', ('list', 'show', 'move', 'step', '--as', '--post', '--note', '--reading', '--minutes', '--key', '--confirm')),
                           ('case', ('list', 'show', 'open', 'move', '--purpose', '--compartment')),
                           ('staff', ('list', 'teams', 'team', 'rota', 'shift', 'withdraw', '--post', '--members', '--id', '--end')),
                           ('result', ('CONSIGNMENT', '--means', '--seized', '--key', '--confirm')),
                           ('workflow', ('check', 'show'))):
        text = tamga(command, '--help')
        assert text.startswith(f'Usage: tamga {command} ') and all(w in text for w in words), text


def test_orders_are_listed_shown_and_only_of_a_post():
    told['ref'], told['order'] = issue()
    whole = tamga('order', 'list')
    assert re.search(rf'^{told["order"]} +O-2026-\d+ +issued +{told["ref"]} +0 of 2 steps +due 2026-09-', whole, re.M), whole
    posts = {json.loads(x)['post'] for x in tamga('queue', '--json', '--all', '--most', '50').splitlines()}
    assert len(tamga('order', 'list', '--post', sorted(posts)[0])) <= len(whole)
    text = tamga('order', 'show', told['order'])
    assert '1. xray: planned' in text and '2. dog: planned' in text and 'may accept' in text and 'may not confirm' not in text, text
    assert last_leaf('order.read')['object'] == f'order:{told["order"]}'
    refused(3, 'NOWHERE', tamga, 'order', 'list', '--post', 'NOWHERE')
    refused(3, 'no inspection order', tamga, 'order', 'show', '99999')
    refused(2, 'is not the number', tamga, 'order', 'show', 'five')


def test_an_order_is_moved_once_however_often_it_is_said():
    for _ in range(2):
        assert 'accepted' in tamga('order', 'move', told['order'], 'accept', '--key', 'accept-it-1').splitlines()[0]
    refused(5, 'something else was sent', tamga, 'order', 'move', told['order'], 'start', '--key', 'accept-it-1')
    refused(3, 'knows no "fly"', tamga, 'order', 'move', told['order'], 'fly')
    refused(2, 'client_key', tamga, 'order', 'move', told['order'], 'start', '--key', 'short')
    refused(5, 'cannot be moved', tamga, 'order', 'move', told['order'], 'accept')


def test_a_step_is_entered_once_under_its_key():
    for _ in range(2):
        text = tamga('order', 'step', told['order'], 'dog', 'suspect', '--reading', 'left axle', '--key', 'dog-step-1')
        assert text.count('dog: suspect, left axle') == 1 and 'dog again' not in text, text
    refused(5, 'another step was sent', tamga, 'order', 'step', told['order'], 'dog', 'none', '--key', 'dog-step-1')
    refused(5, 'the step took 13 hours', tamga, 'order', 'step', told['order'], 'xray', 'none', '--minutes', '800')
    text = tamga('order', 'step', told['order'], 'xray', 'none', '--minutes', '800', '--confirm', 'the lane stood still at night')
    assert 'xray: none' in text, text
    assert last_leaf('entry.confirmed')['unlikely'] == {'long_step': ['13', '12']}
    refused(2, 'expected a means', tamga, 'order', 'step', told['order'], 'nose', 'none')
    refused(2, 'why the step was not possible', tamga, 'order', 'step', told['order'], 'scale', 'not_possible')
    refused(2, '--minutes', tamga, 'order', 'step', told['order'], 'dog', 'none', '--minutes', 'ten')


def test_a_result_is_entered_once_under_its_key():
    call = ('result', told['ref'], 'drugs', '--means', 'dog', '--seized', 'heroin:2kg', '--key', 'result-key-1', '--confirm', 'it came early')
    first, again = tamga(*call), tamga(*call)
    assert first == again and first.startswith('consignment '), (first, again)
    refused(5, 'something else was sent', tamga, *call, '--minutes', '7')
    refused(5, 'closed by a control result', tamga, 'result', told['ref'], 'none')
    refused(2, 'is none of none, document', tamga, 'result', told['ref'], 'gold')
    refused(3, 'NO-SUCH', tamga, 'result', 'NO-SUCH', 'none')
    refused(2, 'neither a mass', tamga, 'result', told['ref'], 'drugs', '--seized', 'heroin:much')
    assert 'seized' in as_of('second-chief', 'order', 'move', told['order'], 'confirm_seizure').splitlines()[0]


def test_what_an_account_may_not_is_refused_and_written_down():
    _, order = issue()
    refused(4, 'order.read', as_of, 'clerk', 'order', 'show', order)
    assert last_leaf('access.refused')['object'] == f'order:{order}'
    refused(4, 'consignment.decide', as_of, 'hand', 'order', 'move', order, 'withdraw', '--note', 'not mine')
    refused(2, 'note', tamga, 'order', 'move', order, 'withdraw')


def test_cases_are_opened_listed_shown_and_moved():
    text = as_of('sleuth', 'case', 'open', 'Two trucks of one carrier')
    told['case'] = text.split()[0]
    assert re.match(rf'{told["case"]} +C-2026-\d+ +open +Two trucks of one carrier', text), text
    assert text.split()[1] in as_of('sleuth', 'case', 'list', '--purpose', 'morning round')
    assert last_leaf('case.read')['purpose'] == 'morning round'
    shown = as_of('sleuth', 'case', 'show', told['case'])
    assert 'Two trucks of one carrier' in shown.splitlines()[0] and 'case:' in shown, shown
    assert 'investigation' in as_of('sleuth', 'case', 'move', told['case'], 'investigate')
    refused(5, 'cannot be moved by', as_of, 'sleuth', 'case', 'move', told['case'], 'close')
    refused(3, 'knows no', as_of, 'sleuth', 'case', 'move', told['case'], 'burn')
    refused(3, 'no case of the number', as_of, 'sleuth', 'case', 'show', 'first')
    refused(3, 'no case', as_of, 'sleuth', 'case', 'show', '99999')
    refused(2, 'expected `tamga case list`', tamga, 'case', 'dance')
    refused(4, 'case.read', as_of, 'clerk', 'case', 'list')


def test_a_compartment_stays_shut_to_whom_the_case_does_not_name():
    shut = as_of('sleuth', 'case', 'open', 'An inside matter', '--compartment', 'inside').split()[0]
    assert 'need-to-know' in as_of('sleuth', 'case', 'show', shut)
    refused(4, 'need-to-know', as_of, 'second-chief', 'case', 'show', shut)
    assert 'An inside matter' not in as_of('second-chief', 'case', 'list')
    assert last_leaf('access.refused')['object'] == f'case:{shut}'


def first_words(lines):
    return [line.split()[0] for line in lines.splitlines()]


def test_staff_teams_and_their_rota():
    listed = tamga('staff', 'list')
    dog = next(line for line in listed.splitlines() if ', dog ' in line)
    assert re.search(r', dog K9-\d\d works 40 min and rests 60 min', dog), dog
    made = tamga('staff', 'team', 'Night', '--post', 'AZAST001', '--members', '1,3')
    team = next(line for line in made.splitlines() if line.endswith(' Night: 1 3')).split()[0]
    made = tamga('staff', 'team', 'Night', '--post', 'AZAST001', '--members', '3,4', '--id', team)
    assert any(re.fullmatch(rf'{team} .* Night: 3 4', line) for line in made.splitlines()), made
    planned = tamga('staff', 'shift', team, '2026-09-16T20:00', '2026-09-17T08:00')
    found = re.search(rf'^(\d+) +team {team} +2026-09-16 20:00 to 2026-09-17 08:00$', planned, re.M)
    assert found, planned
    shift = found.group(1)
    refused(5, 'a shift in this time already', tamga, 'staff', 'shift', team, '2026-09-17T07:00', '2026-09-17T12:00')
    refused(2, 'within 24 hours', tamga, 'staff', 'shift', team, '2026-09-18T07:00', '2026-09-20T12:00')
    refused(2, 'over already', tamga, 'staff', 'shift', team, '2026-09-10T07:00', '2026-09-10T12:00')
    refused(3, 'there is no team 77', tamga, 'staff', 'shift', '77', '2026-09-18T07:00', '2026-09-18T12:00')
    refused(3, 'no officer 999', tamga, 'staff', 'team', 'Day', '--post', 'AZAST001', '--members', '999')
    refused(2, '--post', tamga, 'staff', 'team', 'Day')
    refused(2, '--members', tamga, 'staff', 'team', 'Day', '--post', 'AZAST001', '--members', 'all')
    left = tamga('staff', 'withdraw', shift)
    assert left == tamga('staff', 'rota') and shift not in first_words(left), left
    refused(3, 'there is no shift', tamga, 'staff', 'withdraw', shift)
    assert last_leaf('rota.withdrawn')['team'] == int(team)
    left = tamga('staff', 'team', 'Night', '--post', 'AZAST001', '--id', team, '--end')
    assert left == tamga('staff', 'teams') and team not in first_words(left), left
    refused(2, 'expected `tamga staff list`', tamga, 'staff', 'dance')
    refused(4, 'staff.set', as_of, 'hand', 'staff', 'team', 'Mine', '--post', 'AZAST001')


def cleanup():
    if centre:
        centre.close()
    forget_made()


if __name__ == '__main__':
    tap.main()
