"""A rule's way as its users go it: an analyst writes and tests it, a chief makes it live, and the next consignment that
matches carries its words; who may not is refused, and every step stands in the log."""
import json
import re

import harness
import schema
import tap
from harness import Centre, CommandFailed

centre, people, described = None, {}, {}

TEXT = '''rule "TEST-KIWI" version 1 {
  title   "Kiwifruit, of all things"
  owner   desk:test
  basis   "Customs Code"
  expires 2027-06-30
  when    hs under 081050
  then    lane yellow 100%  weight +3 dB  offence fraud  check documents
  why     "{description} under {hs}"
  test    { hs 081050 } => hit
}
'''
NOTE = 'purpose: a test; data: the commodity code; effect: documents are asked for'


def ask(who, method, path, body=None, status=None):
    """An answer with this status, checked against the description of its route."""
    got, headers, content = people[who].request(method, path, body)
    assert got == (status or 200), (who, method, path, got, content)
    if got >= 400:
        schema.problem(got, headers, content)
        return content
    plain = path.partition('?')[0]
    fitting = [r for r in described.values()
               if r['method'] == method and re.fullmatch(re.sub(r'\{\w+\}', '[^/]+', r['path']), plain)]
    schema.check(min(fitting, key=lambda r: r['path'].count('{'))['response'], content)
    return content


def leaves(action):
    size = ask('auditor', 'GET', '/api/log?most=1')['size']
    found, start = [], 0
    while start < size:
        page = ask('auditor', 'GET', f'/api/log?from={start}&most=1000')['items']
        found += [leaf for leaf in page if leaf['action'] == action]
        start += len(page)
    return found


def step(who, name, version, what, note=NOTE, status=201):
    return ask(who, 'POST', f'/api/rules/{name}/versions/{version}/steps', {'step': what, 'note': note}, status)


def lodge(ref, hs, description):
    entry = ask('chief', 'GET', '/api/queue?from=2026-01-01&to=2199-12-31&most=1')['items'][0]
    d = ask('chief', 'GET', f'/api/consignments/{entry["consignment"]}')['declaration']
    d = {k: v for k, v in d.items() if k != 'items'} | {'ref': ref, 'items': [dict(
        d['items'][0], item_no=1, hs=hs, description=description)]}
    return ask('analyst', 'POST', '/api/declarations', d, 201)['records'][0]['consignment']


def test_a_centre_is_served():
    global centre
    centre = Centre()
    centre.serve()
    described.update({r['name']: r for r in schema.routes()})
    for name in ('analyst', 'chief', 'auditor'):
        people[name] = centre.sign_in(name)


def test_checking_names_place_and_help():
    bad = TEXT.replace('hs under 081050\n', 'orgin = IR\n')
    content = ask('analyst', 'POST', '/api/rules/check', {'text': bad}, 200)
    fault = [f for f in content['faults'] if f['error']][0]
    assert (fault['line'], fault['kind']) == (6, 'name') and 'origin' in fault['help'], fault
    assert bad.splitlines()[5][fault['column'] - 1:][:fault['length']] == 'orgin', fault
    good = ask('analyst', 'POST', '/api/rules/check', {'text': TEXT}, 200)
    assert good['rules'][0]['facts']['lane'] == 'yellow' and good['formatted'].startswith('rule "TEST-KIWI"'), good
    again = ask('analyst', 'POST', '/api/rules/check', {'text': good['formatted']}, 200)
    assert again['rules'][0]['facts']['hash'] == good['rules'][0]['facts']['hash']


def test_no_rule_says_a_unit_twice():
    units = {f['name']: f['unit'] for f in ask('analyst', 'GET', '/api/rule-language')['fields']}
    said = 0
    for file in sorted((harness.SOURCE / 'config/rules').glob('*.rule')):
        for name, after in re.findall(r'\{([\w.]+)\} ?([\w%]*)', ' '.join(re.findall(r'^ *why +"(.*)"', file.read_text(), re.M))):
            said += 1
            assert not units.get(name) or after != units[name], f'{file.name}: {{{name}}} carries its unit: {after}'
    assert said > 20


def test_a_protected_attribute_is_refused_and_logged():
    before = len(leaves('rule.refused_protected'))
    bad = TEXT.replace('hs under 081050\n', 'driver.nationality = IR\n')
    content = ask('analyst', 'POST', '/api/rules', {'text': bad}, 422)
    assert content['errors'] and 'line 6' in content['errors'][0]['message'], content
    ask('analyst', 'POST', '/api/back-tests', {'text': bad}, 422)
    made = leaves('rule.refused_protected')
    assert len(made) == before + 2 and made[-1]['actor'] == 'analyst', made
    assert 'nationality' in json.dumps(made[-1]['words']), made[-1]


def test_trying_a_protected_word_in_the_lab_is_logged_once():
    before = len(leaves('rule.refused_protected'))
    bad = TEXT.replace('hs under 081050\n', 'driver.religion = IR\n')
    for text in (bad, bad + '# a remark\n', bad):
        assert any(f['kind'] == 'protected' for f in ask('analyst', 'POST', '/api/rules/check', {'text': text}, 200)['faults'])
    made = leaves('rule.refused_protected')
    assert len(made) == before + 1 and 'religion' in json.dumps(made[-1]['words']), made
    other = TEXT.replace('hs under 081050\n', 'driver.ethnicity = IR\n')
    ask('analyst', 'POST', '/api/rules/check', {'text': other}, 200)
    ask('chief', 'POST', '/api/rules/check', {'text': bad}, 200)
    assert len(leaves('rule.refused_protected')) == before + 3, 'another word and another account are new'


def test_the_way_of_a_rule():
    saved = ask('analyst', 'POST', '/api/rules', {'text': TEXT}, 201)
    assert saved['saved'] and saved['rule']['state'] == 'draft' and saved['rule']['version'] == 1, saved
    assert not ask('analyst', 'POST', '/api/rules', {'text': TEXT}, 201)['saved']
    refused = step('analyst', 'TEST-KIWI', 1, 'propose', status=409)
    assert 'back-test' in refused['detail'], refused
    report = ask('analyst', 'POST', '/api/back-tests', {'text': TEXT}, 201)
    assert report['declarations'] > 300 and report['hash'] == saved['rule']['hash'], report
    # A word behind # changes nothing of what was tested; another code does.
    assert ask('analyst', 'POST', '/api/rules', {'text': TEXT + '# a remark\n'}, 201)['rule']['back_test'] == report['id']
    assert ask('analyst', 'GET', '/api/rules/TEST-KIWI')['may'] == ['propose', 'shadow', 'withdraw']
    step('analyst', 'TEST-KIWI', 1, 'propose', note='short', status=422)
    step('analyst', 'TEST-KIWI', 1, 'propose')
    step('analyst', 'TEST-KIWI', 1, 'approve', status=403)
    assert step('chief', 'TEST-KIWI', 1, 'approve')['rule']['state'] == 'live'
    read = ask('auditor', 'GET', '/api/rules/TEST-KIWI')
    assert [s['to'] for s in read['steps']] == ['draft', 'proposed', 'live'] and read['rule']['approved_by'] == 'chief'
    assert NOTE in [s['note'] for s in read['steps']] and read['back_test']['id'] == report['id']
    for action, who in (('rule.saved', 'analyst'), ('rule.back_tested', 'analyst'), ('rule.proposed', 'analyst'),
                        ('rule.approved', 'chief')):
        assert any('TEST-KIWI' in leaf['object'] and leaf['actor'] == who for leaf in leaves(action)), action


def test_the_next_one_that_matches_carries_its_words():
    hit, miss = lodge('KIWI-1', '0810500000', 'Kiwifruit in trays'), lodge('KIWI-2', '0806100000', 'Table grapes')
    recent = ask('analyst', 'GET', '/api/rules/TEST-KIWI')['recent']
    assert [r['consignment'] for r in recent if r['ref'].startswith('KIWI')] == [hit], (recent, miss)
    assert 'Kiwifruit in trays' in recent[0]['words'], recent[0]
    assert ask('analyst', 'GET', '/api/rules/TEST-KIWI')['rule']['hits'] >= 1


def test_nobody_approves_what_he_wrote():
    own = TEXT.replace('TEST-KIWI', 'TEST-OWN')
    ask('chief', 'POST', '/api/rules', {'text': own}, 201)
    ask('chief', 'POST', '/api/back-tests', {'text': own}, 201)
    step('chief', 'TEST-OWN', 1, 'propose')
    refused = step('chief', 'TEST-OWN', 1, 'approve', status=403)
    assert 'second person' in refused['detail'], refused
    assert step('chief', 'TEST-OWN', 1, 'refuse', note='not needed after all')['rule']['state'] == 'draft'
    assert step('chief', 'TEST-OWN', 1, 'withdraw')['rule']['state'] == 'withdrawn'


def test_a_new_version_takes_the_place_of_the_old():
    text = TEXT.replace('081050', '081060')
    made = ask('analyst', 'POST', '/api/rules', {'text': text}, 201)
    assert made['rule']['version'] == 2 and made['rule']['back_test'] is None, made
    ask('analyst', 'POST', '/api/back-tests', {'text': text}, 201)
    step('analyst', 'TEST-KIWI', 2, 'propose')
    step('chief', 'TEST-KIWI', 2, 'approve')
    states = {v['version']: v['state'] for v in ask('analyst', 'GET', '/api/rules/TEST-KIWI')['versions']}
    assert states == {1: 'retired', 2: 'live'}, states
    gone = lodge('KIWI-3', '0810500000', 'Kiwifruit in boxes')
    assert gone not in [r['consignment'] for r in ask('analyst', 'GET', '/api/rules/TEST-KIWI?version=1')['recent']]
    step('analyst', 'TEST-KIWI', 2, 'retire', status=403)
    assert step('chief', 'TEST-KIWI', 2, 'retire', note='the test is over')['rule']['state'] == 'retired'


def test_a_rule_in_shadow_only_watches():
    text = TEXT.replace('TEST-KIWI', 'TEST-SHADOW').replace('081050', '081070').replace('red', 'yellow')
    ask('analyst', 'POST', '/api/rules', {'text': text}, 201)
    assert step('analyst', 'TEST-SHADOW', 1, 'shadow')['rule']['state'] == 'shadow'
    seen = lodge('SHADOW-1', '0810700000', 'Persimmons')
    recent = ask('analyst', 'GET', '/api/rules/TEST-SHADOW')['recent']
    assert [r['consignment'] for r in recent] == [seen], recent
    assert 'TEST-SHADOW' not in json.dumps(ask('analyst', 'GET', f'/api/consignments/{seen}')['selection']), seen


def test_lists_are_dated_and_restricted_ones_stay_closed():
    made = ask('chief', 'POST', '/api/lists/TEST-NEAR', {
        'change': 'make', 'title': 'names to look for', 'kind': 'name', 'restricted': True,
        'entries': [{'value': 'Nord Handel GmbH', 'note': 'from a partner'}]}, 201)
    assert made['list']['entries'] == 1 and made['list']['restricted'], made
    assert ask('chief', 'GET', '/api/lists/TEST-NEAR', status=200)['items'][0]['value'] == 'Nord Handel GmbH'
    ask('analyst', 'GET', '/api/lists/TEST-NEAR', status=403)
    listed = [entry for entry in ask('analyst', 'GET', '/api/lists')['items'] if entry['name'] == 'TEST-NEAR'][0]
    assert not listed['readable'], listed
    assert 'Nord Handel' not in json.dumps(leaves('list.added')), 'a leaf tells what a restricted list holds'
    ask('analyst', 'POST', '/api/lists/TEST-CODES', {'change': 'make', 'title': 'codes', 'kind': 'code'}, 201)
    ask('analyst', 'POST', '/api/lists/TEST-CODES', {'change': 'add', 'entries': [{'value': 'A1'}, {'value': 'B2'}]}, 201)
    ask('analyst', 'POST', '/api/lists/TEST-CODES', {'change': 'end', 'entries': [{'value': 'A1'}]}, 201)
    assert [e['value'] for e in ask('analyst', 'GET', '/api/lists/TEST-CODES')['items']] == ['B2']
    assert len(leaves('list.read')) >= 2


def test_the_board_compares_rules_with_choices():
    board = ask('chief', 'GET', '/api/rule-board')
    kinds = {entry['kind'] for entry in board['items']}
    assert kinds == {'rule', 'choice'}, kinds
    lows = [entry['rate']['low'] or 0 for entry in board['items'] if entry['inspected']]
    assert lows == sorted(lows, reverse=True), lows
    for entry in board['items']:
        assert entry['rate']['of'] == entry['inspected'] <= entry['hits'], entry


def test_words_for_the_editor():
    words = ask('analyst', 'GET', '/api/rule-language')
    assert {'hs', 'consignee', 'unit_value'} <= {f['name'] for f in words['fields']}
    assert 'count' in {f['name'] for f in words['functions']} and 'when' in words['keywords'] and words['posts']
    checked = ask('analyst', 'POST', '/api/rules/check', {'text': words['template']}, 200)
    assert not [f for f in checked['faults'] if f['error']], checked['faults']
    for function in words['functions']:
        assert function['form'].startswith(function['name'] + '('), function


def test_the_command_line_goes_the_same_way():
    file = centre.folder / 'cli.rule'
    file.write_text(TEXT.replace('TEST-KIWI', 'TEST-CLI').replace('081050', '081020'))
    assert 'saved as a draft' in centre.tamga('rule', 'add', file)
    assert 'consignments' in centre.tamga('rule', 'test', 'TEST-CLI')
    assert 'is proposed' in centre.tamga('rule', 'propose', 'TEST-CLI', '--note', NOTE)
    try:
        centre.tamga('rule', 'approve', 'TEST-CLI')
        raise AssertionError('approved without an account')
    except CommandFailed as refused:
        assert refused.code == 4 and '--as' in refused.err, refused
    try:
        centre.tamga('rule', 'approve', 'TEST-CLI', '--as', 'chief', stdin='not the password\n')
        raise AssertionError('approved with a wrong password')
    except CommandFailed as refused:
        assert refused.code == 4, refused
    assert 'is live' in centre.tamga('rule', 'approve', 'TEST-CLI', '--as', 'chief', stdin=centre.accounts['chief'] + '\n')
    assert 'TEST-CLI' in centre.tamga('rule', 'list', '--state', 'live')
    # The server notices what another process made live.
    seen = lodge('CLI-1', '0810200000', 'Raspberries')
    assert [r['consignment'] for r in ask('analyst', 'GET', '/api/rules/TEST-CLI')['recent']] == [seen]
    assert 'by chief' in centre.tamga('rule', 'show', 'TEST-CLI')
    assert 'made' in centre.tamga('list', 'make', 'CLI-LIST', '--title', 'from the command line')
    file.write_text('V1,a vehicle\nV2\n')
    assert '2 added' in centre.tamga('list', 'load', 'CLI-LIST', file)
    assert centre.tamga('list', 'show', 'CLI-LIST').split() == ['V1', 'a', 'vehicle', 'V2']


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
