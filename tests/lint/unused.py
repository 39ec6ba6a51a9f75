"""Every function and table that a room exports has a caller in another file of the program.

Reads the symbols of the built objects (arguments: the source's root, the build folder, nm).  What only its own file uses
should be static, unless a test asks it directly; what only tests and benches use should go with them, or stand in
unused.txt with the reason why it stays."""
import pathlib
import re
import subprocess
import sys

root, build, nm = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
stays = {}
for line in pathlib.Path(__file__).with_name('unused.txt').read_text().splitlines():
    line = line.split('#')[0].strip()
    if line:
        name, _, reason = line.partition(':')
        stays[name.strip()] = reason.strip()


def symbols(objects, what):
    out = subprocess.run([nm, '-A', '--extern-only', what, *map(str, objects)], capture_output=True, text=True, check=True)
    for line in out.stdout.splitlines():
        words = line.split()
        yield words[-1], words[0].partition(':')[0]


def objects_of(*folders):
    return sorted(path for folder in folders for path in (build / folder).rglob('*.o'))


program = objects_of('src')
if not program:
    sys.exit(f'{build}/src holds no objects: build first')
wanted = {name for name, _ in symbols(program, '--undefined-only')}
tests = objects_of('tests', 'bench')
tested = {name for name, _ in symbols(tests, '--undefined-only')} if tests else set()


def uses_itself(name, where):
    """Is it called in the file that defines it?  In clang-format's layout only a definition begins at the margin."""
    source = root / 'src' / pathlib.Path(where).relative_to(build / 'src').parent.parent / pathlib.Path(where).stem
    lines = source.read_text().splitlines() if source.is_file() else []
    return any(re.search(rf'\b{name}\b', line) and not re.match(rf'[a-z].*\b{name}\(', line) for line in lines)


problems, exported = [], set()
for name, where in symbols(program, '--defined-only'):
    if not name.startswith('tmg_'):
        continue
    exported.add(name)
    if name in wanted or name in stays:
        continue
    if name not in tested:
        problems.append(f'{where.rpartition("/")[2]}: no other file uses {name}: make it static or delete it')
    elif not uses_itself(name, where):
        problems.append(f'{where.rpartition("/")[2]}: only tests and benches use {name}: delete it with them')
for name, reason in stays.items():
    if name not in exported:
        problems.append(f'unused.txt: {name} is not exported any more')
    elif name in wanted:
        problems.append(f'unused.txt: {name} has a caller: take its line out')
    elif not reason:
        problems.append(f'unused.txt: {name}: say why it stays')
print('\n'.join(problems) if problems else f'{len(exported)} exported names have callers')
sys.exit(1 if problems else 0)
