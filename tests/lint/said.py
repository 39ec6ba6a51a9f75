"""Every sentence of the program that can reach a screen has words in Azerbaijani and Russian, and so have shipped rules
and the actions of the log.

A sentence is known by its form: the printf format with its conversions numbered (base/say.h).  The forms are read from the
source and held against ui/src/i18n/{az,ru}/said.json, both ways: a form without words fails, and words without a form.
`--list` prints what lacks words, one JSON string a line.
"""
import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
LANGUAGES = ('az', 'ru')

# Who makes sentences, and which argument is the form: the first text among the arguments from that place on.
MAKERS = {'TMG_FAIL': 2, 'tmg_err_within': 1, 'TMG_REFUSE_ENTRY': 2, 'tmg_lang_fault': 4, 'tmg_lang_say': 1, 'tmg_note': 6,
          'tmg_note_named': 4, 'FAULT': 3, 'REMARK': 3, 'tmg_faults_add': 2, 'tmg_watch_say': 5, 'tmg_say_kept': 1}
# Whose texts stand inside a sentence, each by itself.
PHRASES = {'tmg_lang_fault': (3,), 'tmg_lang_expected': (1,), 'refuse_member': (2,), 'missing': (2,),
           'tmg_check_meet': (4,), 'tmg_parse_text': (1,), 'take_code': (1,)}
REFUSALS = {'refuse': ('src/intake/put.c', 'src/intake/json_declaration.c', 'src/intake/lists.c')}

# What a sentence is filled with and does not stand in a call that is read above.
TABLES = {
    'src/rule/check_value.c': ('a condition', 'a code', 'a text', 'a set of codes', 'a number', 'an instant', 'a duration'),
    'src/rule/protected.c': ('the sex of a person', 'the ethnicity of a person', 'the religion of a person',
                             'the age of a person', 'the nationality of a person'),
    'src/rule/metadata.c': ('a title: what the rule is about', 'an owner: who answers for it',
                            'a basis: the law or order it rests on', 'an expiry: rules that nobody looks at again rot',
                            'a why: what officers are told'),
    'src/rule/faults.c': ('the end', 'a text without its closing quote', '`=` compares; there is no `==`',
                          'write `and`, `or`, `not`',
                          'a text ends on the line where it begins; write \\" for a quote inside it'),
    'src/rule/suggest.c': ('`tamga rule fields` lists the fields; a code that looks like a name is written in quotes',),
    'src/rule/inline_tests.c': ('unknown', 'a miss', 'a hit'),
    'src/rule/test_answers.c': ("the test lies outside the rule's scope or posts",),
    'src/rule/windows_said.c': ('distinct', 'this function'),
    'src/app/rules_ship.c': ('shipped with Tamga',),
    'src/risk/drift.c': ('the rare ones together',),
    'src/risk/drift_hits.c': ('twice', 'half'),
    'src/web/rule_parts.c': ('line {1}, column {2}',),
    'src/intake/findings.c': ('item {1}',),
    'src/web/schema.c': ('an object', 'an array', 'a value'),
}

# Whose long texts are sentences, each its own code.
STATEMENTS = ('src/app/back_test_report.c', 'src/app/rules_ship.c', 'src/web/choosing_routes.c')

# Nothing here is said to a screen: commands, start-up, files of the administrator, the training process.
ROOMS = ('app', 'base', 'casework', 'guard', 'intake', 'report', 'risk', 'rule', 'store', 'web')
ELSEWHERE = re.compile(
    r'src/(app/(settings|centre|seed|substances_load|evaluate_files|replay|training|rules_ship|demo_\w+|again|inbox|'
    r'features|model_card)'
    r'|base/(ini|file|hash)|casework/(code_lists|flow_check|flow_read)'
    r'|guard/(checkpoint|log|log_export|log_tree|note|verify\w*)|risk/(chains|mandatory|assessments|calibration|fusion_store|'
    r'day_keys|models|candidates)|rule/(asycuda\w*|compile|index|values)|store/(\w*sqlite\w*|migrate|evidence|checkpointer)'
    r'|web/(front|http|serve|pool))\.c$')
# The disk, the database and the machine: a screen says that, and the operator's log says what.
MACHINE = ('TMG_E_STORE', 'TMG_E_IO')

TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
# A failure with a name of its own has its words under that name (ui/src/i18n/*/fault.json).
NAMED = re.compile(r'tmg_err_(?:code|named)\(\s*\Z')
CONVERSION = re.compile(r'%[-+ #0-9.*]*(?:hh|h|ll|l|z|j|t)?[a-zA-Z]|%%')


def arguments(source, at):
    """The arguments of the call whose bracket opens just before `at`."""
    depth, begun, found, quoted, i = 0, at, [], False, at
    while i < len(source):
        c = source[i]
        if quoted:
            i += c == '\\'
            quoted = c != '"' or source[i - 1] == '\\' and source[i] != '"'
        elif c == '"':
            quoted = True
        elif c == "'":
            i = source.index("'", i + (2 if source[i + 1] == '\\' else 1) + (1 if source[i + 1] == '\\' else 0))
        elif c in '([{':
            depth += 1
        elif c in ')]}' and depth > 0:
            depth -= 1
        elif c == ')':
            return found + [source[begun:i]]
        elif c == ',' and depth == 0:
            found.append(source[begun:i])
            begun = i + 1
        i += 1
    return found


def unescape(text):
    return text.replace('\\"', '"').replace('\\\\', '\\')


def texts(argument):
    """The texts that an argument can be: neighbours are one, the sides of a choice are several."""
    found, last = [], None
    for m in TEXT.finditer(argument):
        if last is not None and argument[last:m.start()].strip() == '':
            found[-1] += unescape(m.group(1))
        else:
            found.append(unescape(m.group(1)))
        last = m.end()
    return found


def form(text):
    number = 0

    def one(m):
        nonlocal number
        if m.group(0) == '%%':
            return '%'
        number += 1
        return '{%d}' % number
    return CONVERSION.sub(one, text)


def worth(said):
    return re.search(r'[A-Za-z]{2}', re.sub(r'\{\d+\}|`[^`]*`', '', said)) is not None or '` or' in said


def sentences():
    found = {}

    def take(said, path):
        if worth(said):
            found.setdefault(said, path)

    for room in ROOMS:
        for path in sorted((root / 'src' / room).glob('*.c')):
            name = str(path.relative_to(root))
            if ELSEWHERE.search(name):
                continue
            source = re.sub(r'/\*.*?\*/', lambda m: ' ' * len(m.group(0)), path.read_text(), flags=re.S)
            for m in re.finditer(r'\b(\w+)\(', source):
                call = m.group(1)
                phrases = PHRASES.get(call, ())
                if call in REFUSALS and name in REFUSALS[call]:
                    phrases = (2, 3)
                if call not in MAKERS and not phrases:
                    continue
                args = arguments(source, m.end())
                if call == 'TMG_FAIL' and (len(args) > 1 and args[1].strip() in MACHINE or
                                           NAMED.search(source[max(0, m.start() - 80):m.start()])):
                    continue
                if call in MAKERS and len(args) > MAKERS[call]:
                    before = '{1}, line {2}: ' if call == 'TMG_REFUSE_ENTRY' else ''
                    for text in texts(args[MAKERS[call]]):
                        said = form(text)
                        if before:
                            said = before + re.sub(r'\{(\d+)\}', lambda n: '{%d}' % (int(n.group(1)) + 2), said)
                        take(said, name)
                for i in phrases:
                    if len(args) > i and not TEXT.sub('', args[i]).strip().startswith('tmg_lang_say'):
                        for text in texts(args[i]):
                            take(text if call != 'tmg_lang_say' else form(text), name)
    table = (root / 'src/rule/fields.c').read_text().split('static const tmg_rule_field fields[]')[1].split('\n};')[0]
    for text in texts(table.replace('},', '')):
        if ' ' in text:
            take(text, 'src/rule/fields.c')
    source = (root / 'src/web/rule_language_routes.c').read_text()
    for text in texts(source.split('functions[] = {')[1].split('\n};')[0].replace('},', '')):
        if not re.match(r'[a-z_.]+(\(.*\))?$', text):
            take(text, 'src/web/rule_language_routes.c')
    for path in STATEMENTS:
        for text in texts(re.sub(r'/\*.*?\*/', '', (root / path).read_text(), flags=re.S)):
            if len(text) > 40 and re.match(r'[a-zA-Z():]+ [a-z]+ ', text) and '%' not in text and not text.startswith('SELECT'):
                take(text, path)
    for path, phrases in TABLES.items():
        source = (root / path).read_text()
        for said in phrases:
            if re.split(r'\{\d+\}', said)[0].strip().replace('\\', '\\\\').replace('"', '\\"') not in source:
                raise SystemExit(f'{path} has no "{said}" any more: mend TABLES in said.py')
            take(said, path)
    return found


def shipped_rules():
    """What a shipped rule says without saying it in every language."""
    for path in sorted((root / 'config/rules').glob('*.rule')):
        for rule in re.split(r'(?m)^(?=rule ")', path.read_text(encoding='utf-8')):
            name = re.match(r'rule "([^"]+)"', rule)
            for clause in ('title', 'why', 'trader'):
                if name and re.search(rf'(?m)^  {clause} ', rule):
                    for language in LANGUAGES:
                        if not re.search(rf'(?m)^  {clause}\.{language} ', rule):
                            yield f'{path.relative_to(root)}: {name.group(1)} lacks {clause}.{language}'


def log_actions():
    """Actions of the log without words on its screen."""
    words = json.loads((root / 'ui/src/i18n/en/log.json').read_text(encoding='utf-8'))
    table = (root / 'docs/log.md').read_text(encoding='utf-8').split('| action |')[-1]
    for row in re.findall(r'(?m)^\| (`[a-z_.`, ]+`) \|', table):
        for action in re.findall(r'`([a-z_]+(?:\.[a-z_]+)?)`', row):
            if f'log.do.{action}' not in words:
                yield f'docs/log.md: the action {action} has no words: add log.do.{action} to ui/src/i18n/*/log.json'


def slots(said):
    return sorted(set(re.findall(r'\{(\d+)\}', said)))


def main():
    wanted = sentences()
    problems = [] if '--list' in sys.argv else [*shipped_rules(), *log_actions()]
    for language in LANGUAGES:
        path = root / f'ui/src/i18n/{language}/said.json'
        words = json.loads(path.read_text(encoding='utf-8')) if path.exists() else {}
        lacking = [s for s in wanted if s not in words]
        if '--list' in sys.argv:
            if language == LANGUAGES[0]:
                print('\n'.join(json.dumps(s, ensure_ascii=False) for s in lacking))
            continue
        problems += [f'{wanted[s]}: no words in {language} for {json.dumps(s, ensure_ascii=False)}: add them to {path.name}'
                     for s in lacking]
        problems += [f'{language}/said.json: nothing says {json.dumps(s, ensure_ascii=False)} any more'
                     for s in words if s not in wanted]
        problems += [f'{language}/said.json: {json.dumps(s, ensure_ascii=False)} names other values'
                     for s in words if s in wanted and not set(slots(words[s])) <= set(slots(s))]
    print('\n'.join(problems))
    if '--list' not in sys.argv:
        print(f'said: {len(wanted)} sentences in {", ".join(LANGUAGES)}; {len(problems)} faults')
    return 1 if problems else 0


sys.exit(main())
