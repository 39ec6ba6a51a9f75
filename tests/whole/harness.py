"""Drives the built program as its users do: the command line and the HTTP door.

    with Centre() as centre:                 # a demonstration centre in a folder of its own
        centre.tamga('queue', '--json')      # a command; returns its standard output
        centre.serve()
        chief = centre.sign_in('chief')
        status, headers, body = chief.request('GET', '/api/queue')
"""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

BUILD = pathlib.Path(os.environ.get('TAMGA_BUILD', 'build-check')).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
TAMGA = BUILD / 'src/cli/tamga'
VERIFY = BUILD / 'src/guard/tamga-verify'


def shared(*parts):
    """A path in the shared data folder, or None where it is absent."""
    base = pathlib.Path(os.environ.get('TAMGA_SHARED', SOURCE.parent / 'shared'))
    path = base.joinpath('data', *parts)
    return path if path.exists() else None


class CommandFailed(Exception):
    def __init__(self, args, code, out, err):
        super().__init__(f'tamga {" ".join(map(str, args))}: exit {code}\n{err}')
        self.code, self.out, self.err = code, out, err


def run(*args, stdin=None, env=None, timeout=300, program=TAMGA):
    done = subprocess.run([str(program), *map(str, args)], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, **(env or {})}, text=not isinstance(stdin, bytes))
    out, err = done.stdout, done.stderr
    if isinstance(out, bytes):
        out, err = out.decode(), err.decode()
    if done.returncode != 0:
        raise CommandFailed(args, done.returncode, out, err)
    return out


class Session:
    """One signed-in (or anonymous) user of the HTTP door; keeps one connection open."""

    def __init__(self, port, role=None):
        self.port, self.role, self.cookie, self.csrf, self.connection = port, role, None, None, None

    def request(self, method, path, body=None, headers=None, raw=False):
        sent = dict(headers or {})
        if self.cookie:
            sent.setdefault('Cookie', self.cookie)
        if self.csrf and method not in ('GET', 'HEAD'):
            sent.setdefault('X-CSRF-Token', self.csrf)
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            sent.setdefault('Content-Type', 'application/json')
        if isinstance(body, str):
            body = body.encode()
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
            try:
                self.connection.request(method, path, body=body, headers=sent)
                answer = self.connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()
                self.connection = None
                if attempt == 2 or method != 'GET':
                    raise
        received = {k.lower(): v for k, v in answer.getheaders()}
        if not raw and 'json' in received.get('content-type', ''):
            content = json.loads(content) if content else None
        return answer.status, received, content

    def sign_in(self, name, password):
        status, headers, body = self.request('POST', '/api/session', {'name': name, 'password': password})
        if status in (200, 201):
            self.cookie = headers['set-cookie'].split(';')[0]
            self.csrf = body['csrf']
        return status, headers, body

    def close(self):
        if self.connection:
            self.connection.close()


class Centre:
    """A demonstration centre of its own, small and opened today unless told otherwise; gone at the end."""

    made = {}  # arguments -> a finished centre to copy from

    def __init__(self, scale='2', days='20', seed='1', lived='0'):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='tamga-test-'))
        self.home = self.folder / 'demo'
        self.server = None
        self.port = None
        key = (scale, days, seed, lived)
        if key not in Centre.made:
            keep = pathlib.Path(tempfile.mkdtemp(prefix='tamga-test-')) / 'demo'
            run('demo', keep, '--scale', scale, '--days', days, '--seed', seed, '--lived', lived)
            Centre.made[key] = keep
        shutil.copytree(Centre.made[key], self.home)
        self.accounts = {}
        for line in (self.home / 'accounts.txt').read_text().splitlines():
            name, password = line.split()[:2]
            self.accounts[name] = password

    def tamga(self, command, *args, **kw):
        return run(command, *args, '--home', self.home, **kw)

    def serve(self, *args):
        log = open(self.folder / 'serve.log', 'ab')
        self.server = subprocess.Popen([str(TAMGA), 'serve', '--home', str(self.home), '--port', '0', *args], stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + 60
        port_file = self.home / 'serve.port'
        while time.monotonic() < deadline:
            if self.server.poll() is not None:
                raise RuntimeError('the server ended: ' + (self.folder / 'serve.log').read_text()[-2000:])
            pid_file = self.home / 'serve.pid'
            if port_file.exists() and pid_file.exists() and pid_file.read_text().strip() == str(self.server.pid) \
                    and port_file.read_text().strip():
                self.port = int(port_file.read_text())
                return f'http://127.0.0.1:{self.port}'
            time.sleep(0.02)
        raise RuntimeError('the server did not start in 60 s')

    def session(self):
        return Session(self.port)

    def sign_in(self, role):
        s = Session(self.port, role)
        status, _, body = s.sign_in(role, self.accounts[role])
        assert status in (200, 201), (status, body)
        return s

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.server = None

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            code = self.server.wait(timeout=60)
            self.server = None
            assert code == 0, f'the server ended with {code}: ' + (self.folder / 'serve.log').read_text()[-2000:]

    def close(self):
        try:
            if self.server and self.server.poll() is None:
                self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def damage(centre, *statements):
    """Changes the centre's store behind its back, as somebody with the file in hand could."""
    with contextlib.closing(sqlite3.connect(centre.home / 'centre.db')) as store:
        for statement in statements:
            store.execute(statement)
        store.commit()


def forget_made():
    for keep in Centre.made.values():
        shutil.rmtree(keep.parent, ignore_errors=True)
    Centre.made.clear()
