"""What was seized and where it is now: limits, laboratory, weighing, witnesses, and a chain that answers to the log."""
import harness
import schema
import tap
from harness import Centre

centre, people, told = None, {}, {}
HEROIN = {'substance': 'heroin', 'form': 'powder', 'mass_mg': 12_000_000}


def ask(who, method, path, body=None, expect=200):
    status, headers, content = people[who].request(method, path, body)
    assert status == expect, (who, method, path, status, content)
    if expect >= 400:
        schema.problem(status, headers, content)
    return content


def get(who, path, expect=200):
    return ask(who, 'GET', path, None, expect)


def post(who, path, body=None, expect=201):
    return ask(who, 'POST', path, body, expect)


def start():
    global centre
    if centre:
        return
    centre = Centre()
    for name, role in (('second-custodian', 'custodian'), ('second-team', 'team')):
        password = f'a long password of {name}'
        centre.tamga('account', 'add', name, '--role', role, '--display', f'{role} {name}', stdin=password + '\n')
        centre.accounts[name] = password
    serve()
    told['post'] = get('team', '/api/session')['posts'][0]


def serve():
    centre.serve()
    for name in centre.accounts:
        people[name] = centre.sign_in(name)


def seizure(lines=None, **more):
    return {'seized': '2026-09-16T06:00:00+04:00', 'post': told['post'], 'place_kind': 'road', 'direction': 'transit',
            'unit': 'the team on shift', 'trigger': 'routine', 'concealment': 'cab', 'lines': lines or [HEROIN], **more}


def record(who='team', **more):
    return post(who, '/api/seizures', seizure(**more))


def leaves(action, about=None):
    found, at, size = [], 0, 1
    while at < size:
        page = get('auditor', f'/api/log?from={at}&most=1000')
        size, at = page['size'], at + len(page['items'])
        found += [one for one in page['items'] if one['action'] == action and about in (None, one['object'])]
    return found


def test_no_line_holds_more_than_a_ship_and_more_than_a_lorry_is_asked_about():
    start()
    for line, field in (({'mass_mg': 10**13 + 1}, 'mass_mg'), ({'volume_ul': 10**13 + 1}, 'volume_ul'),
                        ({'count': 10**9 + 1, 'count_kind': 'tablet'}, 'count')):
        refused = post('team', '/api/seizures', seizure([{'substance': 'opium', 'form': 'resin', **line}]), 422)
        assert field in refused['detail'], refused
    assert 'value_minor' in post('team', '/api/seizures', seizure(value_minor=10**14 + 1, value_currency='AZN'), 422)['detail']
    ship = [{'substance': 'opium', 'form': 'resin', 'mass_mg': 10**13}]
    asked = post('team', '/api/seizures', seizure(ship), 409)
    assert asked['code'] == 'confirm' and asked['params']['over_vehicle'] == '10000000;44000', asked
    post('team', '/api/seizures', seizure(ship, confirmed=True), 422)
    kept = post('team', '/api/seizures', seizure(ship, seized='2025-08-10T05:00:00Z', confirmed=True, confirm_note='a ship'))
    leaf = leaves('entry.confirmed', f'seizure:{kept["id"]}')
    assert leaf[0]['note'] == 'a ship' and leaf[0]['entry'] == 'seizure' and 'over_vehicle' in leaf[0]['unlikely']
    line = {'substance': 'opium', 'form': 'resin', 'mass_mg': 9 * 10**12, 'stage': 'seized', 'words': 'weighed again'}
    assert post('team', f'/api/lines/{kept["lines"][0]["id"]}/confirmations', line, 409)['code'] == 'confirm'


def test_the_largest_masses_there_may_be_still_add_up():
    start()
    lines = [{'substance': 'opium', 'form': 'resin', 'mass_mg': 10**13}] * 100
    for _ in range(3):
        record(lines=lines, seized='2025-07-10T05:00:00Z', confirmed=True, confirm_note='a test of sums')
    report = get('statistician', '/api/report?from=2025-07-01&to=2025-07-31')
    assert report['figures']['total']['mass_mg'] == 3 * 10**15, report['figures']['total']


def test_a_form_that_is_sent_twice_is_one_record():
    start()
    form = seizure(client_key='seizure-key-1')
    first, again = post('team', '/api/seizures', form), post('team', '/api/seizures', form)
    assert first['id'] == again['id']
    assert post('team', '/api/seizures', {**form, 'packages': 3}, 409)['code'] == 'sent.differs'
    bag = {'line': first['lines'][0]['id'], 'words': '303 packages', 'from': 'team', 'to': 'store', 'place': 'the post',
           'purpose': 'sealing', 'seal_new': 'KEY-1', 'client_key': 'exhibit-key-1'}
    made, twice = post('team', '/api/exhibits', bag), post('team', '/api/exhibits', bag)
    assert made['id'] == twice['id'] and len(twice['custody']) == 1
    case = post('investigator', '/api/cases', {'title': 'sent twice'})
    person = {'name': 'sent twice', 'role': 'driver', 'sex': 'm', 'citizenship': 'TR', 'client_key': 'suspect-key-1'}
    for _ in range(2):
        persons = post('investigator', f'/api/cases/{case["id"]}/suspects', person)['items']
    assert len(persons) == 1


def test_a_failing_store_tells_no_path():
    with Centre() as other:
        other.serve()
        team = other.sign_in('team')
        harness.damage(other, 'DROP TABLE seizure_instrument')
        status, headers, problem = team.request('GET', '/api/seizures')
        assert status == 503, (status, problem)
        schema.problem(status, headers, problem)
        assert str(other.home) not in str(problem) and problem['request_id'] in problem['detail'], problem
        log = (other.folder / 'serve.log').read_text()
        assert problem['request_id'] in log and 'seizure_instrument' in log


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
