"""Builds and runs what the Dockerfile says in a bare folder, where there is no container engine, and checks it.

    sudo python3 deploy/rehearse.py FOLDER [--build-arg NAME=VALUE] [--wheels FOLDER]

Needs Linux, root, bubblewrap, and a Python with venv. What is run has a read-only root, no network, no capability, a
user id without rights, /tmp and one volume. The folder is left for a look; a second call goes on with what was built.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dockerfile import Context, read_stages
from sandbox import Container, Stage

CHECKOUT = Path(__file__).resolve().parent.parent
TOKEN = "rehearsal"
STORY = (CHECKOUT / "examples" / "wire.jsonl").read_text(encoding="utf-8").splitlines()[0]
CONFIG = "/etc/summarizer/wire.yaml"
PATIENCE_SECONDS = 600

POST = """
import http.client, sys
client = http.client.HTTPConnection("127.0.0.1", 8650)
headers = {"Content-Type": "application/json", "Authorization": "Bearer " + sys.argv[1]}
client.request("POST", "/v1/records", sys.stdin.read().encode(), headers)
answer = client.getresponse()
print(answer.read().decode())
raise SystemExit(answer.status != 200)
"""
CLOSED = """
import errno, os, socket
for path in ("/opt/summarizer/new", "/etc/new", "/new"):
    try:
        open(path, "w")
    except OSError as error:
        assert error.errno == errno.EROFS, (path, error)
    else:
        raise SystemExit(path + " can be written")
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except OSError as error:
    assert error.errno == errno.ENETUNREACH, error
assert os.getuid() and os.getgid(), "root"
"""


def main() -> None:
    """Build, run, check, and say what was measured."""
    arguments = read_arguments()
    if os.geteuid() != 0 or not shutil.which("bwrap"):
        sys.exit("rehearse: needs root and bubblewrap (apt-get install bubblewrap).")
    folder: Path = arguments.folder.resolve()
    image = build(folder, dict(pair.split("=", 1) for pair in arguments.build_arg), arguments.wheels)
    for path in ("opt/summarizer", "opt/summarizer/models"):
        size = subprocess.run(["du", "-sm", image.root / path], capture_output=True, text=True, check=True).stdout
        say(f"/{path}: {size.split()[0]} MB")
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    data.chmod(0o1777)
    for check in (refuses_without_a_token, serves, runs_a_batch, watches):
        check(image, data)
        say(f"{check.__name__.replace('_', ' ')}: as it should be")


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to build; 4 GB")
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE", help="for an ARG")
    parser.add_argument("--wheels", type=Path, help="a folder of packages that pip may take, too")
    return parser.parse_args()


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def build(folder: Path, args: dict[str, str], wheels: Path | None) -> Stage:
    """Carry out every stage of the Dockerfile; return the last one. What an earlier call built whole is taken."""
    stages: dict[str, Stage] = {}
    for number, (first, *rest) in enumerate(read_stages(CHECKOUT / "Dockerfile")):
        while first.name != "FROM":  # before the first one stands the base image, which is this machine
            first, *rest = rest
        name = first.words[2] if len(first.words) > 2 else str(number)
        stage = Stage(folder / f"stage-{name}", wheels, args=dict(args))
        built = folder / f"stage-{name}.built"
        if built.exists():
            say(f"stage {name} was built before")
            rest = [one for one in rest if one.name not in ("COPY", "RUN")]
        else:
            shutil.rmtree(stage.root, ignore_errors=True)
            stage.root.mkdir(parents=True)
        before = time.monotonic()
        stage.build(rest, Context(CHECKOUT), stages)
        built.touch()
        say(f"stage {name}: {time.monotonic() - before:.0f} s")
        stages[name] = stage
    return stage


def refuses_without_a_token(image: Stage, data: Path) -> None:
    """CMD as it stands has nobody to trust, and must end with 2 and say what it wants."""
    code, said = finish(image.start(image.words("CMD"), data))
    require(code == 2 and "SUMMARIZER_TOKEN" in said, code, said)


def serves(image: Stage, data: Path) -> None:
    """CMD with a token answers, is closed to all sides, and ends with 0 at STOPSIGNAL."""
    before = time.monotonic()
    container = image.start(image.words("CMD"), data, {"SUMMARIZER_TOKEN": TOKEN})
    health = json.loads(image.settings["HEALTHCHECK"].value.partition("CMD ")[2])
    wait_for(lambda: container.execute(health).returncode == 0, container)
    say(f"healthy after {time.monotonic() - before:.1f} s")
    shut = container.execute(["python", "-c", CLOSED])
    require(shut.returncode == 0, shut.returncode, shut.stderr)
    answer = container.execute(["python", "-c", POST, TOKEN], STORY)
    require(answer.returncode == 0, answer.returncode, answer.stdout + answer.stderr)
    record = json.loads(answer.stdout)
    say(f"brief: {record['brief']['text']}\ntags: {', '.join(tag['topic'] for tag in record['tags'])}")
    refused = container.execute(["python", "-c", POST, "another token"], STORY)
    require('"status":401' in refused.stdout.replace(" ", ""), refused.returncode, refused.stdout)
    say("memory: {} MB, at most {} MB".format(*container.memory_megabytes()))
    before = time.monotonic()
    code, said = container.stop(signal.Signals[image.settings["STOPSIGNAL"].value], PATIENCE_SECONDS)
    require(code == 0 and "Traceback" not in said, code, said)
    require((data / "signoffs.sqlite").is_file(), code, said)
    say(f"ended {time.monotonic() - before:.1f} s after {image.settings['STOPSIGNAL'].value}")


def runs_a_batch(image: Stage, data: Path) -> None:
    """A run folder is filled; the same command again finds it finished."""
    shutil.copy(CHECKOUT / "examples" / "wire.jsonl", data)
    stories = (data / "wire.jsonl").read_text(encoding="utf-8").splitlines()
    command = ["run", CONFIG, "wire.jsonl", "--output", "today/"]
    before = time.monotonic()
    code, said = finish(image.start(command, data))
    require(code == 0, code, said)
    say(f"a batch of {len(stories)} stories: {time.monotonic() - before:.1f} s")
    records = [json.loads(line) for line in (data / "today" / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    require([one["id"] for one in records] == [json.loads(line)["id"] for line in stories], code, said)
    code, said = finish(image.start(command, data))
    require(code == 0 and "finished already" in said, code, said)


def watches(image: Stage, data: Path) -> None:
    """A file that comes into the watched folder is answered, and the watch ends with 0 at STOPSIGNAL."""
    incoming, answer = data / "incoming", data / "answers" / "wire.jsonl.jsonl"
    incoming.mkdir(mode=0o777)
    incoming.chmod(0o777)
    container = image.start(["watch", "incoming", "--out", "answers", "--config", CONFIG], data)
    shutil.copy(CHECKOUT / "examples" / "wire.jsonl", incoming / "wire.jsonl.part")
    (incoming / "wire.jsonl.part").rename(incoming / "wire.jsonl")
    wait_for(answer.is_file, container)
    code, said = container.stop(signal.Signals[image.settings["STOPSIGNAL"].value], PATIENCE_SECONDS)
    require(code == 0 and (incoming / "done" / "wire.jsonl").is_file(), code, said)


def finish(container: Container) -> tuple[int, str]:
    """Wait until it ends by itself; return the exit code and everything that was said."""
    said, _ = container.process.communicate(timeout=PATIENCE_SECONDS)
    return container.process.returncode, said


def wait_for(is_so: Callable[[], bool], container: Container) -> None:
    """Wait until something is so; what ended in the meantime, or takes too long, ends the rehearsal."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if container.process.poll() is not None or time.monotonic() > until:
            container.kill()
            said, _ = container.process.communicate()
            require(False, container.process.returncode, said)
        time.sleep(0.2)


def require(is_so: bool, code: int, said: str) -> None:
    """End the rehearsal where something is not as it should be."""
    if not is_so:
        sys.exit(f"rehearse: not as it should be (exit code {code}). What was said:\n{said}")


if __name__ == "__main__":
    main()
