"""A cluster of two workers on this machine: the records of a local run, whatever dies on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="the extra 'ray' is not installed")
sys.path.append(str(Path(__file__).parents[1] / "job"))

from run_folders import content, counts, invent_wire, run
from scale_workers import DEADLY, PIDS
from tiny_topics import tiny_linear

from summarizer.config import RunConfig, parse_config
from summarizer.errors import ModelError, UsageError

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray warns of itself

ON_RAY = "runtime.engine=ray"
LEAD = "summarize: {backend: lead, max_words: 20, min_source_words: 5}\nruntime: {workers: 1}\n"


@pytest.fixture(scope="module")
def pids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each worker's process leaves its id."""
    return tmp_path_factory.mktemp("pids")


@pytest.fixture(scope="module")
def address(pids: Path) -> Iterator[str]:
    """A cluster of two cores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        patch.setenv("RAY_memory_monitor_refresh_ms", "0")  # a full machine must not decide what dies here
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("RAY_raylet_start_wait_time_s", "300")
        patch.delenv("RAY_ADDRESS", raising=False)
        patch.setenv(PIDS, str(pids))
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        import ray

        context = ray.init(
            address="local",
            num_cpus=2,
            object_store_memory=200_000_000,
            include_dashboard=False,
            log_to_driver=False,
            runtime_env={"worker_process_setup_hook": "scale_workers.set_up"},
        )
        yield context.address_info["gcs_address"]
        ray.shutdown()


@pytest.fixture(scope="module")
def config_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    model, _ = tiny_linear(tmp_path_factory.mktemp("scale") / "model")
    return (
        "summarize: {backend: lead, max_words: 20, min_source_words: 5}\n"
        f"classify: {{backend: linear, model: {model}}}\n"
        "runtime: {workers: 2}\n"
    )


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 lines with ids that repeat, lines that cannot be read, articles that fail, and 300 texts a second time."""
    path = invent_wire(tmp_path_factory.mktemp("wire") / "wire.jsonl", 1700)
    again = [
        json.loads(line) | {"id": f"again {n}"} for n, line in enumerate(path.read_text().splitlines()) if n % 7 != 2
    ]
    with path.open("a") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in again[:300])
    return path


def configured(text: str, wire: Path, folder: Path, *overrides: str) -> RunConfig:
    return parse_config(text, RunConfig, overrides=[f"input.path={wire}", f"output.path={folder}/", *overrides])


@pytest.fixture(scope="module")
def local(config_text: str, wire: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local") / "run"
    report = run(configured(config_text, wire, folder))
    assert min(report.duplicate_ids, report.failed, report.repeated_texts) > 100
    return folder


def test_ray_gives_the_records_of_a_local_run_though_a_worker_is_killed(
    address: str, pids: Path, config_text: str, wire: Path, local: Path, tmp_path: Path
):
    killed: list[int] = []
    for left in pids.iterdir():
        left.unlink()

    def kill_one(results: object, report: object) -> None:
        if not killed and os.listdir(pids):
            killed.append(max(map(int, os.listdir(pids))))
            os.kill(killed[0], signal.SIGKILL)

    config = configured(config_text, wire, tmp_path / "run", ON_RAY, "runtime.window_articles=20")
    report = run(config, on_window=kill_one)
    assert killed
    assert len(os.listdir(pids)) == 3, "two workers, and the one that came for the one that was killed"
    assert report.read == 2000
    assert content(tmp_path / "run") == content(local)
    assert counts(tmp_path / "run") == counts(local)


def test_ray_finds_the_article_that_kills_its_worker(address: str, tmp_path: Path):
    wire, without = tmp_path / "wire.jsonl", tmp_path / "without.jsonl"
    lines = invent_wire(wire, 20).read_text().splitlines()
    without.write_text("\n".join(lines) + "\n")
    lines.insert(10, json.dumps({"id": "gauge", "text": f"{DEADLY} It stood at four metres on Monday."}))
    wire.write_text("\n".join(lines) + "\n")
    run(configured(LEAD, without, tmp_path / "local"))
    report = run(configured(LEAD, wire, tmp_path / "run", ON_RAY, "runtime.window_articles=2"))
    assert content(tmp_path / "run")["records.jsonl"] == content(tmp_path / "local")["records.jsonl"]
    failures = [json.loads(line) for line in content(tmp_path / "run")["failures.jsonl"].splitlines()]
    [deadly] = [failure for failure in failures if failure["stage"] == "worker"]
    assert (deadly["id"], deadly["where"]) == ("gauge", f"{wire}:11")
    assert report.failures_by_stage["worker"] == 1
    assert report.read == 21


def test_ray_goes_on_after_its_driver_was_killed(
    address: str, config_text: str, wire: Path, local: Path, tmp_path: Path
):
    config, folder = tmp_path / "run.yaml", tmp_path / "run"
    config.write_text(config_text)
    command = ["run", str(config), str(wire), "-o", f"{folder}/", "--quiet", "--set", ON_RAY]
    settings = ["--set", "runtime.window_articles=8"]
    start = [sys.executable, "-W", "ignore", "-c", "from summarizer.cli import main; main()", *command, *settings]
    driver = subprocess.Popen(start, env={**os.environ, "RAY_ADDRESS": address}, stderr=subprocess.DEVNULL)
    journal = folder / "journal.jsonl"
    while driver.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.02)
    driver.kill()
    assert driver.wait() == -signal.SIGKILL, "it was to be killed in the middle"
    report = run(configured(config_text, wire, folder, ON_RAY))
    assert 0 < report.resumed_at < 2000
    assert content(folder) == content(local)
    before, after = counts(local), counts(folder)
    assert before | {"repeated_texts": 0} == after | {"repeated_texts": 0}  # which the new process does not know of all


def test_ray_refuses_more_workers_than_there_is_room_for(address: str, config_text: str, wire: Path, tmp_path: Path):
    config = configured(config_text, wire, tmp_path / "run", ON_RAY, "runtime.workers=3")
    with pytest.raises(UsageError, match=r"has room for 2 workers of 1 core, asked for 3"):
        run(config)


def test_ray_says_on_the_driver_what_a_worker_cannot_load(address: str, config_text: str, wire: Path, tmp_path: Path):
    config = configured(config_text, wire, tmp_path / "run", ON_RAY, f"classify.model={tmp_path / 'nothing'}")
    with pytest.raises(ModelError, match="nothing"):
        run(config)
    assert not (tmp_path / "run" / "run.json").exists()
