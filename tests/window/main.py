"""Runs the tests of the window one after the other and ends with a line: N passed, N failed, N skipped."""

import faulthandler
import sys
import time
import unittest
from pathlib import Path

from case import SHOTS

HERE = Path(__file__).parent


class Report(unittest.TestResult):
    """Prints each test as a sentence, and where it failed what the desk showed and said."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.failed = set()

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()

    def addSuccess(self, test):
        self.passed += 1
        self._say("ok", test)

    def addFailure(self, test, error):
        self._fail(test, error)

    def addError(self, test, error):
        self._fail(test, error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say(f"skipped, {reason}:", test)

    def _fail(self, test, error):
        # A test that fails and then cannot be cleared away failed once.
        self.failed.add(test.id())
        story = test.story_of_failure() if hasattr(test, "story_of_failure") else ""
        text = f"{self._exc_info_to_string(error, test)}\n{story}"
        (SHOTS / f"{test.id().rsplit('.', 1)[-1].removeprefix('test_')}.txt").write_text(text)
        self._say("FAILED", test)
        print(text, flush=True)

    def _say(self, what: str, test) -> None:
        name = test.id().rsplit(".", 1)[-1].removeprefix("test_").replace("_", " ")
        print(f"{what:6} {name} ({time.monotonic() - self._began:.1f} s)", flush=True)


def each(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from each(one)
        else:
            yield one


def main(words: list[str]) -> int:
    faulthandler.enable()
    tests = list(each(unittest.defaultTestLoader.discover(str(HERE), top_level_dir=str(HERE))))
    chosen = [test for test in tests if not words or any(word in test.id() for word in words)]
    report = Report()
    unittest.TestSuite(chosen).run(report)
    print(f"{report.passed} passed, {len(report.failed)} failed, {len(report.skipped)} skipped", flush=True)
    return 1 if report.failed or not chosen else 0


sys.exit(main(sys.argv[1:]))
