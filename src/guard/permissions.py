"""Turns permissions.txt into a C header: the enum of rights and the table TMG_PERMISSION_TABLE of names and roles.

usage: permissions.py OUTPUT INPUT"""
import re
import sys

ROLES = {'analyst': 'TMG_ANALYST', 'chief': 'TMG_CHIEF', 'team': 'TMG_TEAM', 'auditor': 'TMG_AUDITOR',
         'administrator': 'TMG_ADMINISTRATOR', 'investigator': 'TMG_INVESTIGATOR', 'custodian': 'TMG_CUSTODIAN',
         'statistician': 'TMG_STATISTICIAN'}


def read(path):
    rows = []
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.split('#')[0].strip()
        if not line:
            continue
        name, roles, words = re.split(r'\s{2,}', line, maxsplit=2)
        if not re.fullmatch(r'[a-z]+\.[a-z_]+', name):
            sys.exit(f'{path}:{number}: "{name}" is not written like "noun.verb"')
        unknown = [role for role in roles.split() if role not in ROLES]
        if unknown:
            sys.exit(f'{path}:{number}: unknown role "{unknown[0]}"')
        if name in (row[0] for row in rows):
            sys.exit(f'{path}:{number}: "{name}" stands twice')
        rows.append((name, roles.split(), words))
    return rows


def main(output, source):
    rows = read(source)
    with open(output, 'w', encoding='utf-8') as out:
        out.write('/* Made by permissions.py from permissions.txt. */\n'
                  '#ifndef TMG_GUARD_PERMISSIONS_GEN_H\n#define TMG_GUARD_PERMISSIONS_GEN_H\n\n'
                  'typedef enum tmg_permission {\n')
        for name, _, words in rows:
            out.write(f'    TMG_MAY_{name.replace(".", "_").upper()}, /* {words} */\n')
        out.write('    TMG_PERMISSIONS\n} tmg_permission;\n\n'
                  '/* X(permission, name, set of roles as bits) for each, in the order of the enum. */\n'
                  '#define TMG_PERMISSION_TABLE(X)')
        for name, roles, _ in rows:
            bits = ' | '.join(f'1u << {ROLES[role]}' for role in roles)
            out.write(f' \\\n    X(TMG_MAY_{name.replace(".", "_").upper()}, "{name}", {bits})')
        out.write('\n\n#endif\n')


main(*sys.argv[1:])
