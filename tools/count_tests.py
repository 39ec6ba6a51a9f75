"""Adds up meson's JUnit reports: prints each failure, what was skipped, then "N passed, N failed"."""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

passed, failed, skipped = 0, [], []


def report(name):
    """Meson copies what a failing test printed as it is; XML has no place for a terminal's colours."""
    text = pathlib.Path(name).read_text(errors='replace')
    return tree.fromstring(re.sub('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]', '', text).encode())


for name in sys.argv[1:]:
    where = pathlib.Path(name).parts[0]
    if not pathlib.Path(name).exists():
        failed.append(f'{name}: the tests did not run')
        continue
    for case in report(name).iter('testcase'):
        words = f'{where}: {case.get("classname")} {case.get("name")}'
        if case.find('failure') is not None or case.find('error') is not None:
            failed.append(words)
        elif case.find('skipped') is not None:
            skipped.append(words)
        else:
            passed += 1
for words in skipped:
    print('skipped', words)
for words in failed:
    print('FAILED ', words)
if failed:
    print('build-check/check.log and the folders meson-logs say more')
if skipped:
    print(f'{len(skipped)} skipped: what they need is not on this machine')
print(f'{passed} passed, {len(failed)} failed')
sys.exit(1 if failed or passed == 0 else 0)
