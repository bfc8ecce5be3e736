"""Waiting for a condition. Nothing in these tests waits for a length of time instead."""

import time

BETWEEN_LOOKS = 0.05
USUAL_PATIENCE = 40


def wait_for(what: str, look, patience: float = USUAL_PATIENCE):
    """Looks until there is something to see, and answers it. `what` says what was waited for, should it not come."""
    until = time.monotonic() + patience
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > until:
            raise AssertionError(f"waited {patience:.0f} s in vain for {what}; last seen: {seen!r}")
        time.sleep(BETWEEN_LOOKS)
