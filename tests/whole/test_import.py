"""Feeding the centre: formats, idempotence, amendments, quarantine, standard input, the watched folder."""
import json
import os
import shutil
import time

import harness
import tap
from harness import Centre, run

centre = None
HEAD = 'ref,lodged,expected,regime,post,consignee_code,consignee_name,departure,destination,currency,item_no,hs,description,origin,gross_kg,net_kg,value\n'


def row(ref, net='100', hs='080610', post=None):
    return (f'{ref},2026-09-16T05:00:00+04:00,2026-09-16T15:00:00+04:00,import,{post or centre.post},C-1,Trader One,IR,AZ,AZN,1,{hs},'
            f'fresh grapes,IR,120,{net},500.00\n')


def summary(text):
    words = text.replace('(', '').replace(';', ',').split(': ', 1)[1]
    numbers = [part.split()[0] for part in words.split(', ')]
    return {'accepted': int(numbers[0]), 'text': text}


def feed(name, content, *args):
    path = centre.folder / name
    path.write_text(content)
    return centre.tamga('import', path, *args)


def test_csv_of_our_own_format():
    global centre
    centre = Centre()
    centre.post = json.loads(centre.tamga('queue', '--json', '--most', '1'))['post']
    text = feed('a.csv', HEAD + row('A1') + row('A2'))
    assert '2 accepted' in text and '0 in quarantine' in text, text


def test_the_same_again_changes_nothing_and_says_so():
    text = feed('again.csv', HEAD + row('A1') + row('A2'))
    assert '0 accepted' in text and '2 unchanged' in text, text


def test_an_amendment_is_a_new_version():
    text = feed('amended.csv', HEAD + row('A1', net='99.5'))
    assert '1 of them amendments' in text, text
    shown = centre.tamga('show', 'A1')
    assert 'version 2' in shown and '99.5 kg' in shown, shown


def test_bad_rows_go_to_quarantine_and_the_rest_goes_on():
    text = feed('bad.csv', HEAD + row('B1') + row('B2', hs='08x610') + row('B3', net='much') + row('B4'))
    assert '2 accepted' in text and '2 in quarantine' in text, text
    listed = centre.tamga('quarantine')
    assert 'line 3' in listed and '08x610' in listed and 'line 4' in listed and 'much' in listed, listed
    assert row('B3', net='much').strip()[:60] in listed, 'the original bytes are shown'


def test_a_post_that_is_not_ours_is_set_aside():
    text = feed('post.csv', HEAD + row('P1', post='AZ999999') + row('P2'))
    assert '1 accepted' in text and '1 in quarantine' in text, text
    listed = centre.tamga('quarantine')
    assert 'post.csv, line 2' in listed and row('P1', post='AZ999999').strip()[:60] in listed, listed


def test_a_quarantined_record_is_settled_with_words():
    number = centre.tamga('quarantine').split()[0]
    centre.tamga('quarantine', number, '--settle', 'the declarant sent it again')
    assert not centre.tamga('quarantine').startswith(number + ' ')


def test_json_lines_from_standard_input():
    one = {'ref': 'J1', 'lodged': '2026-09-16T05:00:00+04:00', 'expected': '2026-09-16T16:00:00+04:00', 'regime': 'transit',
           'post': centre.post, 'departure': 'IR', 'destination': 'UA', 'currency': 'USD',
           'consignee': {'code': 'UA-77', 'name': 'Kherson fruit'},
           'items': [{'item_no': 1, 'hs': '080711', 'description': 'watermelons', 'origin': 'IR', 'gross_kg': '20000', 'net_kg': '19500',
                      'value': '4000.00'}]}
    text = run('import', '-', '--format', 'jsonl', '--home', centre.home, stdin=json.dumps(one) + '\n{"ref": "J2"}\n')
    assert '1 accepted' in text and '1 in quarantine' in text, text
    assert 'HS 0807.11' in centre.tamga('show', 'J1')


def test_korean_training_file():
    path = harness.shared('customs-declarations', 'train.csv')
    if path is None:
        raise tap.Skip('the shared declarations are absent')
    text = centre.tamga('import', path, '--mapping', 'korea')
    assert '37385 accepted' in text and '0 in quarantine' in text and '37385 control results' in text, text


def test_the_watched_folder():
    inbox = centre.home / 'inbox'
    (inbox / 'late.csv').write_text(HEAD + row('W1'))
    (inbox / 'notyet.csv.part').write_text(HEAD + row('W2'))
    old = time.time() - 60
    os.utime(inbox / 'late.csv', (old, old))
    text = centre.tamga('watch', '--once')
    assert '1 accepted' in text, text
    assert (inbox / '.done' / 'late.csv').exists() and (inbox / 'notyet.csv.part').exists()


def test_a_file_that_cannot_be_read_says_what_to_do():
    for name, content, words in (('x.csv', 'a,b\n1,2\n', 'mapping'), ('x.xml', '<!DOCTYPE a><a/>', 'DOCTYPE')):
        path = centre.folder / name
        path.write_text(content)
        try:
            centre.tamga('import', path)
        except harness.CommandFailed as e:
            assert words in e.err and name in e.err, e.err
        else:
            raise AssertionError(f'{name} was accepted')


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
