"""The API is described once, in api/*.json; this makes from it what the program, its users and the tests need.

usage: api.py [--handlers FILE.h] [--routes FILE.h] [--embed FILE.h] [--openapi FILE.json] [--types FILE.d.ts]
              [--docs FILE.md] [--check-docs FILE.md] [--version TEXT] API_FOLDER PERMISSIONS_FILE

One file per route: name, method, path, summary, permission (a line of permissions.txt, "public" or "signed-in"),
from_here (callers on the same machine need no permission), audit ("leaf": its use is recorded in the log), streams,
accepts, body_max, query, request, defers (the handler itself reads and checks the body), status, also (a second status
with the same answer), response_type, response, errors.  Schemas are a subset of JSON Schema: type, properties, required,
additionalProperties false, items, enum, minimum, maximum, minLength, maxLength, minItems, maxItems, format, nullable,
and $ref into schemas.json.
"""
import argparse
import json
import pathlib
import re
import sys

METHODS = ('GET', 'POST', 'PUT', 'DELETE')
KNOWN = {'name', 'method', 'path', 'summary', 'permission', 'from_here', 'audit', 'streams', 'accepts', 'body_max',
         'query', 'request', 'status', 'also', 'response_type', 'response', 'errors', 'defers'}
SCHEMA_KNOWN = {'type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'minimum', 'maximum',
                'minLength', 'maxLength', 'minItems', 'maxItems', 'format', 'nullable', 'description'}
KINDS = {'object': 'TMG_SCHEMA_OBJECT', 'array': 'TMG_SCHEMA_ARRAY', 'string': 'TMG_SCHEMA_TEXT',
         'integer': 'TMG_SCHEMA_INTEGER', 'number': 'TMG_SCHEMA_NUMBER', 'boolean': 'TMG_SCHEMA_BOOLEAN'}
REF = '#/components/schemas/'


class Wrong(Exception):
    pass


def read_permissions(path):
    rows = {}
    for line in pathlib.Path(path).read_text(encoding='utf-8').splitlines():
        line = line.split('#')[0].strip()
        if line:
            name, roles, _ = re.split(r'\s{2,}', line, maxsplit=2)
            rows[name] = roles.split()
    return rows


def check_schema(where, schema, schemas):
    if '$ref' in schema:
        if set(schema) != {'$ref'} or schema['$ref'].removeprefix(REF) not in schemas:
            raise Wrong(f'{where}: {schema["$ref"]} is not in schemas.json')
        return
    unknown = set(schema) - SCHEMA_KNOWN
    if unknown or schema.get('type') not in KINDS:
        raise Wrong(f'{where}: {sorted(unknown) or schema.get("type")} is not understood')
    for name, member in schema.get('properties', {}).items():
        check_schema(f'{where}.{name}', member, schemas)
    for name in schema.get('required', []):
        if name not in schema.get('properties', {}):
            raise Wrong(f'{where}: required "{name}" is not among its properties')
    if 'items' in schema:
        check_schema(where + '[]', schema['items'], schemas)


def check_route(where, r, permissions, schemas):
    if set(r) - KNOWN:
        raise Wrong(f'{where}: {sorted(set(r) - KNOWN)} is not understood')
    for key in ('name', 'method', 'path', 'summary', 'permission', 'audit', 'status', 'errors'):
        if key not in r:
            raise Wrong(f'{where}: "{key}" is missing')
    if r['method'] not in METHODS or r['audit'] not in ('none', 'leaf') or r['name'] != where:
        raise Wrong(f'{where}: method, audit class or name is not one that is known')
    if r['permission'] not in ('public', 'signed-in') and r['permission'] not in permissions:
        raise Wrong(f'{where}: the permission {r["permission"]} is not in permissions.txt')
    if r['path'].count('{') > 2:
        raise Wrong(f'{where}: more than two parameters in the path')
    for key in ('request', 'response'):
        if key in r:
            check_schema(f'{where}.{key}', r[key], schemas)
    for q in r.get('query', []):
        check_schema(f'{where}?{q["name"]}', q['schema'], schemas)


def load(folder, permissions):
    folder = pathlib.Path(folder)
    schemas = json.loads((folder / 'schemas.json').read_text(encoding='utf-8'))
    for name, schema in schemas.items():
        check_schema(name, schema, schemas)
    routes = []
    for path in sorted(folder.glob('*.json')):
        if path.name == 'schemas.json':
            continue
        route = json.loads(path.read_text(encoding='utf-8'))
        check_route(path.stem, route, permissions, schemas)
        routes.append(route)
    seen = set()
    for r in routes:
        key = (r['method'], re.sub(r'\{\w+\}', '{}', r['path']))
        if key in seen:
            raise Wrong(f'{r["name"]}: another route has the same method and path')
        seen.add(key)
    return sorted(routes, key=lambda r: (r['path'], METHODS.index(r['method']))), schemas


def quote(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


class Tables:
    """Writes schemas as static C tables, innermost first."""

    def __init__(self, schemas):
        self.schemas, self.lines, self.count = schemas, [], 0

    def name(self, kind):
        self.count += 1
        return f'{kind}_{self.count}'

    def schema(self, s):
        if '$ref' in s:
            return self.schema(self.schemas[s['$ref'].removeprefix(REF)])
        kind = s['type']
        least, most = {'string': ('minLength', 'maxLength'), 'array': ('minItems', 'maxItems')}.get(kind, (None, None))
        fields = [f'.kind = {KINDS[kind]}',
                  f'.minimum = {self.bound(s.get("minimum"), "INT64_MIN")}',
                  f'.maximum = {self.bound(s.get("maximum"), "INT64_MAX")}',
                  f'.least = {self.bound(s.get(least), "INT64_MIN")}',
                  f'.most = {self.bound(s.get(most), "INT64_MAX")}']
        if s.get('nullable'):
            fields.append('.nullable = true')
        if 'enum' in s:
            words = self.name('words')
            self.lines.append(f'static const char *const {words}[] = {{{", ".join(map(quote, s["enum"]))}, NULL}};')
            fields.append(f'.one_of = {words}')
        if 'items' in s:
            fields.append(f'.items = &{self.schema(s["items"])}')
        if s.get('properties'):
            required = s.get('required', [])
            fields.append('.members = ' + self.members([(n, n in required, m) for n, m in s['properties'].items()]))
        if s.get('additionalProperties') is False:
            fields.append('.closed = true')
        name = self.name('schema')
        self.lines.append(f'static const tmg_schema {name} = {{{", ".join(fields)}}};')
        return name

    def members(self, rows):
        made = [f'{{{quote(n)}, {"true" if need else "false"}, &{self.schema(s)}}}' for n, need, s in rows]
        name = self.name('members')
        self.lines.append(f'static const tmg_schema_member {name}[] = {{{", ".join(made)}, {{NULL, false, NULL}}}};')
        return name

    @staticmethod
    def bound(v, otherwise):
        return otherwise if v is None else f'INT64_C({v})'


def write_handlers(routes):
    return '\n'.join(['/* Made by tools/api.py from api/: one function per route answers it. */',
                      '#ifndef TMG_WEB_HANDLERS_GEN_H', '#define TMG_WEB_HANDLERS_GEN_H', '',
                      *[f'void tmg_do_{r["name"]}(tmg_call *c); /* {r["method"]} {r["path"]} */' for r in routes],
                      '', '#endif', ''])


def write_routes(routes, schemas):
    tables, rows = Tables(schemas), []
    for r in routes:
        permission = {'public': 'TMG_PUBLIC', 'signed-in': 'TMG_SIGNED_IN'}.get(
            r['permission'], 'TMG_MAY_' + r['permission'].replace('.', '_').upper())
        query = [(q['name'], q.get('required', False), q['schema']) for q in r.get('query', [])]
        plain_json = 'request' in r
        fields = [f'.name = {quote(r["name"])}', f'.method = TMG_{r["method"]}', f'.path = {quote(r["path"])}',
                  f'.summary = {quote(r["summary"])}', f'.permission = {permission}',
                  f'.from_here = {str(r.get("from_here", False)).lower()}',
                  f'.streams = {str(r.get("streams", False)).lower()}',
                  f'.accepts = {quote(" ".join(r["accepts"])) if "accepts" in r else "NULL"}',
                  f'.body_max = {r.get("body_max", 1048576 if "accepts" in r else 0)}',
                  f'.defers = {str(r.get("defers", False)).lower()}',
                  f'.request = {"&" + tables.schema(r["request"]) if plain_json else "NULL"}',
                  f'.query = {tables.members(query) if query else "NULL"}',
                  f'.handler = tmg_do_{r["name"]}']
        rows.append('    {' + ',\n     '.join(fields) + '},')
    return '\n'.join(['/* Made by tools/api.py from api/. */', *tables.lines, '',
                      'const tmg_route TMG_ROUTES[] = {', *rows, '};',
                      'const size_t TMG_ROUTE_COUNT = sizeof TMG_ROUTES / sizeof TMG_ROUTES[0];', ''])


def modern(s):
    """JSON Schema 2020-12 as OpenAPI 3.1 wants it: nullable becomes a second type."""
    if isinstance(s, list):
        return [modern(v) for v in s]
    if not isinstance(s, dict):
        return s
    s = {k: {n: modern(m) for n, m in v.items()} if k == 'properties' else modern(v) for k, v in s.items()}
    if s.pop('nullable', False):
        s['type'] = [s['type'], 'null']
    return s


def operation(r):
    params = [{'name': p, 'in': 'path', 'required': True, 'schema': {'type': 'string'}}
              for p in re.findall(r'\{(\w+)\}', r['path'])]
    params += [{'name': q['name'], 'in': 'query', 'required': q.get('required', False), 'description': q['description'],
                'schema': modern(q['schema'])} for q in r.get('query', [])]
    done = {'description': r['summary']}
    if 'response' in r or 'response_type' in r:
        done['content'] = {r.get('response_type', 'application/json'):
                           {'schema': modern(r['response'])} if 'response' in r else {}}
    op = {'operationId': r['name'], 'summary': r['summary'], 'x-permission': r['permission'], 'x-audit': r['audit'],
          'parameters': params, 'responses': {str(r['status']): done}}
    if 'also' in r:
        op['responses'][str(r['also'])] = done
    for code in r['errors']:
        op['responses'][str(code)] = {'$ref': '#/components/responses/Problem'}
    if r['permission'] != 'public':
        op['security'] = [{'session': [], **({'csrf': []} if r['method'] != 'GET' else {})}]
    if 'accepts' in r:
        schema = modern(r['request']) if 'request' in r else {}
        op['requestBody'] = {'required': True, 'content': {
            kind: {'schema': schema} if kind == 'application/json' else {} for kind in r['accepts']}}
    return op


def write_openapi(routes, schemas, version):
    paths = {}
    for r in routes:
        paths.setdefault(r['path'], {})[r['method'].lower()] = operation(r)
    doc = {'openapi': '3.1.0',
           'info': {'title': 'Tamga', 'version': version, 'license': {'name': 'Apache-2.0', 'identifier': 'Apache-2.0'},
                    'description': 'A customs targeting centre. Refusals are problem details (RFC 9457).'},
           'paths': paths,
           'components': {
               'schemas': {n: modern(s) for n, s in schemas.items()},
               'responses': {'Problem': {'description': 'Refused, with the reason', 'content': {
                   'application/problem+json': {'schema': {'$ref': REF + 'Problem'}}}}},
               'securitySchemes': {'session': {'type': 'apiKey', 'in': 'cookie', 'name': '__Host-tamga'},
                                   'csrf': {'type': 'apiKey', 'in': 'header', 'name': 'X-CSRF-Token'}}}}
    return json.dumps(doc, indent=1, ensure_ascii=False) + '\n'


def write_embedded(text):
    data = text.encode()
    lines = [', '.join(str(b) for b in data[i:i + 24]) + ',' for i in range(0, len(data), 24)]
    return '\n'.join(['/* Made by tools/api.py from api/. */', 'const unsigned char TMG_OPENAPI[] = {', *lines, '};',
                      f'const size_t TMG_OPENAPI_LEN = {len(data)};', ''])


def type_of(s, depth=1):
    if '$ref' in s:
        return s['$ref'].removeprefix(REF)
    pad = '  ' * depth
    if 'enum' in s:
        made = ' | '.join(quote(w) for w in s['enum'])
    elif s['type'] == 'array':
        inner = type_of(s['items'], depth) if 'items' in s else 'unknown'
        made = f'({inner})[]' if ' | ' in inner and not inner.startswith('{') else f'{inner}[]'
    elif s['type'] == 'object':
        rows = [f'{pad}{n}{"" if n in s.get("required", []) else "?"}: {type_of(m, depth + 1)};'
                for n, m in s.get('properties', {}).items()]
        made = '{\n' + '\n'.join(rows) + '\n' + '  ' * (depth - 1) + '}' if rows else 'Record<string, unknown>'
    else:
        made = {'string': 'string', 'integer': 'number', 'number': 'number', 'boolean': 'boolean'}[s['type']]
    return made + ' | null' if s.get('nullable') else made


def write_types(routes, schemas):
    out = ['// Made by tools/api.py from api/.', '']
    for name, s in schemas.items():
        out.append(f'export interface {name} {type_of(s)}\n')
    out.append('/** Every route by its name. */\nexport interface Routes {')
    for r in routes:
        query = {'type': 'object', 'properties': {q['name']: q['schema'] for q in r.get('query', [])},
                 'required': [q['name'] for q in r.get('query', []) if q.get('required')]}
        out.append(f'  /** {r["summary"]} */\n  {r["name"]}: {{\n    method: {quote(r["method"])};\n    path: {quote(r["path"])};')
        out.append('    query: ' + (type_of(query, 3) if r.get('query') else 'Record<string, never>') + ';')
        out.append('    request: ' + (type_of(r['request'], 3) if 'request' in r else 'unknown' if 'accepts' in r else 'never') + ';')
        out.append('    response: ' + (type_of(r['response'], 3) if 'response' in r else 'string' if 'response_type' in r else 'void') + ';')
        out.append('  };')
    return '\n'.join([*out, '}', ''])


def write_docs(routes, permissions):
    out = ['| method | path | what it does | who may | log |', '|---|---|---|---|---|']
    for r in routes:
        p = r['permission']
        who = p if p in ('public', 'signed-in') else f'`{p}`: {", ".join(permissions[p])}'
        who += '; anyone on the same machine' if r.get('from_here') else ''
        out.append(f'| {r["method"]} | `{r["path"]}` | {r["summary"]} | {who} | {"yes" if r["audit"] == "leaf" else ""} |')
    return '\n'.join(out) + '\n'


def put_docs(path, table):
    """The text of a page with the table between its two marks."""
    text = pathlib.Path(path).read_text(encoding='utf-8')
    begin, end = '<!-- routes: made by tools/api.py -->\n', '<!-- end of routes -->'
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    return head + begin + table + end + tail


def main():
    parser = argparse.ArgumentParser(description='makes code and documents from api/')
    for what in ('handlers', 'routes', 'embed', 'openapi', 'types', 'docs', 'check_docs'):
        parser.add_argument('--' + what.replace('_', '-'))
    parser.add_argument('--version', default='0')
    parser.add_argument('folder')
    parser.add_argument('permissions')
    a = parser.parse_args()
    permissions = read_permissions(a.permissions)
    try:
        routes, schemas = load(a.folder, permissions)
    except (Wrong, json.JSONDecodeError) as e:
        sys.exit(f'{a.folder}: {e}')
    openapi = write_openapi(routes, schemas, a.version)
    for path, text in ((a.handlers, lambda: write_handlers(routes)), (a.routes, lambda: write_routes(routes, schemas)), (a.embed, lambda: write_embedded(openapi)),
                       (a.openapi, lambda: openapi), (a.types, lambda: write_types(routes, schemas))):
        if path:
            pathlib.Path(path).write_text(text(), encoding='utf-8')
    table = write_docs(routes, permissions)
    if a.docs:
        pathlib.Path(a.docs).write_text(put_docs(a.docs, table), encoding='utf-8')
    if a.check_docs and put_docs(a.check_docs, table) != pathlib.Path(a.check_docs).read_text(encoding='utf-8'):
        sys.exit(f'{a.check_docs}: the table of routes is behind api/: run tools/api.py --docs {a.check_docs} api '
                 'src/guard/permissions.txt')


if __name__ == '__main__':
    main()
