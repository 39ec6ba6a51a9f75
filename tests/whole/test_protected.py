"""What is known of persons of a case - sex, age, citizenship, earlier convictions - serves procedure and statistics.
Nothing that judges, searches or selects consignments can read it: not in the source, not in the language of rules, not
in what the doors describe, and entering persons moves no probability."""
import json
import re
import sqlite3

import harness
import schema
import tap
from harness import Centre

ATTRIBUTES = ('sex', 'gender', 'citizenship', 'citizen', 'nationality', 'birth_year', 'birth', 'ethnicity', 'religion')
OF_THE_TABLE = ('sex', 'birth_year', 'citizenship', 'previous_record', 'occupation', 'suspect')
# Who reads the table, and why: the records of cases, the paper of a case, counts for the period's report.
READERS = {'src/casework/suspects.c', 'src/casework/suspect_changes.c', 'src/casework/timeline.c', 'src/report/persons.c', 'src/report/parts.c', 'src/web/case_parts.c',
           'src/app/paper_dossier.c'}
JUDGES = ('src/risk', 'src/rule', 'src/learn', 'src/intake', 'src/store', 'src/sim')
centre, people, told = None, {}, {}


def statements(path):
    """The texts of a C source, those of one statement put together."""
    text = re.sub(r'/\*.*?\*/', ' ', path.read_text(encoding='utf-8'), flags=re.S)
    return [''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', run)) for run in re.findall(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*', text)]


def sources():
    return sorted((harness.SOURCE / 'src').rglob('*.c'))


def test_only_casework_and_the_figures_read_the_table_of_persons():
    touching = {}
    for path in sources():
        for text in statements(path):
            if re.search(r'\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+suspect(?:_past)?\b', text, re.I):
                touching.setdefault(str(path.relative_to(harness.SOURCE)), []).append(text)
    assert 'src/casework/suspects.c' in touching and 'src/report/persons.c' in touching, 'the search finds nothing any more'
    assert set(touching) <= READERS, set(touching) - READERS
    for text in touching['src/web/case_parts.c']:
        assert text.startswith('SELECT count(*) FROM suspect'), text


def test_what_judges_knows_no_column_of_it():
    seen = 0
    for path in sources():
        if not str(path.relative_to(harness.SOURCE)).startswith(JUDGES) or path.name == 'protected.c':
            continue
        seen += 1
        for text in statements(path):
            for word in OF_THE_TABLE:
                # Words of refusals and of documents may speak of persons; statements and lists of fields may not.
                assert not re.search(rf'(?:SELECT|WHERE|,|\.|^)\s*{word}\b', text), (path, text)
    assert seen > 60, seen


def start():
    global centre
    if centre is None:
        centre = Centre()
        centre.serve()
        for name in ('analyst', 'chief', 'investigator', 'auditor'):
            people[name] = centre.sign_in(name)


def ask(who, method, path, body=None, expect=200):
    status, _, content = people[who].request(method, path, body)
    assert status == expect, (method, path, status, content)
    return content


def rule_on(condition):
    return f'''rule "TEST-000001" version 1 {{
  title "a test" owner desk:test basis "Customs Code" expires 2100-01-01
  when {condition}
  then weight +1 dB offence critical
  why "a test"
}}'''


def test_no_rule_can_name_it():
    start()
    for word in ATTRIBUTES + ('previous_record', 'suspect'):
        for condition in (f'{word} = "m"', f'consignee.{word} = "m"', f'driver.{word} = "m"', f'suspect.{word} = "m"'):
            faults = [f for f in ask('analyst', 'POST', '/api/rules/check', {'text': rule_on(condition)})['faults'] if f['error']]
            assert faults, f'a rule on {condition} is let through'
            if word in ('sex', 'gender', 'citizenship', 'nationality', 'ethnicity', 'religion'):
                assert any(f['kind'] == 'protected' for f in faults), (condition, faults)
    names = {f['name'] for f in ask('analyst', 'GET', '/api/rule-language')['fields']}
    assert names and not [n for n in names if set(re.split(r'\W', n)) & set(ATTRIBUTES + OF_THE_TABLE)], names


def members(described):
    if isinstance(described, dict):
        if '$ref' in described:
            yield from members(schema.SCHEMAS[described['$ref'].rsplit('/', 1)[1]])
        for name, inner in described.items():
            if name == 'properties':
                yield from inner
            yield from members(inner)
    elif isinstance(described, list):
        for inner in described:
            yield from members(inner)


def test_no_door_but_that_of_persons_speaks_of_it():
    speaking = set()
    for route in schema.routes():
        said = set(members({k: route.get(k, {}) for k in ('request', 'response')})) | {q['name'] for q in route.get('query', [])}
        if said & {'sex', 'birth_year', 'citizenship', 'gender', 'nationality', 'previous_record'}:
            speaking.add(route['name'])
    assert {'suspect_list', 'suspect_add'} <= speaking, speaking
    assert all(name.startswith(('suspect_', 'report_')) for name in speaking), speaking


def judged():
    items = ask('analyst', 'GET', '/api/queue?from=2000-01-01&to=2199-12-31&most=500')['items']
    assert len(items) > 100
    return {i['ref']: (i['fraud']['probability'], i['critical']['probability'], i['selection']['rank']) for i in items}


def twin(ref):
    declaration = ask('analyst', 'GET', f'/api/consignments/{told["consignment"]}')['declaration']
    made = ask('analyst', 'POST', '/api/declarations', {**declaration, 'ref': ref}, 201)['records'][0]
    whole = ask('analyst', 'GET', f'/api/consignments/{made["consignment"]}')['assessment']
    return whole['fraud']['probability'], whole['critical']['probability']


def test_entering_persons_moves_no_probability():
    start()
    told['consignment'] = ask('analyst', 'GET', '/api/queue?from=2000-01-01&to=2199-12-31&most=1')['items'][0]['consignment']
    alone = twin('26AZ-TWIN-1')
    case = ask('investigator', 'POST', '/api/cases', {'title': 'the persons of a consignment',
                                                      'links': [f'consignment:{told["consignment"]}']}, 201)['id']
    before = judged()
    for n in range(40):
        person = {'name': f'person {n}', 'role': 'consignee', 'sex': 'f', 'birth_year': 1999, 'citizenship': 'TR', 'previous_record': True}
        ask('investigator', 'POST', f'/api/cases/{case}/suspects', person, 201)
    assert judged() == before
    assert twin('26AZ-TWIN-2') == alone


def test_no_feature_of_a_stored_judgement_speaks_of_a_person():
    start()
    db = sqlite3.connect(f'file:{centre.home}/centre.db?mode=ro', uri=True)
    columns = {}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in db.execute(f'PRAGMA table_info({name})'):
            columns.setdefault(row[1], set()).add(name)
    for column in ('sex', 'birth_year', 'citizenship', 'previous_record'):
        assert columns[column] == {'suspect'}, (column, columns[column])
    views = db.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger') AND sql LIKE '%suspect%'").fetchone()
    assert views == (0,), 'a view or trigger carries it elsewhere'
    facts = json.dumps([ask('analyst', 'GET', f'/api/consignments/{told["consignment"]}')['assessment']])
    assert not re.search(r'"feature": "[^"]*(?:sex|citizen|birth|national|gender)', facts)
    db.close()


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
