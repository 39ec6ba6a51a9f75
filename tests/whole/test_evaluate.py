"""The mind judged on public data: the numbers that the project promises, on the quarter it may tune on."""
import json

import harness
import tap
from harness import run

verdict = None


def files():
    train, valid = harness.shared('customs-declarations', 'train.csv'), harness.shared('customs-declarations', 'valid.csv')
    if train is None or valid is None:
        raise tap.Skip('the shared declarations are absent')
    return train, valid


def test_one_json_object_with_every_figure():
    global verdict
    verdict = json.loads(run('evaluate', *files(), '--mapping', 'korea', '--json'))
    for k in (1, 2, 5, 10, 20):
        assert 0 <= verdict['fraud'][f'p_at_{k}'] <= 1
    for k in (1, 5, 10):
        assert 0 <= verdict['critical'][f'recall_at_{k}'] <= 1
    for name in ('auc', 'ap', 'brier', 'ece'):
        assert 0 <= verdict[name] <= 1
    assert verdict['test_rows'] == 8134 and verdict['train_rows'] == 37385 and verdict['unreadable_rows'] == 0


def test_fraud_precision():
    files()
    assert verdict['fraud']['p_at_5'] >= 0.97 and verdict['fraud']['p_at_10'] >= 0.92, verdict['fraud']


def test_critical_recall():
    files()
    assert verdict['critical']['recall_at_5'] >= 0.80, verdict['critical']


def test_probabilities_are_calibrated():
    files()
    assert verdict['ece'] <= 0.02 and verdict['critical']['ece'] <= 0.02, verdict


def test_the_replay_takes_five_per_cent_of_each_day_rounded_up():
    files()
    replay = verdict['replay']
    assert replay['inspected'] == 450 and replay['days'] == 90, replay
    assert replay['critical'] <= replay['fraud'] <= replay['inspected'], replay


def test_repetition_is_reported_apart():
    files()
    assert verdict['repeated']['rows'] + verdict['new']['rows'] == verdict['test_rows']
    assert verdict['new']['auc'] < verdict['repeated']['auc'], 'new goods are harder than repeated ones'


def test_words_for_people():
    text = run('evaluate', *files(), '--mapping', 'korea')
    assert 'P@5' in text and 'replay' in text and 'repeated' in text, text


tap.main()
