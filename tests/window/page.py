"""What the window shows and takes, in a person's words: places, cards, rows, dialogs, buttons by their label.

Elements are found by role, label and text. Class names are never looked at.
"""

from waiting import wait_for
from webdriver import CONTROL, DOWN, ENTER, SPACE, TAB, UP, Session

# Tabs enough to walk through the longest form once.
MOST_TABS = 80

LOOK = """
const text = (node) => (node?.innerText ?? '').replace(/\\s+/g, ' ').trim();
const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0);
const spoken = (node) => {
  const texts = [];
  const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const isSilent = (within) => within !== null && within !== node && node.contains(within);
  while (walk.nextNode()) if (!isSilent(walk.currentNode.parentElement.closest('[aria-hidden=true]'))) texts.push(walk.currentNode.data);
  return texts.join(' ').replace(/\\s+/g, ' ').trim();
};
const labelOf = (node) =>
  node.getAttribute('aria-label')
  || (node.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => text(document.getElementById(id))).join(' ').trim()
  || text(node.labels?.[0])
  || spoken(node);
const dialog = () => all('section[role=dialog], section[role=alertdialog]').at(-1) ?? null;
const within = () => dialog() ?? document;
const disabled = (node) => node.disabled || node.getAttribute('aria-disabled') === 'true';
const middle = (node) => { const box = node.getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; };
const hit = (node) => { const at = middle(node); const there = document.elementFromPoint(at.x, at.y); return node.contains(there) ? at : null; };
"""

CARDS = """
return all('[data-drop-connection]').map((card) => ({
  id: card.dataset.dropConnection,
  name: text(card.querySelector('strong')),
  text: text(card),
  held: card.querySelector('[data-held]') !== null,
  ...middle(card),
}));
"""

ROWS = """
return all('[role=grid] [role=row][data-key]:not([data-key^="run:"])').map((row) => {
  const cells = [...row.querySelectorAll('[role=gridcell]')];
  const progress = row.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow');
  return {
    id: row.dataset.key,
    name: text(cells[0]),
    progress: text(cells[2]),
    percent: progress == null ? null : Number(progress),
    evidence: text(cells.at(-1)),
    ticked: cells.at(-1).querySelector('[data-tick]') !== null,
    selected: row.getAttribute('aria-selected') === 'true',
    focused: row === document.activeElement,
  };
});
"""

DIALOG = """
const open = dialog();
if (open === null) return null;
return {
  role: open.getAttribute('role'),
  title: text(open.querySelector('header')),
  text: text(open),
  buttons: Object.fromEntries(all('button', open).map((one) => [labelOf(one), !disabled(one)])),
  invalid: all('[aria-invalid=true]', open).length,
};
"""

# Rows and the headings between them, as arrows pass them.
LINES = """
return all('[role=grid] [role=row][data-key]').map((line) => ({
  name: line.dataset.key.startsWith('run:') ? '' : text(line.querySelector('[role=gridcell]')),
  focused: line === document.activeElement,
}));
"""

# The choices of an open list; the cards of connections are options as well.
OPTIONS = """
const isCard = (one) => one.matches('[data-drop-connection]') || one.querySelector('[data-drop-connection]') !== null;
return all('[role=listbox] [role=option]').filter((one) => !isCard(one)).map((one) => ({ text: text(one), focused: one === document.activeElement }));
"""

# A button counts once it lies still and nothing lies over it: what slides in cannot be hit before.
BUTTON = """
const found = all('button, [role=button], a', arguments[1] ? document : within()).filter((one) => labelOf(one).startsWith(arguments[0]));
const button = found.find((one) => !disabled(one));
if (!button) return null;
button.scrollIntoView({ block: 'nearest' });
if (document.getAnimations().some((one) => one.playState === 'running' && one.effect?.target?.contains(button))) return null;
return hit(button);
"""


# What the palette has found, with the line that Enter takes.
FOUND = """
const line = dialog()?.querySelector('input');
return all('[role=menuitem]', dialog() ?? document).map((one) => ({ text: text(one), taken: one.id === line?.getAttribute('aria-activedescendant') }));
"""

# The menu of the oldest version, which stands last.
OLDEST_MENU = """
const found = all('#entry-side button').filter((one) => labelOf(one).startsWith('What can be done with the version')).at(-1);
return found && hit(found);
"""
MENU_ITEM = """
const found = all('[role=menuitem]').find((one) => text(one).startsWith(arguments[0]) && !disabled(one));
if (!found || document.getAnimations().some((one) => one.playState === 'running' && one.effect?.target?.contains(found))) return null;
return hit(found);
"""


class Page:
    """The page of one window."""

    def __init__(self, session: Session):
        self._session = session

    def look(self, script: str, *arguments):
        """What a script sees, with the words of `LOOK` at hand."""
        return self._session.ask(LOOK + script, *arguments)

    def heading(self) -> str:
        return self.look("return text(document.querySelector('h1'))")

    def text(self) -> str:
        return self.look("return document.body.innerText")

    def places(self) -> list[str]:
        """The places, as they stand in the rail."""
        return wait_for("the rail", lambda: self.look("return all('nav a').map((one) => one.title)"))

    def go_to(self, place: str) -> None:
        """Goes there as a keyboard does: the digit of a place is its line in the rail."""
        digit = self.places().index(place) + 1
        wait_for("no dialog to be open", lambda: self.dialog() is None)
        self.press((CONTROL, str(digit)))
        wait_for(f"the place {place}", lambda: self.heading() == place)

    def press(self, *keys) -> None:
        self._session.press(*keys)

    def type(self, text: str) -> None:
        self._session.type(text)

    def cards(self) -> dict[str, dict]:
        """The connections by name."""
        return {card["name"]: card for card in self.look(CARDS)}

    def rows(self) -> list[dict]:
        """The transfers, as they stand in the list."""
        return self.look(ROWS)

    def row(self, name: str) -> dict | None:
        return next((row for row in self.rows() if row["name"] == name), None)

    def dialog(self) -> dict | None:
        """The question that lies over the window."""
        return self.look(DIALOG)

    def wait_for_row(self, name: str, what: str, fits, patience: float = 60) -> dict:
        """The row of a file, once it is as described."""

        def look():
            row = self.row(name)
            return row if row is not None and fits(row) else None

        try:
            return wait_for(f"{name} to be {what}", look, patience)
        except AssertionError as vain:
            raise AssertionError(f"{vain}; the list says {self.rows()}") from None

    def wait_for_rows(self, *evidence: str) -> None:
        """Waits until the list has these grades and no others, newest first."""
        try:
            wait_for("the rows", lambda: [row["evidence"] for row in self.rows()] == list(evidence))
        except AssertionError as vain:
            raise AssertionError(f"{vain}; {evidence} were expected, the list says {self.rows()}") from None

    def wait_until_matched(self, name: str, patience: float = 60) -> dict:
        """The row, once its evidence mark says and shows that it is proved."""
        return self.wait_for_row(name, "matched", lambda row: row["evidence"] == "matched" and row["ticked"], patience)

    def wait_for_dialog(self, title: str) -> dict:
        """The dialog whose title holds these words."""

        def look():
            dialog = self.dialog()
            return dialog if dialog is not None and title in dialog["title"] else None

        return wait_for(f"the dialog “{title}”", look)

    def wait_until_closed(self) -> None:
        wait_for("the dialog to close", lambda: self.dialog() is None)

    def click(self, label: str, anywhere: bool = False) -> None:
        """Clicks the button of that label in the open dialog, else in the window; `anywhere` includes what lies beside."""
        self.click_at(wait_for(f"the button “{label}”", lambda: self.look(BUTTON, label, anywhere)))

    def choose_row(self, name: str) -> None:
        """Clicks the row."""
        self.click_at(wait_for(f"the row of {name}", lambda: self.point_of(name)))
        wait_for(f"{name} to be chosen", lambda: (self.row(name) or {}).get("selected"))

    def point_of(self, name: str) -> dict | None:
        """The middle of a row, where it lies open to the pointer."""
        script = "const row = all('[role=grid] [role=row][data-key]').find((one) => text(one.querySelector('[role=gridcell]')) === arguments[0]); return row && hit(row);"
        return self.look(script, name)

    def click_at(self, at: dict) -> None:
        """Clicks a point of the page."""
        self._session.click_at(at["x"], at["y"])

    def drag(self, fro: dict, to: dict) -> None:
        """Drags what lies at one point to another."""
        self._session.drag(fro, to)

    def command(self, words: str) -> None:
        """Does what the palette finds for these words, by keyboard."""
        self.wait_until_closed()
        self.press((CONTROL, "k"))
        wait_for("the palette", self.dialog)
        self.type(words)

        def offered() -> bool:
            return any(line["taken"] and line["text"].startswith(words) for line in self.look(FOUND))

        wait_for(f"the palette to offer “{words}”", offered)
        self.press(ENTER)
        self.wait_until_closed()

    def steps(self, label: str) -> list[str]:
        """The lines of a list of steps."""
        return self.look("return all('ol').filter((one) => labelOf(one) === arguments[0]).flatMap((one) => all('li', one).map(text))", label)

    def wait_for_steps(self, label: str) -> list[str]:
        """The lines of a list of steps, once it is there."""
        return wait_for(f"the steps “{label}”", lambda: self.steps(label))

    def focused(self) -> str:
        """The label of what has the focus."""
        return self.look("return document.activeElement ? labelOf(document.activeElement) : ''")

    def tab_to(self, label: str, whole: bool = False) -> None:
        """Presses Tab until what is called so, or begins so, has the focus."""
        self.tab_until(label, lambda at: at == label or (at.startswith(label) and not whole))

    def tab_until(self, what: str, fits) -> None:
        """Presses Tab until the label of what has the focus fits."""
        passed = []
        for _ in range(MOST_TABS):
            at = self.focused()
            if fits(at):
                return
            passed.append(at)
            self.press(TAB)
        raise AssertionError(f"Tab never came to “{what}”, it passed {sorted(set(passed))}")

    def fill(self, label: str, value: str) -> None:
        """Goes to a field by Tab and types."""
        self.tab_to(label)
        self.type(value)
        wait_for(f"“{label}” to hold what was typed", lambda: self.look("return document.activeElement.value") == value)

    def fill_anew(self, label: str, value: str) -> None:
        """Goes to a field by Tab and types in place of what stands there."""
        self.tab_to(label)
        self.press((CONTROL, "a"))
        self.type(value)
        wait_for(f"“{label}” to hold what was typed", lambda: self.look("return document.activeElement.value") == value)

    def click_item(self, words: str) -> None:
        """Takes a line of the menu that is open."""
        self.click_at(wait_for(f"“{words}” in the menu", lambda: self.look(MENU_ITEM, words)))

    def version_menu(self, words: str) -> None:
        """Takes a line of the menu of the oldest version."""
        self.click_at(wait_for("the oldest version", lambda: self.look(OLDEST_MENU)))
        self.click_item(words)

    def pick(self, label: str, option: str) -> None:
        """Goes to a list of choices by Tab and takes one by the arrows."""
        self.tab_until(label, lambda at: label in at)
        self.press(ENTER)
        offered = wait_for(f"the choices of “{label}”", lambda: self.look(OPTIONS))
        if option not in [one["text"] for one in offered]:
            raise AssertionError(f"“{label}” offers {[one['text'] for one in offered]}, not “{option}”")
        texts = [one["text"] for one in offered]
        at = wait_for("a choice to have the focus", lambda: [one["text"] for one in self.look(OPTIONS) if one["focused"]])[0]
        steps = texts.index(option) - texts.index(at)
        self.press(*([DOWN] * steps if steps > 0 else [UP] * -steps))
        wait_for(f"“{option}” to have the focus", lambda: {"text": option, "focused": True} in self.look(OPTIONS))
        self.press(ENTER)
        wait_for("the choices to close", lambda: not self.look(OPTIONS))
        wait_for(f"“{label}” to say “{option}”", lambda: option in self.focused())

    def tab_to_row(self, name: str) -> None:
        """Brings the focus to the list by Tab and to the row by arrows, and chooses it."""
        for _ in range(MOST_TABS):
            lines = self.look(LINES)
            if any(line["focused"] for line in lines):
                break
            self.press(TAB)
        names = [line["name"] for line in lines]
        at = next((index for index, line in enumerate(lines) if line["focused"]), None)
        if at is None or name not in names:
            raise AssertionError(f"Tab never came to the list of {names}")
        steps = names.index(name) - at
        self.press(*([DOWN] * steps if steps > 0 else [UP] * -steps))
        wait_for(f"{name} to have the focus", lambda: (self.row(name) or {}).get("focused"))
        if not self.row(name)["selected"]:
            self.press(SPACE)
        wait_for(f"{name} to be chosen", lambda: (self.row(name) or {}).get("selected"))

    def send(self, *paths, rule: str | None = None) -> None:
        """Sends files to the only connection, by the dialog and the keyboard; the rule is for names that are taken."""
        # A question that was answered just now takes the keys until it is gone.
        self.wait_until_closed()
        self.press((CONTROL, "o"))
        self.wait_for_dialog("Send files")
        self.fill("Files and folders", "\n".join(map(str, paths)))
        if rule is not None:
            self.pick("If it is already there", rule)
        self.tab_to("Send")
        self.press(ENTER)
        self.wait_until_closed()

    def answer(self) -> None:
        """Opens the question that was announced."""
        self.click("Answer", anywhere=True)
