"""Starts the stand-ins and runs each client against its own. Started by tests/clients/run."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COUNT = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")
PATIENCE_SECONDS = 600


def python(script, *arguments):
    return [sys.executable, HERE / script, *arguments]


def node(script, *arguments):
    return ["node", HERE / script, *arguments]


def shell(script, *arguments):
    return ["bash", HERE / script, *arguments]


def pick(it, *names):
    return [it[name] for name in names]


def sign_in(it):
    return [*pick(it, "base_url", "tenant", "client_id", "client_secret", "public_client_id"), it["users"][0], it["password"]]


# Each run by its name: which system it needs (none where it needs several), and its command with what that system's line says.
RUNS = {
    "xecm by pyxecm": ("xecm", lambda it: python("xecm.py", *pick(it, "base_url", "username", "password", "clerk", "client_id", "client_secret"))),
    "xecm by xecm": ("xecm", lambda it: python("xecm_by_xecm.py", *pick(it, "base_url", "directory_url", "username", "password", "client_id", "client_secret"), *map(str, pick(it["seeds"], "category", "classification")))),
    "xecm by cs-rest": ("xecm", lambda it: node("xecm.mjs", *pick(it, "base_url", "username", "password"))),
    "workflow, xecm, canto and xconnector by openid-client": (None, lambda it: node("tokens.mjs", json.dumps(it))),
    "workflow by Authlib": ("workflow", lambda it: python("workflow.py", *sign_in(it))),
    "workflow by oidc-client-ts": ("workflow", lambda it: node("workflow.mjs", *sign_in(it))),
    "canto by django-canto": ("canto", lambda it: python("canto.py", *pick(it, "base_url", "oauth_url", "oauth_token_url", "app_id", "app_secret"))),
    "file360 by curl": ("file360", lambda it: shell("file360.sh", *pick(it, "base_url", "administrator"), *it["users"], *pick(it, "auditor", "supplier", "password"))),
    "xconnector by npm cloudevents and opensearch": ("xconnector", lambda it: node("xconnector.mjs", *pick(it, "base_url", "signing_secret"))),
    "xconnector by opensearch-py": ("xconnector", lambda it: python("opensearch_catalogue.py", it["base_url"])),
    "xconnector by cloudevents and standardwebhooks": ("xconnector", lambda it: python("xconnector.py", *pick(it, "base_url", "signing_secret"))),
}


def count(output, code):
    """What a client's last line says; one failure where there is none."""
    found = [match for line in output.splitlines() if (match := COUNT.match(line.strip()))]
    if not found:
        return 0, 1, 0
    passed, failed, skipped = map(int, found[-1].groups())
    return passed, max(failed, 1 if code != 0 else 0), skipped


def main():
    wanted = sys.argv[1:]
    unknown = [word for word in wanted if not any(word in name for name in RUNS)]
    if unknown:
        sys.exit(f"there is no client of {', '.join(unknown)}; there are {', '.join(RUNS)}")
    standins = subprocess.Popen([os.environ["WAYBILL"], "standins"], stdout=subprocess.PIPE, text=True)
    totals = [0, 0, 0]
    try:
        systems = json.loads(standins.stdout.readline())
        for name, (system, command) in RUNS.items():
            if wanted and not any(word in name for word in wanted):
                continue
            print(f"== {name}", flush=True)
            try:
                done = subprocess.run(command(systems[system] if system else systems), cwd=os.environ["CLIENTS"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_SECONDS)
                output, code = done.stdout, done.returncode
            except subprocess.TimeoutExpired as late:
                output, code = f"{late.stdout or ''}\nit did not end in {PATIENCE_SECONDS} s", 1
            print(output, flush=True)
            totals = [a + b for a, b in zip(totals, count(output, code))]
    finally:
        standins.send_signal(signal.SIGTERM)
        standins.wait(timeout=30)
    print("{} passed, {} failed, {} skipped".format(*totals))
    sys.exit(1 if totals[1] else 0)


main()
