"""Rules as text at the command line: the examples of the documentation are good, and a bad rule ends like a bad program."""
import pathlib
import re
import subprocess
import tempfile

import harness
import tap

docs = pathlib.Path(__file__).resolve().parents[2] / 'docs'


def rule(*args):
    return subprocess.run([str(harness.TAMGA), 'rule', *args], capture_output=True, text=True)


def written(text):
    path = pathlib.Path(tempfile.mkdtemp()) / 'a.rule'
    path.write_text(text)
    return str(path)


def test_the_examples_of_the_documentation_are_good():
    blocks = re.findall(r'```\n(rule .*?)```', (docs / 'rules-examples.md').read_text(), re.S)
    assert len(blocks) >= 6, len(blocks)
    answer = rule('check', written('\n'.join(blocks)))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.count('good; costs at most') == len(blocks), answer.stdout


def test_the_asycuda_example_gives_the_rule_beside_it():
    text = (docs / 'rules-examples.md').read_text()
    criterion = re.search(r'```asycuda\n(.*?)```', text, re.S).group(1)
    answer = rule('import-asycuda', written(criterion))
    assert answer.returncode == 0 and answer.stdout in text, answer.stdout + answer.stderr


def test_a_bad_rule_is_shown_with_its_place_and_the_program_ends_with_1():
    path = written('rule "A" version 1 {\n  when orgin = IR\n  then lane red\n}\n')
    answer = rule('check', path)
    assert answer.returncode == 1, answer
    assert f'{path}:2:8: error: there is no field `orgin` [name]' in answer.stdout, answer.stdout
    assert '      = help: did you mean `origin`?' in answer.stdout, answer.stdout
    assert '1 error, 0 rules are good' in answer.stderr, answer.stderr


def test_formatting_twice_changes_nothing():
    once = rule('format', written('rule "A" version 1 { when origin=IR and not(hs under 0802) then lane red }'))
    assert 'when    origin = IR and hs not under 0802\n' in once.stdout, once.stdout
    assert rule('format', written(once.stdout)).stdout == once.stdout


tap.main()
