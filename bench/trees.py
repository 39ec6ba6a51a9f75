"""Judging and explaining, compared: our trees and XGBoost's C API on the same model and rows, in one run and on one thread.

    python3 bench/trees.py [build] [runs]      (needs the shared declarations and a release build in ./build)

Trains 400 trees of depth 6 on train.csv (36 features) and judges every row of valid.csv. Figures are CPU time a row, the
median of `runs` (3) runs, each a median of seven turns; XGBoost explains 300 rows a run."""
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(root / 'tests/whole'))
sys.dont_write_bytecode = True
import matrix  # noqa: E402

build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else root / 'build')
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
data = pathlib.Path(os.environ.get('TAMGA_SHARED', root.parent / 'shared')) / 'data' / 'customs-declarations'
if not (data / 'train.csv').exists():
    sys.exit(f'{data} is absent: nothing to measure')
os.environ['OMP_WAIT_POLICY'] = 'passive'

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    features = matrix.Features()
    matrix.from_csv(features, data / 'train.csv', folder / 'train', True)
    matrix.from_csv(features, data / 'valid.csv', folder / 'valid', False)
    request = {'matrix': str(folder / 'train'), 'model': str(folder / 'model.ubj'), 'rounds': 400}
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([build / 'src/learn/tamga-train'], input=json.dumps(request), text=True, check=True, stdout=subprocess.DEVNULL)
    training = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    said = [json.loads(subprocess.run([build / 'src/learn/tamga-trees-bench', folder / 'model.ubj', folder / 'valid', '300'],
                                      check=True, capture_output=True, text=True).stdout) for _ in range(runs)]

us = {key: statistics.median(s[key] for s in said) / 1000 for key in said[0] if key.endswith('_ns')}
print(f'{said[0]["trees"]} trees, {said[0]["features"]} features, {said[0]["rows"]} rows; trained in {training:.2f} CPU-s; '
      f'read in {us["read_ns"] / 1000:.1f} ms, explaining prepared in {us["tables_ns"] / 1000:.1f} ms\n')
print('| CPU µs a row | Tamga | XGBoost | ratio |\n|---|---|---|---|')
for words, key in (('one row', 'single'), ('batch', 'batch'), ('exact Shapley values', 'shapley')):
    ours, theirs = us[key + '_ns'], us[f'xgboost_{key}_ns']
    print(f'| {words} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.1f} |')
print('\ngreatest difference: margin {margin_difference}, probability {probability_difference}, contribution '
      '{contribution_difference}'.format(**said[0]))
