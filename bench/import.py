"""Import, compared: bare `sqlite3 .import` of a CSV into one table of text, and `tamga import` of the same file with
parsing, validation, scoring, audit and durable storage with four secondary indexes.

    python3 bench/import.py [rows] [runs]      (needs the shared declarations and a release build in ./build)

The file is train.csv repeated to `rows` rows (1,000,000), each with a reference of its own. Figures are CPU time (user +
system) of the whole process and its peak memory, the median of `runs` (3) runs taken in turn."""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[1]
shared = pathlib.Path(os.environ.get('TAMGA_SHARED', root.parent / 'shared'))
train = shared / 'data' / 'customs-declarations' / 'train.csv'
rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
tamga = root / 'build/src/cli/tamga'
if not train.exists():
    sys.exit(f'{train} is absent: nothing to measure')


def make(path):
    lines = train.read_text().splitlines()
    head, body = lines[0], [line.split(',', 1)[1] for line in lines[1:]]
    with open(path, 'w') as out:
        out.write(head + '\n')
        for i in range(rows):
            out.write(f'{10_000_000 + i},{body[i % len(body)]}\n')


def measure(args, **kw):
    process = subprocess.Popen([str(a) for a in args], stdout=subprocess.DEVNULL, **kw)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f'{args} ended with {status}')
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='tamga-bench-'))
    try:
        csv = folder / 'rows.csv'
        make(csv)
        bare, full = [], []
        for run in range(runs):
            db = folder / f'bare{run}.db'
            bare.append(measure(['sqlite3', db, f'.import --csv {csv} t']))
            db.unlink()
            home = folder / f'centre{run}'
            subprocess.run([tamga, 'init', home], check=True, stdout=subprocess.DEVNULL)
            full.append(measure([tamga, 'import', csv, '--mapping', 'korea', '--home', home]))
            size = (home / 'centre.db').stat().st_size
            shutil.rmtree(home)
        cpu = [statistics.median(x[0] for x in part) for part in (bare, full)]
        ram = [statistics.median(x[1] for x in part) for part in (bare, full)]
        print(f'{rows:,} declarations, {csv.stat().st_size / 1e6:.0f} MB of CSV, median of {runs} runs in turn')
        print(f'{"":28} {"CPU s":>8} {"rows/CPU-s":>12} {"us/row":>8} {"peak MiB":>9} {"ratio":>6}')
        for name, c, m in (('sqlite3 .import (bare)', cpu[0], ram[0]), ('tamga import (everything)', cpu[1], ram[1])):
            print(f'{name:28} {c:8.2f} {rows / c:12,.0f} {c / rows * 1e6:8.2f} {m:9.0f} {cpu[0] / c:6.3f}')
        print(f'database of the centre: {size / rows:.0f} bytes a declaration')
    finally:
        shutil.rmtree(folder)


main()
