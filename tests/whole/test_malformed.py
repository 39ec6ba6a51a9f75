"""Requests that two readers could understand differently, sent as raw bytes to a running server: each is refused with a
status of 400 or more, or the connection is closed, and nothing that was smuggled behind it is answered."""
import re
import socket

import harness
import tap
from harness import Centre

centre = None
HOST = b'Host: localhost\r\n'

# Each begins with what is malformed; GET /health behind it must not be served.
MALFORMED = {
    'two equal Content-Length': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
    'two different Content-Length': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
    'Content-Length and Transfer-Encoding': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'Content-Length with a plus': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: +5\r\n\r\nabcde',
    'negative Content-Length': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: -1\r\n\r\n',
    'Content-Length list': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: 3, 3\r\n\r\nabc',
    'Content-Length beyond 64 bits': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Length: 18446744073709551617\r\n\r\na',
    'space before the colon': b'GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n',
    'NUL in a header': b'GET /health HTTP/1.1\r\n' + HOST + b'X-A: a\x00b\r\n\r\n',
    'NUL in the target': b'GET /hea\x00lth HTTP/1.1\r\n' + HOST + b'\r\n',
    'bare CR': b'GET /health HTTP/1.1\r\n' + HOST + b'X-A: a\rX-B: b\r\n\r\n',
    'bare LF': b'GET /health HTTP/1.1\nHost: localhost\n\n',
    'folded header': b'GET /health HTTP/1.1\r\n' + HOST + b'X-A: a\r\n b\r\n\r\n',
    'white space before the first header': b'GET /health HTTP/1.1\r\n ' + HOST + b'\r\n',
    'no Host': b'GET /health HTTP/1.1\r\nX-A: a\r\n\r\n',
    'two Hosts': b'GET /health HTTP/1.1\r\n' + HOST + HOST + b'\r\n',
    'chunk size overflow': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n',
    'bad chunk size': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n',
    'chunk longer than it says': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n',
    'unknown Transfer-Encoding': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    'chunked twice': b'POST /api/session HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n',
    'a header of 100 kB': b'GET /health HTTP/1.1\r\n' + HOST + b'X-A: ' + b'a' * 100_000 + b'\r\n\r\n',
    '10,000 headers': b'GET /health HTTP/1.1\r\n' + HOST + b''.join(b'X-%d: a\r\n' % i for i in range(10_000)) + b'\r\n',
    '%00 in the path': b'GET /health%00 HTTP/1.1\r\n' + HOST + b'\r\n',
    '../ in the path': b'GET /api/../health HTTP/1.1\r\n' + HOST + b'\r\n',
    'escaped ../ in the path': b'GET /api/%2e%2e/health HTTP/1.1\r\n' + HOST + b'\r\n',
    'escaped slash': b'GET /api%2fqueue HTTP/1.1\r\n' + HOST + b'\r\n',
    'garbage for a method': b'G\xc3\xa9T /health HTTP/1.1\r\n' + HOST + b'\r\n',
    'unknown method': b'FROBNICATE /health HTTP/1.1\r\n' + HOST + b'\r\n',
    'lower-case version': b'GET /health http/1.1\r\n' + HOST + b'\r\n',
    'HTTP/2.0 in text': b'GET /health HTTP/2.0\r\n' + HOST + b'\r\n',
    'no version': b'GET /health\r\n' + HOST + b'\r\n',
    'two spaces': b'GET  /health HTTP/1.1\r\n' + HOST + b'\r\n',
    'absolute target': b'GET http://elsewhere/health HTTP/1.1\r\n' + HOST + b'\r\n',
    'TLS hello': b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + b'\x00' * 32,
}


def talk(raw, then=b'', timeout=15):
    """Everything that comes back until the server closes."""
    with socket.create_connection(('127.0.0.1', centre.port), timeout=timeout) as s:
        try:
            s.sendall(raw + then)
        except (BrokenPipeError, ConnectionResetError):
            pass
        got = b''
        try:
            while True:
                piece = s.recv(65536)
                if not piece:
                    return got
                got += piece
        except ConnectionResetError:
            return got


def statuses(got):
    return [int(code) for code in re.findall(rb'HTTP/1\.1 (\d{3}) ', got)]


def test_malformed_requests_are_refused():
    global centre
    centre = Centre()
    centre.serve()
    smuggled = b'GET /health HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n'
    served = []
    for name, raw in MALFORMED.items():
        codes = statuses(talk(raw, smuggled))
        if any(code < 400 for code in codes) or len(codes) > 1:
            served.append((name, codes))
    assert not served, served
    print(f'# {len(MALFORMED)} of {len(MALFORMED)} refused')


def test_refusals_are_problems_with_a_reason():
    got = talk(MALFORMED['two Hosts'])
    assert b'application/problem+json' in got and b'Host' in got and b'Connection: close' in got, got


def test_good_requests_in_a_row_are_answered_in_order():
    one = b'GET /health HTTP/1.1\r\n' + HOST + b'\r\n'
    missing = b'GET /api/nothing HTTP/1.1\r\n' + HOST + b'\r\n'
    last = b'GET /health HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n'
    assert statuses(talk(one + missing + one + missing + last)) == [200, 404, 200, 404, 200]


def test_a_request_may_come_byte_by_byte():
    with socket.create_connection(('127.0.0.1', centre.port), timeout=15) as s:
        for byte in b'GET /health HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n':
            s.sendall(bytes([byte]))
        got = b''
        while piece := s.recv(65536):
            got += piece
    assert statuses(got) == [200]


def test_a_chunked_body_is_understood():
    body = b'{"name":"nobody","password":"no"}'
    chunks = b''.join(b'%x\r\n%s\r\n' % (len(p), p) for p in (body[:1], body[1:20], body[20:])) + b'0\r\n\r\n'
    raw = b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n'
    assert statuses(talk(raw + chunks)) == [401]


def test_a_body_that_is_too_long_is_refused_before_it_is_read():
    raw = b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Type: application/json\r\nContent-Length: 5000000\r\n\r\n'
    assert statuses(talk(raw)) == [413]


def test_expect_continue_is_answered_or_refused():
    head = b'POST /api/session HTTP/1.1\r\n' + HOST + b'Content-Type: application/json\r\nExpect: 100-continue\r\nConnection: close\r\n'
    with socket.create_connection(('127.0.0.1', centre.port), timeout=15) as s:
        s.sendall(head + b'Content-Length: 33\r\n\r\n')
        assert s.recv(100).startswith(b'HTTP/1.1 100 ')
        s.sendall(b'{"name":"nobody","password":"no"}')
        assert s.recv(65536).startswith(b'HTTP/1.1 401 ')
    raw = b'POST /api/declarations HTTP/1.1\r\n' + HOST + b'Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n'
    assert statuses(talk(raw)) == [401]


def test_another_method_names_the_ones_that_work():
    got = talk(b'DELETE /health HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n')
    assert statuses(got) == [405] and b'\r\nAllow: GET, HEAD\r\n' in got, got


def test_head_sends_no_body():
    got = talk(b'HEAD /health HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n')
    assert statuses(got) == [200] and got.endswith(b'\r\n\r\n') and b'Content-Length: ' in got, got


def test_the_server_goes_on_after_clients_that_vanish():
    for cut in (b'', b'GET', b'GET /health HTTP/1.1\r\n' + HOST, b'GET /api/queue HTTP/1.1\r\n' + HOST + b'\r\n'):
        for _ in range(20):
            s = socket.create_connection(('127.0.0.1', centre.port), timeout=15)
            s.sendall(cut)
            s.close()
    assert statuses(talk(b'GET /health HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n')) == [200]


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


if __name__ == '__main__':
    tap.main()
