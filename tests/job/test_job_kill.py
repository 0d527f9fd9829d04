"""Real processes, killed at random moments with kill -9 and Ctrl-C while they tag and write briefs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from run_folders import content, counts, invent_wire, run
from tiny_topics import tiny_linear

from summarizer.config import RunConfig, parse_config

COUNT = 400
KILLS = 14

# One process imports everything and forks the runs, since a start of Python takes longer than such a run.
DRIVER = """
import io, os, random, signal, sys, time
import sklearn.feature_extraction.text, summarizer.sentences
from summarizer.cli.talk import interruptible
from summarizer.config import load_config
from summarizer.job import resumable, run_job
from summarizer.runner import Runner

config, seed, kills = load_config(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resumable.COMMIT_SECONDS = 0
process = Runner.process
# Slow as long as there are kills to come, so that they come in time on a fast machine too.
Runner.process = lambda self, items: (time.sleep(0.04 * (len(ends) < kills)), process(self, items))[1]

def run():
    with interruptible() as stop:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # before this, Ctrl-C would end the driver's copy
        report = run_job(config, stdin=io.BytesIO(), stdout=io.BytesIO(), stop=stop)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    return 130 if report.interrupted else 0

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
chance, ends = random.Random(seed), []
while True:
    child = os.fork()
    if not child:
        os._exit(run())
    if len(ends) < kills:
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ends.append(code)
    if code not in (-signal.SIGKILL, -signal.SIGINT, 130):
        break
print(*ends)
"""


@pytest.fixture(scope="module")
def config_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("kill")
    wire = invent_wire(folder / "wire.jsonl", COUNT)
    model, _ = tiny_linear(folder / "model")
    return (
        f"input: {{path: {wire}}}\n"
        "summarize: {backend: lead, max_words: 20, min_source_words: 5}\n"
        f"classify: {{backend: linear, model: {model}}}\n"
        "runtime: {window_articles: 8}\n"
    )


@pytest.fixture(scope="module")
def unbroken(config_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken") / "run"
    report = run(parse_config(config_text, RunConfig, overrides=[f"output.path={folder}/"]))
    assert report.duplicate_ids > 50
    return folder


@pytest.mark.parametrize("seed", [1, 2])
def test_job_killed_at_random_has_the_records_of_an_unbroken_run(
    config_text: str, unbroken: Path, tmp_path: Path, seed: int
) -> None:
    config, folder = tmp_path / "run.yaml", tmp_path / "run"
    config.write_text(f"{config_text}output: {{path: {folder}/}}\n")
    command = [sys.executable, "-c", DRIVER, str(config), str(seed), str(KILLS)]
    driven = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    ends = [int(code) for code in driven.stdout.split()]
    assert ends[-1] == 0, driven.stderr
    assert {-9, 130} <= set(ends), ends
    assert len(ends) > 8, ends
    assert content(folder) == content(unbroken)
    assert counts(folder) == counts(unbroken)
    assert (
        len((folder / "records.jsonl").read_bytes().splitlines())
        == json.loads((folder / "report.json").read_bytes())["written"]
    )
