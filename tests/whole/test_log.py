"""The log can be checked by an outsider, and a change of any byte is caught."""
import json
import random
import shutil

import harness
import tap
from harness import Centre, CommandFailed, run

centre = None


def verify(folder):
    return run(folder, program=harness.VERIFY)


def test_an_exported_log_verifies():
    global centre
    centre = Centre()
    centre.tamga('log', 'export', centre.folder / 'copy')
    assert 'entries' in verify(centre.folder / 'copy')


def test_every_change_is_caught():
    entries = (centre.folder / 'copy' / 'entries.jsonl').read_bytes()
    random.seed(5)
    for case in range(20):
        bad = centre.folder / f'bad{case}'
        shutil.copytree(centre.folder / 'copy', bad)
        at = random.randrange(len(entries))
        flipped = bytes([entries[at] ^ (1 << random.randrange(7))])
        (bad / 'entries.jsonl').write_bytes(entries[:at] + flipped + entries[at + 1:])
        try:
            verify(bad)
        except CommandFailed as e:
            assert e.code == 1, e.code
        else:
            raise AssertionError(f'a flipped bit at byte {at} was not noticed')


def test_a_cut_log_is_caught():
    lines = (centre.folder / 'copy' / 'entries.jsonl').read_bytes().splitlines(keepends=True)
    cut = centre.folder / 'cut'
    shutil.copytree(centre.folder / 'copy', cut)
    (cut / 'entries.jsonl').write_bytes(b''.join(lines[:-1]))
    try:
        verify(cut)
    except CommandFailed:
        return
    raise AssertionError('a missing last entry was not noticed')


def test_the_key_of_a_day_is_committed_before_it_is_used():
    actions = [json.loads(line)['action'] for line in (centre.folder / 'copy' / 'entries.jsonl').read_text().splitlines()]
    assert actions[0] == 'centre.opened' and 'day_key.committed' in actions, actions[:5]
    first_import = actions.index('declarations.imported')
    assert actions.index('day_key.committed') < first_import


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
