"""Validates answers against the schemas of api/ (the same small subset that tools/api.py compiles)."""
import json
import pathlib

import harness

FOLDER = harness.SOURCE / 'api'
SCHEMAS = json.loads((FOLDER / 'schemas.json').read_text())
PYTHON = {'object': dict, 'array': list, 'string': str, 'boolean': bool}


def routes():
    return [json.loads(p.read_text()) for p in sorted(pathlib.Path(FOLDER).glob('*.json')) if p.name != 'schemas.json']


def faults(schema, value, at=''):
    """What is wrong with the value, as sentences."""
    if '$ref' in schema:
        schema = SCHEMAS[schema['$ref'].rsplit('/', 1)[1]]
    if value is None:
        return [] if schema.get('nullable') else [f'{at}: null']
    kind = schema['type']
    if kind in PYTHON:
        right = isinstance(value, PYTHON[kind])
    elif kind == 'integer':
        right = isinstance(value, int) and not isinstance(value, bool)
    else:
        right = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not right:
        return [f'{at}: {value!r} is not {kind}']
    found = []
    if 'enum' in schema and value not in schema['enum']:
        found.append(f'{at}: {value!r} is not one of {schema["enum"]}')
    if kind == 'array' and 'items' in schema:
        for i, one in enumerate(value):
            found += faults(schema['items'], one, f'{at}/{i}')
    if kind == 'object' and schema.get('properties'):
        found += [f'{at}/{name}: is missing' for name in schema.get('required', []) if name not in value]
        for name, one in value.items():
            if name in schema['properties']:
                found += faults(schema['properties'][name], one, f'{at}/{name}')
            elif schema.get('additionalProperties') is not True:
                found.append(f'{at}/{name}: is not described')
    return found


def check(schema, value):
    found = faults(schema, value)
    assert not found, found[:5]


def problem(status, headers, body):
    assert headers['content-type'] == 'application/problem+json', headers
    check(SCHEMAS['Problem'], body)
    assert body['status'] == status, (status, body)
    assert headers['x-request-id'] == body['request_id'], (headers, body)
