"""Live events, as a browser hears them."""
import json
import socket
import threading


class Stream:
    """Live events, read in the background."""

    def __init__(self, session, last_id=None):
        self.socket = socket.create_connection(('127.0.0.1', session.port), timeout=30)
        resume = f'Last-Event-ID: {last_id}\r\n' if last_id else ''
        self.socket.sendall(f'GET /api/events HTTP/1.1\r\nHost: localhost\r\nCookie: {session.cookie}\r\n{resume}\r\n'.encode())
        self.events, self.more = [], threading.Condition()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        text = b''
        try:
            while piece := self.socket.recv(65536):
                text += piece
                *whole, text = text.split(b'\n\n')
                for block in whole:
                    fields = dict(line.split(': ', 1) for line in block.decode().split('\n') if ': ' in line)
                    if 'data' in fields:
                        with self.more:
                            self.events.append((fields['id'], fields['event'], json.loads(fields['data'])))
                            self.more.notify_all()
        except OSError:
            pass

    def wait(self, fits):
        with self.more:
            assert self.more.wait_for(lambda: any(fits(e) for e in self.events), 30), self.events
            return next(e for e in self.events if fits(e))

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join()
        self.socket.close()
