"""A POP3 server that hands out the mails of a maildir: RFC 1939, what Odoo needs."""

import socketserver
import threading


class Pop3Server:
    """Serves one mailbox to anybody, on a free port of the loopback interface."""

    def __init__(self, maildir):
        """:param Path maildir: folder; mails are in its folder `new`."""
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session)
        self._server.daemon_threads = True
        self._server.maildir = maildir
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.files = sorted((self.server.maildir / "new").glob("*"))
        self.deleted = set()
        self._say("+OK ready")
        while line := self.rfile.readline():
            verb, *arguments = line.decode().split()
            if verb.upper() == "QUIT":
                self._quit()
                return
            answer = getattr(self, f"_{verb.lower()}", None)
            answer(*arguments) if answer else self._say("-ERR unknown command")

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def _user(self, _name):
        self._say("+OK")

    def _pass(self, _password):
        self._say("+OK")

    def _stat(self):
        size = sum(file.stat().st_size for file in self.files)
        self._say(f"+OK {len(self.files)} {size}")

    def _list(self):
        sizes = [file.stat().st_size for file in self.files]
        lines = [f"{number} {size}" for number, size in enumerate(sizes, 1)]
        self._say("\r\n".join(["+OK", *lines, "."]))

    def _retr(self, number):
        self._say("+OK")
        for line in self.files[int(number) - 1].read_bytes().splitlines():
            stuffed = b"." + line if line.startswith(b".") else line
            self.wfile.write(stuffed + b"\r\n")
        self._say(".")

    def _dele(self, number):
        self.deleted.add(int(number) - 1)
        self._say("+OK")

    def _quit(self):
        for index in self.deleted:
            self.files[index].unlink()
        self._say("+OK")
