"""Previews in the real web view: each kind is drawn, and nothing of a file runs, loads or leads anywhere."""

import hostile
from case import WindowCase
from folders import Folders
from home import fetch
from waiting import wait_for

# How many points of the drawn page are dark: a page that was only made room for has none.
DARK = """
const canvas = all('#entry-side canvas')[0];
if (!canvas || canvas.width === 0) return 0;
const points = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
let dark = 0;
for (let at = 0; at < points.length; at += 4) if (points[at + 3] > 0 && points[at] + points[at + 1] + points[at + 2] < 200) dark += 1;
return dark;
"""
PICTURE = "const one = all('#entry-side img')[0]; return one?.complete ? [one.naturalWidth, one.naturalHeight] : null;"
CELLS = "return all('#entry-side [role=table] [role=cell]').map(text);"
TOUCHED = "return [window.hostile ?? null, document.querySelectorAll('iframe, object, embed, form[action]').length, location.protocol];"


class Previews(WindowCase):
    def setUp(self):
        super().setUp()
        self.trap = hostile.Trap()
        self.addCleanup(self.trap.close)

    def open_on(self, files: dict[str, bytes]) -> None:
        """A desk at a folder of a bucket that holds these files."""
        self.home.add_s3("archive", self.standins())
        for name, content in files.items():
            self.home.write(f"looks/{name}", content)
        self.home.waybill("send", self.home.files / "looks", "--to", "archive:/")
        self.desk = self.open(place="Browse")
        self.page = self.desk.page
        self.folders = Folders(self.page)
        self.folders.open("archive", "/looks")
        wait_for("the files", lambda: len(self.folders.names()) == len(files))

    def show(self, name: str, *words: str) -> None:
        self.page.choose_row(name)
        self.folders.wait_for_side(name, *words)

    def test_a_pdf_a_picture_a_text_a_table_and_markdown_are_drawn(self):
        self.open_on({
            "letter.pdf": hostile.pdf("To whom it may concern", "A second line"),
            "photo.png": hostile.png(40, 30),
            "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><rect width="60" height="20" fill="#c03030"/></svg>',
            "notes.txt": "Grüße aus Wien\nzweite Zeile".encode(),
            "table.csv": b"name;sum\nM\xc3\xbcller;12,50\nSmith;7",
            "readme.md": b"# A heading\n\nSome *words*.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "nothing.bin": bytes(range(256)) * 4,
        })
        self.show("letter.pdf", "Page 1 of 1")
        wait_for("the page to be drawn", lambda: self.page.look(DARK) > 200)
        self.shoot(self.desk, "pdf")
        self.show("photo.png", "40 × 30")
        self.assertEqual(wait_for("the picture", lambda: self.page.look(PICTURE)), [40, 30])
        self.shoot(self.desk, "picture")
        self.show("drawing.svg", "60 × 20")
        self.show("notes.txt", "Grüße aus Wien", "zweite Zeile")
        self.show("table.csv", "2 rows")
        self.assertEqual(wait_for("the cells", lambda: self.page.look(CELLS)), ["Müller", "12,50", "Smith", "7"])
        self.shoot(self.desk, "table")
        self.show("readme.md", "A heading")
        self.assertIn("words", self.page.look("return all('#entry-side em').map(text)"))
        self.shoot(self.desk, "markdown")
        self.show("nothing.bin", "No preview of this kind of file")

    def test_nothing_of_a_hostile_file_runs_or_asks_anybody(self):
        trap = self.trap.address
        self.open_on({
            "offer.html": hostile.page(trap),
            "logo.svg": hostile.drawing(trap),
            "readme.md": hostile.markdown(trap),
            "form.pdf": hostile.pdf("Please fill in this form", "and send it back to us", trap=trap),
            "sums.csv": f'a,b\n=HYPERLINK("{trap}/cell"),"<img src={trap}/cell.png>"\n'.encode(),
            "ends.txt": b"<script>top.hostile='text'</script>",
        })
        for name, words in (
            ("offer.html", ("a web page, shown as its source", "<h1>An offer</h1>")),
            ("logo.svg", ("120 × 80",)),
            ("readme.md", ("A heading", f"{trap}/link")),
            ("form.pdf", ("Page 1 of 1",)),
            ("sums.csv", ("=HYPERLINK",)),
            ("ends.txt", ("<script>",)),
        ):
            self.show(name, *words)
            if name.endswith(".pdf"):
                wait_for("the page to be drawn", lambda: self.page.look(DARK) > 200)
            self.shoot(self.desk, name)
            self.assertEqual(self.page.look(TOUCHED), [None, 0, "tauri:"], name)
        self.assertEqual(self.trap.asked, [])
        # The same address is refused to the page itself, and heard when somebody else asks.
        answer = "return fetch(arguments[0]).then(() => 'loaded', () => 'refused')"
        self.assertEqual(self.page.look(answer, f"{trap}/page"), "refused")
        fetch(f"{trap}/heard")
        self.assertEqual(self.trap.asked, ["/heard"])
