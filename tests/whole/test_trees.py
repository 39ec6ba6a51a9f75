"""Our trees beside XGBoost's own, on every row of public data: the same judgement, the same reasons."""
import json
import pathlib
import shutil
import subprocess
import tempfile

import harness
import matrix
import tap
from harness import BUILD, run

TRAIN, BESIDE = BUILD / 'src/learn/tamga-train', BUILD / 'src/learn/tamga-trees-bench'
folder = None
progress = None


def need_xgboost():
    if not TRAIN.exists():
        raise tap.Skip('this build has no XGBoost')


def train(request):
    return subprocess.run([str(TRAIN)], input=json.dumps(request), capture_output=True, text=True, timeout=600)


def prepared():
    """The folder with both matrices and both forms of one model."""
    global folder, progress
    need_xgboost()
    learn, judge = harness.shared('customs-declarations', 'train.csv'), harness.shared('customs-declarations', 'valid.csv')
    if learn is None or judge is None:
        raise tap.Skip('the shared declarations are absent')
    if folder is None:
        folder = pathlib.Path(tempfile.mkdtemp(prefix='tamga-trees-'))
        features = matrix.Features()
        matrix.from_csv(features, learn, folder / 'train', True)
        matrix.from_csv(features, judge, folder / 'valid', False)
        for form in ('ubj', 'json'):
            done = train({'matrix': str(folder / 'train'), 'model': str(folder / f'model.{form}'), 'rounds': 150})
            assert done.returncode == 0, done.stderr
        progress = [json.loads(line) for line in done.stdout.splitlines()]
    return folder


def test_training_tells_every_round_and_its_loss_falls():
    prepared()
    assert [p['round'] for p in progress] == list(range(1, 151))
    assert progress[-1]['loss_ppm'] < progress[0]['loss_ppm'] / 2, progress[-1]


def test_every_row_is_judged_and_explained_as_XGBoost_does():
    said = json.loads(run(prepared() / 'model.ubj', folder / 'valid', program=BESIDE))
    assert said['rows'] == said['explained_rows'] == 8134 and said['trees'] == 150
    assert said['probability_difference'] <= 1e-6, said
    assert said['contribution_difference'] <= 1e-4, said
    assert said['sum_difference'] <= 1e-4, said


def test_the_JSON_form_says_the_same():
    said = json.loads(run(prepared() / 'model.json', folder / 'valid', 100, program=BESIDE))
    assert said['margin_difference'] == 0, said
    assert said['contribution_difference'] <= 1e-4, said


def test_the_same_request_gives_the_same_file():
    prepared()
    done = train({'matrix': str(folder / 'train'), 'model': str(folder / 'again.ubj'), 'rounds': 150})
    assert done.returncode == 0, done.stderr
    assert (folder / 'again.ubj').read_bytes() == (folder / 'model.ubj').read_bytes()


def test_a_bad_request_is_refused_with_a_sentence():
    need_xgboost()
    for request, code, words in (({'matrix': 'nowhere', 'model': 'm'}, 3, 'nowhere'),
                                 ({'matrix': 'nowhere'}, 2, 'model: is missing'),
                                 ({'matrix': 'a', 'model': 'b', 'depth': 99}, 2, 'depth: expected 1 to 12, not 99'),
                                 ({'matrix': 'a', 'model': 'b', 'dept': 9}, 2, 'dept: no such member')):
        done = train(request)
        assert done.returncode == code and words in done.stderr, (request, done.returncode, done.stderr)


def test_it_ends_when_nobody_listens():
    prepared()
    process = subprocess.Popen([str(TRAIN)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps({'matrix': str(folder / 'train'), 'model': str(folder / 'lost.ubj'), 'rounds': 5000}))
    process.stdin.close()
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) != 0
    assert not (folder / 'lost.ubj').exists()


def cleanup():
    if folder is not None:
        shutil.rmtree(folder)


tap.main()
