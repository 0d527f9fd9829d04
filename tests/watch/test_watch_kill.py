"""Real processes, killed with kill -9 in the middle of everything: each file is answered once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = 60
KILLS = 16


@pytest.mark.parametrize(("seed", "links"), [(1, False), (2, False), (3, True), (4, True)])
def test_watch_killed_again_and_again_answers_each_file_once(tmp_path: Path, seed: int, links: bool) -> None:
    script = Path(__file__).with_name("kill_watch.py")
    command = [sys.executable, script, tmp_path / "w", "--files", FILES, "--kills", KILLS, "--seed", seed]
    command += ["--links"] if links else []
    run = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert run.returncode == 0, run.stderr
    came = json.loads(run.stdout)
    assert came["killed"] >= KILLS // 2, came
    assert came["other_ends"] == 0, came
    assert came["answered"] == came["answers"] == FILES, came
    assert came["again"] == 0
    assert came["linked"] == (FILES if links else None), came
    assert came["growing"] == 0
    failed = sum(number % 17 == 3 for number in range(FILES))
    assert came["where"] == {"done": FILES - failed, "failed": failed}
