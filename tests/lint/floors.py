"""Reads every #include "room/..." under src/ against floors.txt, and looks for include circles inside a room.

TAP-free: prints each climbing include and exits 1; silent success otherwise."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
allowed = {}
for line in (root / 'tests/lint/floors.txt').read_text().splitlines():
    line = line.split('#')[0].strip()
    if line:
        room, _, below = line.partition(':')
        allowed[room.strip()] = set(below.split())

include = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
problems = []
graph = {}
for path in sorted((root / 'src').rglob('*.[ch]')):
    here = path.relative_to(root / 'src')
    room = here.parts[0]
    if room not in allowed:
        problems.append(f'{here}: the room "{room}" has no line in tests/lint/floors.txt')
        continue
    for target in include.findall(path.read_text()):
        to = target.split('/')[0] if '/' in target else room
        if '/' not in target:
            problems.append(f'{here}: write "{room}/{target}", not "{target}"')
        elif to != room and to not in allowed[room]:
            problems.append(f'{here}: includes {target}, but {room} may include only: {" ".join(sorted(allowed[room])) or "nothing"}')
        elif to != room and target.endswith('_priv.h'):
            problems.append(f'{here}: {target} is private to {to}')
        graph.setdefault(str(here), set()).add(target)


def circle(start):
    stack, seen = [(start, (start,))], set()
    while stack:
        node, path = stack.pop()
        for nxt in graph.get(node, ()):
            if nxt == start:
                return path + (nxt,)
            if nxt not in seen:
                seen.add(nxt)
                stack.append((nxt, path + (nxt,)))
    return None


for node in graph:
    if node.endswith('.h'):
        found = circle(node)
        if found:
            problems.append('include circle: ' + ' -> '.join(found))
print('\n'.join(problems) if problems else f'{len(graph)} files keep to the floors')
sys.exit(1 if problems else 0)
