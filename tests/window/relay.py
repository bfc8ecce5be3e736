"""A TCP relay on loopback: counts what goes up, and can lead the same address to another server."""

import socket
import threading

CHUNK = 1 << 16


class Relay:
    """Listens on a port of its own from the start until `close`."""

    def __init__(self, host: str, port: int):
        self._to = (host, port)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._up = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def sent_up(self) -> int:
        """Bytes that clients have sent so far."""
        with self._lock:
            return self._up

    def lead_to(self, host: str, port: int) -> None:
        """From now on another server answers here. Connections to the old one break."""
        with self._lock:
            self._to = (host, port)
        self._break_all()

    def close(self) -> None:
        self._listener.close()
        self._break_all()

    def _break_all(self) -> None:
        with self._lock:
            broken, self._open = self._open, set()
        for one in broken:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It was broken already.

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # The relay was closed.
            with self._lock:
                to = self._to
            try:
                server = socket.create_connection(to)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
            threading.Thread(target=self._pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        try:
            while data := source.recv(CHUNK):
                if up:
                    with self._lock:
                        self._up += len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for one in (source, sink):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # It was broken already.
