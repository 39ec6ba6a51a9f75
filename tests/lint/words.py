"""Small rules that a compiler does not know: each has its reason.

- A variable with a cleanup (TMG_AUTO_...) starts with a value: a way out before it got one would free garbage.
- Marks of unfinished work belong in the tracker, not in the source.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
rules = [
    (re.compile(r'\bTMG_AUTO_\w+ [^;={]*;'), 'give it a value where it is declared'),
    (re.compile(r'\b(TODO|FIXME)\b'), 'unfinished work belongs in the tracker'),
]
problems = []
for path in sorted((root / 'src').rglob('*.[ch]')):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for pattern, words in rules:
            if pattern.search(line) and '#define' not in line:
                problems.append(f'{path.relative_to(root)}:{number}: {words}: {line.strip()}')
print('\n'.join(problems))
sys.exit(1 if problems else 0)
