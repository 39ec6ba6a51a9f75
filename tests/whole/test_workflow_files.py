"""An office's own workflows: checked before they are used, a changed deadline holds for what comes after, and no state
vanishes under what stands in it."""
import pathlib
import re
import shutil
import sqlite3

import tap
from harness import SOURCE, Centre, CommandFailed, forget_made, run

centre, config = None, None


def start():
    global centre, config
    if centre:
        return
    centre = Centre()
    config = centre.folder / 'config'
    shutil.copytree(SOURCE / 'config', config)


def env():
    return {'TAMGA_SHARE': str(config)}


def tamga(*args):
    return centre.tamga(*args, env=env())


def edit(kind, find, put):
    path = config / 'workflows' / f'{kind}.ini'
    text = path.read_text()
    assert re.search(find, text), find
    path.write_text(re.sub(find, put, text, count=1))


def restore(kind):
    shutil.copy(SOURCE / 'config/workflows' / f'{kind}.ini', config / 'workflows')


def refused(code, *args):
    try:
        tamga(*args)
    except CommandFailed as e:
        assert e.code == code, (args, e.code, e.err)
        return e.out + e.err
    raise AssertionError(f'{args} was accepted')


def deadlines():
    """Minutes from arrival (or from the order, where it came later) to the deadline of each order that stands issued."""
    with sqlite3.connect(centre.home / 'centre.db') as db:
        return [row[0] for row in db.execute(
            "SELECT (i.due_ms - max(i.since_ms, coalesce(d.expected_ms, 0))) / 60000 FROM flow_item i JOIN inspection_order o "
            "ON o.id = i.about_id JOIN declaration d ON d.id = o.consignment_id WHERE i.kind = 'order' AND i.state = 'issued' "
            'ORDER BY i.id')]


def issue():
    ref = re.findall(r'"ref":"([^"]+)"', tamga('queue', '--json', '--most', '1'))[0]
    tamga('decide', ref, 'inspect', '--means', 'xray', '--reason', 'density of the load')


def test_the_shipped_workflows_are_right():
    start()
    assert re.match(r'\d workflows are right, and know every state', tamga('workflow', 'check'))
    folder = run('workflow', 'check', config / 'workflows')
    assert folder.endswith(' workflows are right\n'), folder


def test_every_file_tells_its_first_fault_with_line_and_what_to_do():
    start()
    edit('order', r'to = confirmed', 'to = cinfirmed')
    edit('case', r'words\.ru = .*\n', '')
    edit('target', r'roles = analyst chief', 'roles = analyst king')
    told = refused(2, 'workflow', 'check', config / 'workflows')
    lines = [line for line in told.splitlines() if re.match(r'.*\.ini:\d+: ', line)]
    assert len(lines) == 3, told
    order = next(line for line in lines if 'order.ini' in line)
    at = int(re.search(r'order\.ini:(\d+)', order).group(1))
    text = (config / 'workflows/order.ini').read_text().splitlines()
    assert 'cinfirmed' in '\n'.join(text[at - 2:at + 8]) and 'this file has issued, accepted' in order, order
    assert any('words.ru is missing: write the word' in line for line in lines), lines
    assert any('no role "king" (docs/operation.md' in line for line in lines), lines
    for kind in ('order', 'case', 'target'):
        restore(kind)
    assert 'there is no workflow' in refused(3, 'workflow', 'check', centre.folder)
    assert 'cannot be read' in refused(3, 'workflow', 'check', centre.folder / 'nowhere')


def test_show_says_what_the_files_say():
    start()
    text = tamga('workflow', 'show', 'order')
    assert '[issued] first within 30 min from arrival, else tell_chief' in text and '[withdrawn] final' in text, text
    assert re.search(r'confirm_seizure: result -> seized\n    by chief; a second person; when .*has_seizure.*; then open_case', text), text
    assert tamga('workflow', 'show').count('(') >= 5
    assert 'no workflow for dream' in refused(3, 'workflow', 'show', 'dream')
    assert 'expected `tamga workflow check' in refused(2, 'workflow', 'dance')


def test_a_new_deadline_holds_for_what_comes_after():
    start()
    issue()
    before = deadlines()
    assert before[-1] == 30, before
    edit('order', r'deadline = 30 min', 'deadline = 7 min')
    issue()
    assert deadlines() == [*before, 7], deadlines()
    assert '[issued] first within 7 min from arrival' in tamga('workflow', 'show', 'order')


def test_a_state_that_things_stand_in_cannot_vanish():
    start()
    path = config / 'workflows/evidence.ini'
    path.write_text(re.sub(r'\blab\b', 'bench', path.read_text()))
    for args in (('workflow', 'check'), ('queue',), ('serve', '--port', '0')):
        told = refused(5, *args)
        assert re.search(r'evidence\.ini: the state lab is gone, but \d+ of kind evidence still stand', told), told
        assert 'put the state back' in told
    restore('evidence')
    assert 'are right' in tamga('workflow', 'check')


def test_the_administrator_sees_them_with_how_many_stand_where():
    start()
    centre.serve()
    admin = centre.sign_in('administrator')
    status, _, body = admin.request('GET', '/api/workflows')
    order = next(w for w in body['items'] if w['kind'] == 'order')
    assert status == 200 and order['first'] == 'issued' and pathlib.Path(order['file']).name == 'order.ini'
    standing = {s['name']: s['standing'] for s in order['states']}
    with sqlite3.connect(centre.home / 'centre.db') as db:
        counted = dict(db.execute("SELECT state, count(*) FROM flow_item WHERE kind = 'order' GROUP BY state"))
    assert {k: v for k, v in standing.items() if v} == counted, (standing, counted)
    seizure = next(a for a in order['arrows'] if a['name'] == 'confirm_seizure')
    assert seizure['then'] == ['open_case'] and not seizure['by_clock']
    centre.stop()


def cleanup():
    if centre:
        centre.close()
    forget_made()


if __name__ == '__main__':
    tap.main()
