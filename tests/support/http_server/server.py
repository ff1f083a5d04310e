#!/usr/bin/env python3
"""An HTTP server that behaves as the path of a request says, well or badly, for tests of clients.

  server.py DIRECTORY

Prints "NAME PORT" per listener and then "ready"; ends when its standard input does. The listeners are `plain`, `plain6`
(not without IPv6), and with the openssl command `good` (for localhost, 127.0.0.1 and ::1, signed by DIRECTORY/ca.pem), `wrong`
(for another name), `named` (for localhost alone), `expired`, `self` (signed by itself) and `old` (TLS 1.1 at most). Each counts its
connections.
"""

import os
import shutil
import socket
import ssl
import sys
import threading
from pathlib import Path

from authority import Authority

BLOCK = b"0123456789abcdef" * 4096  # 64 KiB


class Ended(Exception):
    """This connection is over."""


class Conversation:
    """One connection; `self.answers[path]` writes what follows a request to that path."""

    def __init__(self, connection: socket.socket, listener: "Listener"):
        self.connection = connection
        self.listener = listener
        self.input = b""

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.sendall(piece)

    def more(self) -> None:
        piece = self.connection.recv(65536)
        if not piece:
            raise Ended
        self.input += piece

    def request(self) -> tuple[str, str, dict[str, str], bytes]:
        while b"\r\n\r\n" not in self.input:
            self.more()
            if self.input.startswith(b"\x16"):  # the first byte of TLS, on a plain connection
                self.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                raise Ended
        head, _, self.input = self.input.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        if target == "/early":  # answers before it has read the body, and never reads it
            return method, target, headers, b""
        length = int(headers.get("content-length", 0))
        while len(self.input) < length:
            self.more()
        body, self.input = self.input[:length], self.input[length:]
        return method, target, headers, body

    def run(self) -> None:
        while True:
            method, target, headers, body = self.request()
            with self.listener.lock:
                self.listener.requests.append(f"{method} {target}")
            path, _, argument = target.lstrip("/").partition("/")
            getattr(self, "answer_" + path.replace("-", "_"))(argument, method, headers, body)

    def whole(self, body: bytes, *headers: str, status: str = "200 OK") -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        self.send("\r\n".join(lines).encode() + body)

    def stall(self) -> None:
        """Until the client goes away."""
        while self.connection.recv(65536):
            pass
        raise Ended

    # ---- what a path does ----

    def answer_ok(self, argument, *_):
        self.whole(b"fine " + argument.encode(), "X-Odd: Yes")

    def answer_echo(self, argument, method, headers, body):
        lines = [f"{name}={value}" for name, value in sorted(headers.items())]
        self.whole("\n".join([method, *lines, f"body={len(body)}:{sum(body)}"]).encode())

    def answer_count(self, *_):
        self.whole(f"connections={self.listener.connections}".encode())

    def answer_requests(self, *_):
        with self.listener.lock:
            self.whole("\n".join(self.listener.requests).encode())

    def answer_status(self, argument, method, *_):
        if argument in ("204", "304") or method == "HEAD":
            length = "" if argument == "204" else "Content-Length: 17\r\n"
            return self.send(f"HTTP/1.1 {argument} Nothing\r\n{length}\r\n".encode())
        return self.whole(b"not so good", status=f"{argument} Odd")

    def answer_interim(self, *_):
        self.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
        self.whole(b"after")

    def answer_switch(self, *_):
        self.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nfoo")
        self.stall()

    def answer_chunked(self, argument, *_):
        """Byte by byte, so that everything is split everywhere."""
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
        for byte in text.encode():
            self.send(bytes([byte]))

    def answer_until_close(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")
        self.farewell()

    def answer_cut(self, *_):
        """As until-close, but over TLS without the farewell that tells the end from a cut."""
        self.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")
        raise Ended

    def answer_big(self, argument, *_):
        count = int(argument)
        self.send(f"HTTP/1.1 200 OK\r\nContent-Length: {count * len(BLOCK)}\r\n\r\n".encode())
        for number in range(count):
            self.send(BLOCK)
            self.listener.blocks = number + 1

    def answer_blocks(self, *_):
        self.whole(str(self.listener.blocks).encode())

    def answer_huge_head(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\n" + b"X-Line: " + b"y" * 70000 + b"\r\n\r\n")
        self.stall()

    def answer_endless_head(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.send(b"X-Line: y\r\n" * 1000)

    def answer_endless_chunk(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            self.send(b"1;x=" + b"y" * 10000)

    def answer_stall_before_head(self, *_):
        self.stall()

    def answer_stall_in_head(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-")
        self.stall()

    def answer_stall_in_body(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        self.stall()

    def answer_break_in_head(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-")
        raise Ended

    def answer_break_in_body(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        raise Ended

    def answer_break_in_chunk(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
        raise Ended

    def answer_hang_up(self, *_):
        raise Ended

    def answer_garbage(self, *_):
        self.send(b"SSH-2.0-OpenSSH\r\n\r\n")
        self.stall()

    def answer_two_lengths(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        self.stall()

    def answer_extra(self, *_):
        """More than was asked for, at once: the connection is not to be used again."""
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none" + b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo")

    def answer_then_close(self, *_):
        """Says that it keeps the connection, and does not."""
        self.whole(b"bye")
        raise Ended

    def answer_once(self, argument, method, *_):
        """The first answer of a connection is whole; a request after it is read and not answered."""
        self.whole(b"once")
        self.request_noted()
        raise Ended

    def request_noted(self) -> None:
        method, target, *_ = self.request()
        with self.listener.lock:
            self.listener.requests.append(f"{method} {target}")

    def answer_early(self, *_):
        self.whole(b"too large", "Connection: close", status="413 Too Large")
        self.connection.settimeout(60)
        threading.Event().wait(30)
        raise Ended

    def farewell(self) -> None:
        if isinstance(self.connection, ssl.SSLSocket):
            self.connection = self.connection.unwrap()
        raise Ended


class Listener:
    def __init__(self, name: str, address: str = "127.0.0.1", context: ssl.SSLContext | None = None):
        self.name = name
        self.context = context
        self.lock = threading.Lock()
        self.connections = 0
        self.blocks = 0
        self.requests: list[str] = []
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind((address, 0))
        self.socket.listen(200)
        self.port = self.socket.getsockname()[1]

    def serve(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            with self.lock:
                self.connections += 1
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def converse(self, connection: socket.socket) -> None:
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True)
            Conversation(connection, self).run()
        except (Ended, OSError, ValueError):
            pass
        finally:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()


def context_of(pair: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    return context


def tls_listeners(directory: Path) -> list[Listener]:
    authority = Authority(directory)
    good = authority.signed("good", "DNS:localhost,IP:127.0.0.1,IP:::1")
    old = context_of(good)
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    return [
        Listener("good", context=context_of(good)),
        Listener("wrong", context=context_of(authority.signed("wrong", "DNS:other.example"))),
        Listener("named", context=context_of(authority.signed("localhost", "DNS:localhost"))),
        Listener("expired", context=context_of(authority.signed("expired", "IP:127.0.0.1", "20000101000000Z", "20010101000000Z"))),
        Listener("self", context=context_of(authority.self_signed("self", "subjectAltName=IP:127.0.0.1"))),
        Listener("old", context=old),
    ]


def main() -> None:
    listeners = [Listener("plain")]
    try:
        listeners.append(Listener("plain6", "::1"))
    except OSError:
        pass  # a machine without IPv6
    if shutil.which("openssl"):
        listeners += tls_listeners(Path(sys.argv[1]))
    for listener in listeners:
        threading.Thread(target=listener.serve, daemon=True).start()
        print(listener.name, listener.port)
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
