"""Adds up meson's JUnit reports: prints each failure, what was skipped, then "N passed, N failed"."""
import itertools
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

REASON_LINES = 8
passed, failed, skipped = 0, [], []


def report(name):
    """Meson copies what a failing test printed as it is; XML has no place for a terminal's colours."""
    text = pathlib.Path(name).read_text(errors='replace')
    return tree.fromstring(re.sub('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]', '', text).encode())


def reason(suite, case):
    """What the test itself said of its failure: the remarks under its line, else the end of what its program printed."""
    printed = (suite.findtext('system-out') or '').splitlines()
    number = case.split(' - ')[0]
    for at, line in enumerate(printed):
        if re.match(rf'not ok {number}\b', line):
            rest = itertools.takewhile(lambda remark: remark.startswith('#'), printed[at + 1:])
            return [r[1:].rstrip() for r in rest if r[1:].strip() and not r.startswith('#     at ')][:REASON_LINES]
    return [r.rstrip() for r in printed + (suite.findtext('system-err') or '').splitlines() if r.strip()][-REASON_LINES:]


def cases(name):
    for suite in report(name).iter('testsuite'):
        for case in suite.findall('testcase'):
            yield suite, case


for name in sys.argv[1:]:
    where = pathlib.Path(name).parts[0]
    if not pathlib.Path(name).exists():
        failed.append(f'{name}: the tests did not run')
        continue
    for suite, case in cases(name):
        words = f'{where}: {case.get("classname")} {case.get("name")}'
        if case.find('failure') is not None or case.find('error') is not None:
            failed.append('\n    '.join([words, *reason(suite, case.get('name'))]))
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
