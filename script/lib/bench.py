"""Runs works by several tools in turn and compares medians. Started by script/bench."""

import argparse
import ctypes
import json
import os
import pathlib
import platform
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

MIB = 1 << 20
CIPHER = "aes128-gcm@openssh.com"


class Measured:
    """Wall seconds, CPU seconds and peak memory of one command with all its children."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


PR_SET_CHILD_SUBREAPER = 36


def run_adopting(argv, cwd, env, log, feed):
    """Runs a command and every process that it leaves behind; answers exit code, wall and their sum of CPU and peak."""
    # `sftp` and `lftp` end without waiting for their `ssh`, whose CPU belongs to the bill.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with open(log, "ab") as out:
        stdin = subprocess.PIPE if feed else subprocess.DEVNULL
        began = time.monotonic()
        child = subprocess.Popen(argv, cwd=cwd, env=env, stdin=stdin, stdout=out, stderr=out)
        if feed:
            child.stdin.write(feed.encode())
            child.stdin.close()
        code = child.wait()
        wall = time.monotonic() - began
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def settle(work):
    """Lets nobody pay for the one before: its bytes go to the disk, and the page cache has memory that is really there."""
    # Virtual machines give memory back that nobody uses; the first to fill it again would wait for it.
    warm = work / "warm.bin"
    piece = bytes(16 * MIB)
    with open(warm, "wb", buffering=0) as out:
        for _ in range(80):
            out.write(piece)
    os.sync()
    warm.unlink()


def measure(argv, cwd, env, log, feed=None):
    """Runs a command to its end; fails loudly, because a failed run measures nothing."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = run_adopting(argv, cwd, env, log, feed)
            os.write(write, json.dumps(answer).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    if not answer:
        raise SystemExit(f"{' '.join(argv)} could not be run; see {log}")
    code, wall, cpu, peak = json.loads(answer)
    if code != 0:
        raise SystemExit(f"{' '.join(argv)} exited {code}; see {log}")
    return Measured(wall, cpu, peak)


class Bench:
    def __init__(self, args, peers, work):
        self.args, self.peers, self.work = args, peers, pathlib.Path(work)
        self.tools = pathlib.Path(args.tools)
        self.round = 0
        self.log = self.work / "log.txt"
        self.env = dict(
            os.environ,
            HOME=str(self.work),
            WAYBILL_VAULT_PASSPHRASE="bench",
            DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent",
            AWS_ACCESS_KEY_ID=peers["access_key_id"],
            AWS_SECRET_ACCESS_KEY=peers["secret_access_key"],
            AWS_REGION=peers["region"],
            S3_ENDPOINT_URL=peers["endpoint"],
            RCLONE_CONFIG_S3_TYPE="s3",
            RCLONE_CONFIG_S3_PROVIDER="Other",
            RCLONE_CONFIG_S3_ENDPOINT=peers["endpoint"],
            RCLONE_CONFIG_S3_REGION=peers["region"],
            RCLONE_CONFIG_S3_ACCESS_KEY_ID=peers["access_key_id"],
            RCLONE_CONFIG_S3_SECRET_ACCESS_KEY=peers["secret_access_key"],
            RCLONE_CONFIG_SFTP_TYPE="sftp",
            RCLONE_CONFIG_SFTP_HOST=peers["host"],
            RCLONE_CONFIG_SFTP_PORT=str(peers["port"]),
            RCLONE_CONFIG_SFTP_USER=peers["user"],
            RCLONE_CONFIG_SFTP_KEY_FILE=peers["key_file"],
            RCLONE_CONFIG_SFTP_KNOWN_HOSTS_FILE=peers["known_hosts"],
            RCLONE_CONFIG_SFTP_CIPHERS=CIPHER,
        )

    # Data

    def prepare(self):
        self.big = self.work / "big.bin"
        with open(self.big, "wb") as out:
            for _ in range(1024):
                out.write(os.urandom(MIB))
        self.many = self.work / "many"
        self.many.mkdir()
        for n in range(2000):
            (self.many / f"{n:05}.bin").write_bytes(os.urandom(16 * 1024))
        self.waybill_home = self.work / "desk"
        s3 = {k: self.peers[k] for k in ("endpoint", "region", "bucket", "access_key_id")}
        self.connect("s3", {**s3, "path_style": "true"}, f"secret_access_key={self.peers['secret_access_key']}\n")
        sftp = {k: str(self.peers[k]) for k in ("host", "port", "user", "key_file", "host_key")}
        self.connect("sftp", {**sftp, "auth": "key"}, "")
        self.connect("sftp-accepted", {**sftp, "auth": "key", "proof": "none"}, "", kind="sftp")

    def connect(self, name, settings, secrets, kind=None):
        sets = [word for pair in settings.items() for word in ("--set", "=".join(pair))]
        add = self.waybill("connection", "add", name, "--kind", kind or name, *sets, "--secrets-stdin")
        measure(add, self.work, self.env, self.log, feed=secrets or "\n")
        measure(self.waybill("connection", "test", name), self.work, self.env, self.log)

    # Commands

    def waybill(self, *words):
        return [self.args.waybill, "--home", str(self.waybill_home), *words]

    def send(self, source, to, proof="matched"):
        return self.waybill("send", str(source), "--to", to, "--conflict", "overwrite", "--proof", proof)

    def ssh_options(self):
        p = self.peers
        options = {"Port": p["port"], "IdentityFile": p["key_file"], "UserKnownHostsFile": p["known_hosts"], "Ciphers": CIPHER}
        return [word for key, value in options.items() for word in ("-o", f"{key}={value}")]

    def sftp(self, *lines):
        batch = self.work / "batch.txt"
        batch.write_text("\n".join(lines) + "\n")
        p = self.peers
        return ["sftp", "-q", "-b", str(batch), *self.ssh_options(), f"{p['user']}@{p['host']}"]

    def lftp(self, *lines):
        connect = " ".join(["ssh", "-a", "-x", *self.ssh_options()])
        p = self.peers
        head = [f'set sftp:connect-program "{connect}"', "set sftp:auto-confirm yes", f"open sftp://{p['user']}:@{p['host']}:{p['port']}"]
        return ["lftp", "-c", "; ".join([*head, *lines])]

    # Works: name -> (reach, {tool: argv})

    def works(self):
        n = self.round
        bucket, root = self.peers["bucket"], self.peers["root"]
        s5 = str(self.tools / "s5cmd")
        rclone = str(self.tools / "rclone")
        down = self.work / "down"
        shutil.rmtree(down, ignore_errors=True)
        for name in ("waybill", "s5cmd", "rclone", "sftp", "waybill-accepted"):
            (down / name).mkdir(parents=True)
            (pathlib.Path(root) / f"{name}-{n}").mkdir(exist_ok=True)
        big, many = str(self.big), str(self.many)
        stored = f"{root}/stored.bin"
        return {
            "S3 up, 1 GiB": {
                "waybill (matched)": self.send(big, f"s3:/waybill-{n}"),
                "s5cmd": [s5, "cp", big, f"s3://{bucket}/s5cmd-{n}/big.bin"],
                "rclone": [rclone, "copy", big, f"s3:{bucket}/rclone-{n}"],
                "aws (crt)": [str(self.tools / "aws"), "--endpoint-url", self.peers["endpoint"], "s3", "cp", "--quiet", big, f"s3://{bucket}/aws-{n}/big.bin"],
            },
            "S3 down, 1 GiB": {
                "waybill (matched)": self.waybill("fetch", "s3:/stored/big.bin", "--to", str(down / "waybill")),
                "waybill (accepted)": self.waybill("fetch", "s3:/stored/big.bin", "--to", str(down / "waybill-accepted"), "--proof", "accepted"),
                "s5cmd": [s5, "cp", f"s3://{bucket}/stored/big.bin", str(down / "s5cmd") + "/"],
                "rclone": [rclone, "copy", f"s3:{bucket}/stored/big.bin", str(down / "rclone")],
            },
            "S3 up, 2,000 files of 16 KiB": {
                "waybill (matched)": self.send(many, f"s3:/waybill-many-{n}"),
                "s5cmd": [s5, "cp", many + "/", f"s3://{bucket}/s5cmd-many-{n}/"],
                "rclone": [rclone, "copy", "--transfers", "32", many, f"s3:{bucket}/rclone-many-{n}"],
            },
            "SFTP up, 1 GiB": {
                "waybill (accepted)": self.send(big, f"sftp-accepted:{root}/waybill-accepted-{n}", "accepted"),
                "waybill (matched)": self.send(big, f"sftp:{root}/waybill-{n}"),
                "OpenSSH sftp": self.sftp(f"put {big} {root}/sftp-{n}/big.bin"),
                "rclone": [rclone, "copy", big, f"sftp:{root}/rclone-{n}"],
            },
            "SFTP down, 1 GiB": {
                "waybill (accepted)": self.waybill("fetch", f"sftp-accepted:{stored}", "--to", str(down / "waybill-accepted"), "--proof", "accepted"),
                "waybill (matched)": self.waybill("fetch", f"sftp:{stored}", "--to", str(down / "waybill")),
                "OpenSSH sftp": self.sftp(f"get {stored} {down / 'sftp'}/big.bin"),
                "rclone": [rclone, "copy", f"sftp:{stored}", str(down / "rclone")],
            },
            "SFTP up, 2,000 files of 16 KiB": {
                "waybill (accepted)": self.send(many, f"sftp-accepted:{root}/waybill-accepted-{n}", "accepted"),
                "waybill (matched)": self.send(many, f"sftp:{root}/waybill-{n}"),
                "OpenSSH sftp": self.sftp(f"put -r {many} {root}/sftp-{n}/many"),
                "lftp": self.lftp(f"mirror -R --parallel=8 {many} {root}/lftp-{n}"),
            },
        }

    def store(self):
        """What is fetched by all is put there once, by a tool that is not ours."""
        measure([str(self.tools / "s5cmd"), "cp", str(self.big), f"s3://{self.peers['bucket']}/stored/big.bin"], self.work, self.env, self.log)
        shutil.copy(self.big, pathlib.Path(self.peers["root"]) / "stored.bin")

    def clean(self, n):
        """Old rounds would fill the disk."""
        for name in ("waybill", "s5cmd", "rclone", "aws", "waybill-many", "s5cmd-many", "rclone-many"):
            subprocess.run([str(self.tools / "s5cmd"), "rm", f"s3://{self.peers['bucket']}/{name}-{n}/*"], env=self.env, capture_output=True, check=False)
        for path in pathlib.Path(self.peers["root"]).glob(f"*-{n}"):
            shutil.rmtree(path, ignore_errors=True)

    def run(self):
        self.prepare()
        self.store()
        results = {}
        for self.round in range(self.args.rounds + 1):
            for work, commands in self.works().items():
                if self.args.only and self.args.only not in work:
                    continue
                # Each is first in its turn.
                tools = list(commands.items())
                turn = self.round % len(tools)
                for tool, argv in tools[turn:] + tools[:turn]:
                    settle(self.work)
                    try:
                        measured = measure(argv, self.work, self.env, self.log)
                    except SystemExit as error:
                        if "waybill" in tool:
                            raise
                        print(f"  {tool}: {error}", flush=True)
                        continue
                    # The first round warms caches up.
                    if self.round:
                        results.setdefault(work, {}).setdefault(tool, []).append(measured)
                    print(f"round {self.round}  {work}  {tool}: {measured.wall:.2f} s, CPU {measured.cpu:.2f} s, {measured.peak:.0f} MiB", flush=True)
            self.clean(self.round)
        return results


def queue_speed(argv, rounds):
    """Medians of the queue's own measurement, after a warm-up."""
    found = [json.loads(subprocess.run(argv, check=True, capture_output=True).stdout) for _ in range(rounds + 1)][1:]
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


def table(results):
    lines = ["| work | tool | wall s | CPU s | peak MiB | waybill's wall is |", "|---|---|---:|---:|---:|---:|"]
    for work, tools in results.items():
        medians = {tool: [statistics.median(getattr(m, f) for m in runs) for f in ("wall", "cpu", "peak")] for tool, runs in tools.items()}
        ours = {tool: m for tool, m in medians.items() if tool.startswith("waybill")}
        for tool in sorted(medians, key=lambda tool: (tool not in ours, list(medians).index(tool))):
            wall, cpu, peak = medians[tool]
            ratio = ", ".join(f"{m[0] / wall:.2f} x ({name[9:-1]})" for name, m in ours.items()) if tool not in ours else ""
            lines.append(f"| {work} | {tool} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {ratio} |")
    return "\n".join(lines)


HEAD = """# Benchmarks

Made by `script/bench`: the release build of `waybill` and the other tools in turn, on one Garage and one OpenSSH server of
the same machine, over loopback, {rounds} rounds after a warm-up; medians. Every file of `waybill` has its own durable row.
*matched* means that the remote's bytes were proved equal to the source's SHA-256, *accepted* that the remote acknowledged
them, which is all that the other tools offer. CPU seconds and memory are the client's with its children; what needs less
than 30 MiB shows as 30, the size of the program that measures. SFTP uses {cipher} throughout. Before each command the disk
is at rest and the page cache warm, and in each round another tool is first.

Machine: {machine}

"""


QUEUE = """

| work of the queue alone | s |
|---|---:|
| 100,000 transfers enqueued, each with its durable row | {enqueued:.2f} |
| from opening a home that holds them to the first claim | {claimed:.3f} |

## What the ratios rest on

- Client and server share the processors, so CPU that the client spends is wall time that the server lacks.
- `waybill` makes a SHA-256 of every byte that it moves; no other tool here does. Sends to S3 carry a second one for each part.
- A large SFTP file that is *matched* costs a run of `sha256sum` over the whole of it on the server, after the last byte or,
  for a fetch, before the first. Small files are read back instead.
- A fetch is synced to the disk part by part before it gets its name; the other tools leave that to the system.
- A fetch from S3 that is *matched* checks the digests that the server has: MD5, one part after the other, where another tool
  stored the file.
"""


def main():
    parser = argparse.ArgumentParser()
    for name in ("waybill", "serve", "queue-speed", "tools", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    serve = subprocess.Popen([args.serve, CIPHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        peers = json.loads(serve.stdout.readline())
        with tempfile.TemporaryDirectory(prefix="waybill-bench-") as work:
            results = Bench(args, peers, work).run()
    finally:
        serve.stdin.close()
        serve.wait()
    made = table(results)
    print(made)
    if not args.only:
        queue = queue_speed([args.queue_speed], args.rounds)
        made += QUEUE.format(**queue)
        machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, {platform.machine()}"
        out = pathlib.Path(args.out)
        # What `script/bench window` wrote stands at the end and stays.
        _, found, window = out.read_text().partition("\n## The window") if out.exists() else ("", "", "")
        out.write_text(HEAD.format(rounds=args.rounds, cipher=CIPHER, machine=machine) + made + found + window)


main()
