"""Cases as those who lead them meet them: their parties, joining two by number, what is over and how it opens again."""
import re
import shutil
import subprocess

import harness
import schema
import tap
from harness import Centre

centre, people, told = None, {}, {}


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


def add_account(name, role):
    password = f'a long password of {name}'
    centre.tamga('account', 'add', name, '--role', role, '--display', f'{role} {name}', stdin=password + '\n')
    centre.accounts[name] = password


def start():
    global centre
    if centre:
        return
    centre = Centre()
    for name, role in (('second-investigator', 'investigator'), ('third-investigator', 'investigator'),
                       ('second-custodian', 'custodian')):
        add_account(name, role)
    centre.serve()
    for name in centre.accounts:
        people[name] = centre.sign_in(name)
    told['post'] = get('team', '/api/session')['posts'][0]
    truck = {'ref': '26AZ-CASES-1', 'lodged': '2026-09-16T05:00:00+04:00', 'regime': 'transit', 'post': told['post'],
             'consignor': {'code': 'IR-CASES-1', 'name': 'شرکت میوه', 'country': 'IR'},
             'consignee': {'code': 'UA-CASES-9', 'name': 'Fruit 100%', 'country': 'UA'},
             'carrier': {'code': 'TR-CASES-5', 'name': 'Road carrier', 'country': 'TR'}, 'departure': 'IR',
             'destination': 'UA', 'currency': 'USD', 'value': 9200,
             'items': [{'item_no': 1, 'hs': '080711', 'origin': 'IR', 'value': 9200}]}
    told['consignment'] = post('analyst', '/api/declarations', truck)['records'][0]['consignment']


def leaves(action, about=None):
    found, at, size = [], 0, 1
    while at < size:
        page = get('auditor', f'/api/log?from={at}&most=1000')
        size, at = page['size'], at + len(page['items'])
        found += [one for one in page['items'] if one['action'] == action and about in (None, one['object'])]
    return found


def open_case(title, who='investigator', **more):
    return post(who, '/api/cases', {'title': title, **more})


def change(case, body, expect=201, who='investigator'):
    return post(who, f'/api/cases/{case}/changes', body, expect)


def record(case=None):
    body = {'seized': '2026-09-16T06:00:00+04:00', 'post': told['post'], 'place_kind': 'road', 'direction': 'transit',
            'unit': 'the team on shift', 'trigger': 'routine', 'concealment': 'cab',
            'lines': [{'substance': 'heroin', 'form': 'powder', 'mass_mg': 1_250_000}]}
    return post('investigator', '/api/seizures', {**body, 'case': case} if case else body)


def closed_case(title):
    """One that was closed as the workflow wants it, with a seizure in it."""
    case = open_case(title)['id']
    seizure = record(case)
    for who, arrow in (('investigator', 'investigate'), ('investigator', 'submit')):
        post(who, f'/api/cases/{case}/moves', {'arrow': arrow})
    change(case, {'disposition': 'handed to the prosecutor'})
    post('second-investigator', f'/api/cases/{case}/moves', {'arrow': 'close'})
    return case, seizure


def paper_text(kind, about, who='investigator', **more):
    """What stands on an issued paper, in English, each word parted by one blank."""
    made = post(who, '/api/papers', {'kind': kind, 'about': about, 'language': 'en', **more})
    purpose = f'?purpose={more["purpose"]}' if 'purpose' in more else ''
    status, _, pdf = people[who].request('GET', f'/api/papers/{made["hash"]}{purpose}', raw=True)
    assert status == 200
    if not shutil.which('pdftotext'):
        raise tap.Skip('pdftotext of poppler-utils is not here')
    done = subprocess.run(['pdftotext', '-layout', '-', '-'], input=pdf, capture_output=True, check=True)
    return re.sub(r'\s+', ' ', done.stdout.decode())


def in_force(case):
    return {(p['role'], p['code']) for p in case['parties'] if 'ended' not in p}


def test_the_parties_of_linked_consignments_are_offered_and_taken_at_once():
    start()
    case = open_case('two trucks with fruit', links=[f'consignment:{told["consignment"]}'])
    offered = {(p['role'], p['code'], p['name'], p['country']) for p in case['party_offers']}
    assert offered == {('consignor', 'IR-CASES-1', 'شرکت میوه', 'IR'), ('consignee', 'UA-CASES-9', 'Fruit 100%', 'UA'),
                       ('carrier', 'TR-CASES-5', 'Road carrier', 'TR')}, offered
    assert case['parties'] == []
    case = change(case['id'], {'party': {'code': 'TR-CASES-5', 'role': 'vehicle_owner'}})
    assert in_force(case) == {('vehicle_owner', 'TR-CASES-5')} and len(case['party_offers']) == 3
    case = change(case['id'], {'party': {'offered': True}})
    assert in_force(case) == {('vehicle_owner', 'TR-CASES-5'), ('consignor', 'IR-CASES-1'), ('consignee', 'UA-CASES-9'),
                              ('carrier', 'TR-CASES-5')}
    assert case['party_offers'] == []
    told['case'] = case['id']


def test_a_party_is_one_of_the_registry_in_a_listed_role_and_in_a_role_once():
    start()
    case = told['case']
    assert 'no declaration ever named' in change(case, {'party': {'code': 'NOBODY', 'role': 'consignor'}}, 404)['detail']
    assert 'party_role' in change(case, {'party': {'code': 'TR-CASES-5', 'role': 'driver'}}, 422)['detail']
    assert 'already' in change(case, {'party': {'code': 'TR-CASES-5', 'role': 'carrier'}}, 409)['detail']


def test_who_was_taken_out_stays_readable_with_the_reason():
    start()
    case = told['case']
    party = next(p for p in get('investigator', f'/api/cases/{case}')['parties'] if p['role'] == 'vehicle_owner')
    assert 'reason' in change(case, {'party': {'end': party['id']}}, 422)['detail']
    after = change(case, {'party': {'end': party['id'], 'reason': 'leased, not owned'}})
    out = next(p for p in after['parties'] if p['id'] == party['id'])
    assert out['reason'] == 'leased, not owned' and out['ended_by'] == get('investigator', '/api/session')['display']
    assert ('vehicle_owner', 'TR-CASES-5') not in in_force(after)
    change(case, {'party': {'end': party['id'], 'reason': 'once more'}}, 404)
    again = change(case, {'party': {'code': 'TR-CASES-5', 'role': 'vehicle_owner'}})
    assert ('vehicle_owner', 'TR-CASES-5') in in_force(again) and len(again['parties']) == 5
    words = [e['words'] for e in again['timeline'] if e['kind'] in ('party', 'party_ended')]
    assert 'vehicle_owner, TR-CASES-5, leased, not owned' in words and len(words) == 6, words
    leaf = leaves('case.party_ended', f'case:{case}')[-1]
    assert (leaf['party'], leaf['reason']) == ('TR-CASES-5', 'leased, not owned')


def test_the_registry_is_searched_by_code_and_name_and_the_log_says_what_for():
    start()
    codes = lambda words: [p['code'] for p in get('investigator', f'/api/parties?words={words}')['items']]
    assert codes('IR-CASES') == ['IR-CASES-1'] and codes('road%20carr') == ['TR-CASES-5']
    assert codes('100%25') == ['UA-CASES-9'] and codes('%25%25') == []
    get('investigator', '/api/parties?words=x', 400)
    get('analyst', '/api/parties?words=IR-CASES', 403)
    assert leaves('party.read')[0]['words'] == 'IR-CASES'


def test_the_dossier_says_the_parties():
    start()
    text = paper_text('dossier', f'case:{told["case"]}')
    for words in ('Road carrier', 'TR-CASES-5', 'Fruit 100%', 'leased, not owned', 'owner of the vehicle'):
        assert words in text, (words, text)


def test_cases_are_joined_by_number_and_parted_again_with_everything_back_in_its_place():
    start()
    kept, other = open_case('the first truck'), open_case('the second truck')
    told['kept'], told['other'] = kept, other
    seizure = record(other['id'])
    change(other['id'], {'task': {'title': 'hear the driver'}})
    assert 'the number "C-1999-000001"' in change(kept['id'], {'merge': {'number': 'C-1999-000001', 'reason': 'one matter'}}, 404)['detail']
    joined = change(kept['id'], {'merge': {'number': other['number'].lower(), 'reason': 'one load in two trucks'}})
    assert joined['merged'] == [{'id': other['id'], 'number': other['number']}]
    assert [z['number'] for z in joined['seizures']] == [seizure['number']] and len(joined['tasks']) == 1
    assert any(e['kind'] == 'merge' and other['number'] in e['words'] for e in joined['timeline'])
    # Both numbers are found; the one that was joined says where it went and takes no changes of its own.
    for number, into in ((kept['number'], None), (other['number'], kept['number'])):
        found = get('investigator', f'/api/cases?number={number}')['items']
        assert [(c['number'], c.get('merged_into_number')) for c in found] == [(number, into)]
    refused = change(other['id'], {'note': {'kind': 'fact', 'text': 'too late'}}, 409)
    assert refused['code'] == 'case.merged' and kept['number'] in refused['detail']
    third = open_case('a third truck')
    assert 'other way round' in change(third['id'], {'merge': {'number': kept['number'], 'reason': 'all one'}}, 409)['detail']
    shown = centre.tamga('case', 'show', other['number'])
    assert f'the second truck, merged into {kept["number"]}' in shown, shown
    parted = change(kept['id'], {'merge': {'number': other['number'], 'undo': True}})
    assert parted['merged'] == [] and parted['seizures'] == [] and parted['tasks'] == []
    assert [e['kind'] for e in parted['timeline']][-1] == 'merge_undone'
    back = get('investigator', f'/api/cases/{other["id"]}')
    assert [z['number'] for z in back['seizures']] == [seizure['number']] and 'merged_into' not in back
    assert len(back['tasks']) == 1


def test_a_number_that_one_may_not_know_is_a_number_that_is_not_there():
    start()
    closed = open_case('for few eyes', who='second-investigator', compartment='few')
    assert get('investigator', f'/api/cases?number={closed["number"]}')['items'] == []
    unknown = change(told['kept']['id'], {'merge': {'number': closed['number'], 'reason': 'one matter'}}, 404)
    nobody = change(told['kept']['id'], {'merge': {'number': 'C-2026-999999', 'reason': 'one matter'}}, 404)
    assert unknown['detail'].replace(closed['number'], '') == nobody['detail'].replace('C-2026-999999', '')


def test_a_case_that_is_over_takes_nothing_until_it_is_reopened():
    start()
    case, seizure = closed_case('a matter that ends')
    told['over'], told['seizure'] = case, seizure
    person = {'name': 'a late witness', 'role': 'driver', 'sex': 'x', 'citizenship': 'XX'}
    line = {'substance': 'opium', 'form': 'resin', 'mass_mg': 1_250_000, 'stage': 'seized', 'words': 'it is opium'}
    late = [(f'/api/cases/{case}/changes', body) for body in (
        {'note': {'kind': 'fact', 'text': 'a late word'}}, {'task': {'title': 'a late task'}}, {'group': 'a late group'},
        {'disposition': 'another end'}, {'link': f'consignment:{told["consignment"]}'}, {'party': {'code': 'TR-CASES-5', 'role': 'carrier'}},
        {'merge': {'number': told['kept']['number'], 'reason': 'one matter'}}, {'seizure': record()['id']})]
    late += [(f'/api/cases/{case}/suspects', person), (f'/api/seizures/{seizure["id"]}/amendments', {'packages': 7}),
             (f'/api/lines/{seizure["lines"][0]["id"]}/confirmations', line)]
    for path, body in late:
        refused = post('investigator', path, body, 409)
        assert refused['code'] == 'case.over' and 'reopen it' in refused['detail'], (path, body, refused)
    free = record()
    assert post('investigator', f'/api/seizures/{free["id"]}/amendments', {'case': case}, 409)['code'] == 'case.over'
    # Into a case that is open, one that is over cannot be drawn either.
    number = get('investigator', f'/api/cases/{case}')['number']
    assert change(told['kept']['id'], {'merge': {'number': number, 'reason': 'one matter'}}, 409)['code'] == 'case.over'
    assert get('investigator', f'/api/cases/{case}/suspects?purpose=appeal')['items'] == []


def test_a_late_laboratory_result_reopens_it_by_a_second_person_with_a_note():
    start()
    path = f'/api/cases/{told["over"]}/moves'
    post('third-investigator', path, {'arrow': 'reopen'}, 422)
    for who in ('investigator', 'second-investigator'):     # who began it, and who closed it
        post(who, path, {'arrow': 'reopen', 'note': 'the laboratory found opium'}, 403)
    case = post('third-investigator', path, {'arrow': 'reopen', 'note': 'the laboratory found opium'})
    assert case['flow']['state'] == 'investigation' and 'closed' not in case
    assert case['flow']['past'][-1]['note'] == 'the laboratory found opium'
    line = told['seizure']['lines'][0]['id']
    confirmed = post('second-investigator', f'/api/lines/{line}/confirmations',
                     {'substance': 'opium', 'form': 'resin', 'mass_mg': 1_250_000, 'stage': 'confirmed', 'report_number': 'FX-12',
                      'report_date': '2026-09-16', 'confirmed': True, 'confirm_note': 'a sample was sent by the post itself'})
    assert [(one['substance'], one['replaced']) for one in confirmed['lines']] == [('heroin', True), ('opium', False)]


def test_a_seizure_lists_its_documents_and_the_means_in_order_with_their_reactions():
    start()
    seizure = record()
    path = f'/api/seizures/{seizure["id"]}/amendments'
    documents = [{'kind': 'cmr', 'number': 'CMR 77-19', 'day': '2026-09-14'}, {'kind': 'invoice', 'number': 'INV/5'}]
    means = [{'means': 'dog', 'reaction': 'suspect'}, {'means': 'unloading', 'reaction': 'none'},
             {'means': 'unloading', 'again': True, 'reaction': 'found', 'words': '303 packages'}]
    assert seizure['documents'] == [] and seizure['instruments'] == []
    post('investigator', path, {'documents': documents, 'instruments': means})
    read = get('investigator', f'/api/seizures/{seizure["id"]}')
    assert read['documents'] == documents
    assert [(m['means'], m['again'], m['reaction']) for m in read['instruments']] == \
        [('dog', False, 'suspect'), ('unloading', False, 'none'), ('unloading', True, 'found')]
    leaf = leaves('seizure.amended', f'seizure:{seizure["id"]}')[-1]
    assert {c['field']: len(c['before']) for c in leaf['changes']} == {'documents': 0, 'instruments': 0}
    assert 'would change' in post('investigator', path, {'documents': documents}, 422)['detail']
    unnamed = post('investigator', path, {'documents': [{'kind': 'other', 'number': '1'}]}, 422)['detail']
    assert 'needs words' in unnamed, unnamed
    post('investigator', path, {'documents': [{'kind': 'passport', 'number': '1'}]}, 422)
    more = post('investigator', path, {'line': {'substance': 'opium', 'form': 'resin', 'mass_mg': 5000}})
    assert [(one['substance'], one['stage'], one.get('replaces')) for one in more['lines']] == \
        [('heroin', 'seized', None), ('opium', 'seized', None)]
    text = paper_text('seizure', f'seizure:{seizure["id"]}')
    for words in ('road consignment note (CMR)', 'CMR 77-19', '14.09.2026', 'INV/5', '303 packages', 'opium'):
        assert words in text, (words, text)


def handed(exhibit, arrow, who='custodian', expect=201, **more):
    body = {'arrow': arrow, 'from': 'the hands before', 'to': 'the hands after', 'place': 'the store', 'purpose': f'{arrow}, as ordered'}
    return post(who, f'/api/exhibits/{exhibit}/moves', {**body, **more}, expect)


def test_what_differs_in_custody_is_explained_by_one_and_closed_by_another():
    start()
    line = record()['lines'][0]['id']
    made = post('team', '/api/exhibits', {'line': line, 'words': 'a bag', 'from': 'the team', 'to': 'the post', 'place': 'the post',
                                          'purpose': 'sealing', 'seal_new': 'S-1'})
    told['exhibit'] = made['id']
    witnesses = {'witness_1': 'Officer 1042', 'witness_2': 'Officer 1077'}
    handed(made['id'], 'weigh', seal_old='S-1', seal_new='S-2', net_mg=1_250_000, **witnesses)
    stored = handed(made['id'], 'weigh', seal_old='S-7', seal_new='S-3', net_mg=1_200_000, confirmed=True, confirm_note='weighed again, the same', **witnesses)
    weight, seal = sorted(stored['incidents'], key=lambda i: i['kind'], reverse=True)
    assert (weight['kind'], weight['before_mg'], weight['found_mg'], weight['custody_no']) == ('weight_change', 1_250_000, 1_200_000, 3)
    assert (seal['kind'], seal['seal_before'], seal['seal_found']) == ('seal_differs', 'S-2', 'S-7')
    assert seal['flow']['state'] == 'opened' and seal['flow']['due']
    path = f'/api/incidents/{seal["id"]}/moves'
    post('custodian', path, {'arrow': 'close', 'note': 'nothing happened'}, 409)
    post('custodian', path, {'arrow': 'explain'}, 422)
    explained = post('custodian', path, {'arrow': 'explain', 'note': 'S-7 was misread for S-2'})
    assert explained['flow']['state'] == 'explained'
    post('custodian', path, {'arrow': 'close', 'note': 'and that is that'}, 403)
    closed = post('chief', path, {'arrow': 'close', 'note': 'the picture shows S-2'})
    assert closed['flow']['final'] is False and closed['flow']['state'] == 'closed'
    open_ones = [i['id'] for i in get('chief', '/api/incidents?state=opened')['items']]
    assert weight['id'] in open_ones and seal['id'] not in open_ones
    read = next(i for i in get('team', f'/api/exhibits/{made["id"]}')['incidents'] if i['id'] == seal['id'])
    assert [(s['arrow'], s.get('note')) for s in read['flow']['past']][1:] == \
        [('explain', 'S-7 was misread for S-2'), ('close', 'the picture shows S-2')]
    get('analyst', '/api/incidents', 403)


def test_acts_of_custody_are_papers_and_a_destruction_names_witnesses_seal_mass_and_ground():
    start()
    events = get('custodian', f'/api/exhibits/{told["exhibit"]}')['custody']
    weighing = paper_text('custody_act', f'custody:{events[1]["id"]}', who='custodian')
    for words in ('ACT OF WEIGHING', 'Officer 1042', 'Officer 1077', 'S-2', 'heroin', '1 kg 250 g', events[1]['hash']):
        assert words in weighing, (words, weighing)
    assert 'ACT OF SEALING' in paper_text('custody_act', f'custody:{events[0]["id"]}', who='custodian')
    wrong = {'kind': 'destruction_act', 'about': f'custody:{events[1]["id"]}', 'language': 'en'}
    assert 'custody_act that of any other' in post('custodian', '/api/papers', wrong, 422)['detail']
    post('statistician', '/api/papers', {**wrong, 'kind': 'custody_act'}, 403)
    case, _ = closed_case('what is burnt')
    seizure = get('investigator', f'/api/cases/{case}')['seizures'][0]
    made = post('team', '/api/exhibits', {'line': seizure['lines'][0]['id'], 'words': 'a bag', 'from': 'the team', 'to': 'the post',
                                          'place': 'the post', 'purpose': 'sealing', 'seal_new': 'B-1'})['id']
    witnesses = {'witness_1': 'Officer 1042', 'witness_2': 'Officer 1077', 'net_mg': 1_250_000}
    handed(made, 'weigh', 'team', seal_old='B-1', seal_new='B-2', **witnesses)
    handed(made, 'store', seal_old='B-2')
    burnt = handed(made, 'destroy', 'second-custodian', seal_old='B-2', ground='decision 2-1 of the court', **witnesses)
    assert burnt['custody'][-1]['ground'] == 'decision 2-1 of the court' and burnt['whole']
    act = paper_text('destruction_act', f'custody:{burnt["custody"][-1]["id"]}', who='custodian')
    for words in ('ACT OF DESTRUCTION', 'decision 2-1 of the court', 'Officer 1042', 'Officer 1077', 'B-2', '1 kg 250 g'):
        assert words in act, (words, act)


def test_the_list_of_substances_is_changed_from_a_day_on_and_the_past_stays():
    start()
    today = '2026-09-16'
    heroin = next(s for s in get('statistician', '/api/substances')['items'] if s['code'] == 'heroin')
    new = {k: heroin[k] for k in ('code', 'words', 'class', 'line', 'table', 'hs', 'cas')}
    path = '/api/substances'
    post('investigator', path, {**new, 'large_mg': 1}, 403)
    assert 'past periods stay' in post('statistician', path, {**new, 'from': '2020-01-01'}, 422)['detail']
    post('statistician', path, {**new, 'large_mg': 2_000_000, 'from': '2026-12-01'})
    at = lambda day: next(s for s in get('investigator', f'{path}?day={day}')['items'] if s['code'] == 'heroin')['large_mg']
    assert (at(today), at('2026-11-30'), at('2026-12-01')) == (heroin['large_mg'], heroin['large_mg'], 2_000_000)
    assert 'begins then or later' in post('statistician', path, {**new, 'from': '2026-10-01'}, 409)['detail']
    added = {'code': 'xylazine', 'words': {'en': 'xylazine', 'az': 'ksilazin', 'ru': 'ксилазин'}, 'class': 'potent', 'line': 'potent',
             'cas': '7361-61-7'}
    assert any(s['code'] == 'xylazine' for s in post('administrator', path, added)['items'])
    rows = [(s['from'], s.get('until')) for s in get('auditor', f'{path}?all=true')['items'] if s['code'] == 'heroin']
    assert rows == [(heroin['from'], '2026-12-01'), ('2026-12-01', None)], rows
    assert leaves('substance.set')[-1]['code'] == 'xylazine'
    centre.tamga('substance', 'put', 'xylazine', '--large', '50', '--from', '2026-12-05')
    listed = [line for line in centre.tamga('substance', 'list', '--day', '2026-12-05').splitlines() if 'xylazine' in line]
    assert len(listed) == 1 and listed[0].endswith(' 50 g'), listed


def test_the_command_line_adds_a_substance_with_every_field_and_ends_it_from_a_day_on():
    start()
    fields = {'en': 'carfentanil', 'az': 'karfentanil', 'ru': 'карфентанил', 'class': 'narcotic', 'table': '1961 Sch. I and IV',
              'hs': '293339', 'cas': '59708-52-0', 'line': 'other', 'large': '1', 'from': '2026-10-01', 'until': '2027-10-01'}
    args = [x for k, v in fields.items() for x in (f'--{k}', v)]
    centre.tamga('substance', 'put', 'carfentanil', *args)
    on = lambda day: [s for s in get('auditor', f'/api/substances?day={day}')['items'] if s['code'] == 'carfentanil']
    assert on('2026-09-30') == [] and on('2027-10-01') == []
    assert on('2026-10-01') == [{'code': 'carfentanil', 'words': {k: fields[k] for k in ('en', 'az', 'ru')}, 'large_mg': 1000,
                                 **{k: fields[k] for k in ('class', 'table', 'hs', 'cas', 'line', 'from', 'until')}}]
    listed = next(line for line in centre.tamga('substance', 'list', '--day', '2026-10-01').splitlines() if 'carfentanil' in line)
    assert all(fields[k] in listed for k in ('class', 'table', 'hs', 'cas', 'line')), listed


def test_the_tables_of_the_1988_convention_are_complete_and_each_class_of_the_figures_has_substances():
    start()
    items = get('auditor', '/api/substances')['items']
    tables = {table: {s['code'] for s in items if s.get('table') == f'1988 Table {table}'} for table in ('I', 'II')}
    assert {'anpp', 'npp', 'pmk_glycidate', 'pmk_glycidic_acid', 'bmk_glycidate', 'bmk_glycidic_acid', 'apaan', 'apaa',
            'acetic_anhydride', 'potassium_permanganate'} <= tables['I'], tables
    assert tables['II'] == {'acetone', 'anthranilic_acid', 'diethyl_ether', 'hydrochloric_acid', 'methyl_ethyl_ketone', 'piperidine',
                            'sulphuric_acid', 'toluene'}, tables
    for s in items:
        if s['class'] == 'precursor':
            assert s.get('hs') and s.get('cas'), s
        if s.get('cas'):
            *digits, check = s['cas'].replace('-', '')
            assert sum(n * int(d) for n, d in enumerate(reversed(digits), 1)) % 10 == int(check), s
    assert {s['class'] for s in items} == {'narcotic', 'psychotropic', 'potent', 'toxic', 'precursor', 'plant', 'other'}
    assert any(s['code'] == 'codeine' and s['table'] == '1961 Sch. II' for s in items)


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
