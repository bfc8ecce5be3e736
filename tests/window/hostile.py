"""Files that would like to do something: ask an address, run a script, change the page."""

import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Trap:
    """Listens on loopback and remembers every path that somebody asks for."""

    def __init__(self):
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def script(trap: str, name: str) -> str:
    return f"top.hostile='{name}';parent.hostile='{name}';self.hostile='{name}';fetch('{trap}/{name}');new Image().src='{trap}/{name}-image'"


def page(trap: str) -> bytes:
    return f"""<!doctype html><html><head><meta http-equiv="refresh" content="0;url={trap}/refresh">
<link rel="stylesheet" href="{trap}/style.css"><script>{script(trap, "html")}</script></head>
<body onload="{script(trap, "onload")}"><h1>An offer</h1><img src="{trap}/img.png" onerror="{script(trap, "onerror")}">
<iframe src="{trap}/frame"></iframe><form action="{trap}/form"><input autofocus onfocus="this.form.submit()"></form></body></html>""".encode()


def drawing(trap: str) -> bytes:
    return f"""<?xml version="1.0"?><?xml-stylesheet href="{trap}/sheet.css"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120" height="80" onload="{script(trap, "svg-onload")}">
<style>@import url("{trap}/import.css"); rect {{ fill: url("{trap}/fill.svg#a"); }}</style>
<script>{script(trap, "svg")}</script><rect width="120" height="80" fill="#3060c0"/>
<image width="40" height="40" xlink:href="{trap}/image.png"/><use xlink:href="{trap}/use.svg#b"/>
<foreignObject width="60" height="60"><body xmlns="http://www.w3.org/1999/xhtml"><img src="{trap}/foreign.png"/>
<iframe src="{trap}/frame"/></body></foreignObject></svg>""".encode()


def markdown(trap: str) -> bytes:
    return f"""# A heading

Some *words*, ![a picture]({trap}/markdown.png) and [a link]({trap}/link).

<img src="{trap}/raw.png" onerror="{script(trap, "markdown")}"><script>{script(trap, "markdown-script")}</script>

[run](javascript:top.hostile='javascript') <javascript:top.hostile='auto'>
""".encode()


def pdf(*lines: str, trap: str | None = None) -> bytes:
    """A PDF of one page with these lines; with a trap, one that tries whatever a PDF can try."""
    text = "BT /F 24 Tf 40 700 Td 30 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    content = zlib.compress(text.encode())
    evil = annotations = ""
    if trap is not None:
        run = f"app.launchURL('{trap}/pdf-js', true); this.submitForm('{trap}/pdf-form'); {script(trap, 'pdf')}".replace("(", "\\(").replace(")", "\\)")
        evil = (
            f"/OpenAction << /S /JavaScript /JS ({run}) >> /AA << /WC << /S /URI /URI ({trap}/pdf-close) >> >> "
            f"/AcroForm << /Fields [6 0 R] /XFA (<xdp><script>{script(trap, 'xfa').replace('(', chr(92) + '(').replace(')', chr(92) + ')')}</script></xdp>) >>"
        )
        annotations = f"/AA << /O << /S /URI /URI ({trap}/pdf-open) >> >> /Annots [6 0 R 7 0 R]"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {evil} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> {annotations} >>".encode(),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    if trap is not None:
        objects += [
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [40 40 200 80] /AA << /F << /S /JavaScript /JS ({run}) >> >> >>".encode(),
            f"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI ({trap}/pdf-link) >> >>".encode(),
        ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at)
    return bytes(out)


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""
    rows = b"".join(b"\0" + bytes((48, 96, 192)) * width for _ in range(height))
    chunk = lambda kind, data: len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")  # noqa: E731
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
