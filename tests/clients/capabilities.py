"""What each client's script prints: a line for each capability that was tried, and the count at the end."""

import sys

_results = []


def capability(name):
    """Runs the function that follows; a failed one hides no other."""

    def run(work):
        try:
            work()
        except Exception as error:  # whatever a client complains of is a result
            _results.append(False)
            print(f"FAIL {name}: {type(error).__name__} {error}"[:300].replace("\n", " "), flush=True)
        else:
            _results.append(True)
            print(f"ok {name}", flush=True)
        return work

    return run


def finish():
    """Prints the count and ends the script, with 1 where one failed."""
    print(f"{_results.count(True)} passed, {_results.count(False)} failed, 0 skipped")
    sys.exit(0 if all(_results) else 1)
