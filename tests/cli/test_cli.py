"""The command line as a user meets it: messages, exit codes, data on stdout and talk on stderr."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STORY = "Norvia and Tessland signed a defence accord on Tuesday. It runs for five years. The ministers met in Orma."
LEAD = "summarize:\n  backend: lead\n  max_words: 20\n  min_source_words: 5\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "lead.yaml"
    path.write_text(LEAD)
    return path


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    path = tmp_path / "wire.jsonl"
    path.write_text("".join(json.dumps({"id": f"w{n}", "text": STORY}) + "\n" for n in range(3)))
    return path


def test_cli_run_writes_records_to_stdout_and_the_report_to_stderr(call, config: Path, wire: Path):
    code, out, err = call("run", config, wire)
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["w0", "w1", "w2"]
    assert "read 3, written 3, failed 0" in err


def test_cli_run_quiet_says_nothing(call, config: Path, wire: Path):
    assert call("run", config, wire, "--quiet")[2] == ""


def test_cli_run_limit_stops_early(call, config: Path, wire: Path):
    assert len(call("run", config, wire, "--limit", 2)[1].splitlines()) == 2


def test_cli_run_show_prints_the_briefs(call, config: Path, wire: Path, tmp_path: Path):
    code, out, _ = call("run", config, wire, "--output", tmp_path / "r.jsonl", "--show")
    assert code == 0
    assert "signed a defence accord" in out


def test_cli_run_show_and_stdout_exclude_each_other(call, config: Path, wire: Path):
    assert call("run", config, wire, "--show")[0] == 2


def test_cli_run_dry_run_reads_and_writes_nothing(call, config: Path, wire: Path, tmp_path: Path):
    code, out, err = call("run", config, wire, "-o", tmp_path / "r.jsonl", "--dry-run")
    assert (code, out) == (0, "")
    assert "would work on 3 articles" in err
    assert not (tmp_path / "r.jsonl").exists()


def test_cli_run_lost_articles_fail_a_strict_run_only(call, config: Path, wire: Path):
    wire.write_text(wire.read_text() + '{"text": \n')
    assert call("run", config, wire)[0] == 0
    code, out, err = call("run", config, wire, "--strict")
    assert (code, len(out.splitlines())) == (1, 3)
    assert f"{wire}:4" in err


def test_cli_run_duplicate_ids_fail_a_strict_run(call, config: Path, wire: Path):
    wire.write_text(wire.read_text() * 2)
    assert call("run", config, wire)[0] == 0
    assert call("run", config, wire, "--strict")[0] == 1


def test_cli_run_nothing_written_fails(call, config: Path, wire: Path):
    wire.write_text("{\n")
    assert call("run", config, wire)[0] == 1


def test_cli_run_existing_output_needs_overwrite(call, config: Path, wire: Path, tmp_path: Path):
    assert call("run", config, wire, "-o", tmp_path / "r.jsonl")[0] == 0
    code, _, err = call("run", config, wire, "-o", tmp_path / "r.jsonl")
    assert code == 2
    assert "--overwrite" in err
    assert call("run", config, wire, "-o", tmp_path / "r.jsonl", "--overwrite")[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("empty.jsonl", b"", "empty"),
        ("broken.jsonl", b'{"text": "x', ":1"),
        ("untitled.jsonl", b'{"body": "x"}\n', "text"),
        ("blank.jsonl", b'{"text": "  "}\n', "text"),
        ("junk.txt", b"\x00\x01\x89PNG\x00" * 40, "junk.txt"),
        ("ragged.csv", b"id,text\n1,2,3,4\n", "ragged.csv:2"),
    ],
)
def test_cli_run_bad_input_fails_alone(call, config: Path, tmp_path: Path, name: str, content: bytes, wanted: str):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / "zz.jsonl").write_text(json.dumps({"id": "good", "text": STORY}) + "\n")
    code, out, err = call("run", config, folder)
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["good"]
    [told] = [line for line in err.splitlines() if line.startswith("failed: ")]
    assert wanted in told


@pytest.mark.parametrize(
    ("arguments", "code", "wanted"),
    [
        (["run", "absent.yaml"], 2, "no such file or directory"),
        (["run", "{config}", "absent.jsonl"], 1, "no such file or folder"),
        (["run", "{config}", "{wire}", "--set", "summarize.max_word=9"], 2, "Did you mean 'max_words'?"),
        (["run", "{config}", "{wire}", "--set", "summarize=null"], 2, "neither summarizes nor classifies"),
        (["run", "{config}", "{wire}", "-o", "/proc/none/r.jsonl"], 1, "/proc/none"),
        (["run", "{config}", "{wire}", "-o", "r.docx"], 2, ".docx"),
        (["run", "{config}", "{config}"], 1, "unknown format .yaml"),
        (["brief", "absent.txt"], 1, "no such file or folder"),
        (["models", "show", "topic-minilm"], 1, "Did you mean 'topics-minilm'?"),
        (["train", "topics"], 2, "data: is missing"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_cli_mistakes_end_in_a_message(call, config: Path, wire: Path, arguments: list[str], code: int, wanted: str):
    seen, _, err = call(*(part.format(config=config, wire=wire) for part in arguments))
    assert (seen, wanted in err) == (code, True), err


def test_cli_brief_from_standard_input_as_json(config: Path):
    command = [sys.executable, "-c", "from summarizer.cli import main; main()", "brief", "-c", str(config), "--json"]
    run = subprocess.run(command, input=STORY, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["brief"]["text"].startswith("Norvia and Tessland signed")


def test_cli_brief_of_a_file_shows_brief_and_origin(call, config: Path, tmp_path: Path):
    (tmp_path / "story.txt").write_text(STORY)
    code, out, _ = call("brief", tmp_path / "story.txt", "-c", config)
    assert code == 0
    assert "= Norvia and Tessland signed" in out


def test_cli_check_prints_the_whole_config(call, config: Path):
    code, out, _ = call("check", config)
    assert code == 0
    assert "window_articles: 64" in out


def test_cli_check_says_which_model_is_missing(call, config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    code, _, err = call("check", config, "--set", "summarize={backend: seq2seq, model: owner/absent}")
    assert code == 1
    assert "summarize.model: owner/absent: this Hub model is not on this machine" in err


def test_cli_init_writes_a_config_that_loads_and_never_overwrites(call, tmp_path: Path):
    from summarizer.config import load_config

    path = tmp_path / "mine.yaml"
    assert call("init", path)[0] == 0
    assert load_config(path).summarize is not None
    assert call("init", path)[0] == 2


def test_cli_schema_is_a_json_schema_of_the_sections(call):
    _, out, _ = call("schema")
    assert set(json.loads(out)["properties"]) >= {"input", "summarize", "classify", "output"}


def test_cli_models_list_and_verify_what_ships(call):
    assert "topics-minilm\ttopics" in call("models", "list")[1]
    code, out, _ = call("models", "verify")
    assert code == 0
    assert "as they should be" in out


def test_cli_version(call):
    assert call("--version")[1].startswith("summarizer ")


TRICKLE = f"""
import json, sys, time
for n in range(500):
    print(json.dumps(dict(text={STORY!r})), flush=True)
    time.sleep(60 if n == int(sys.argv[1]) else 0.02)
"""


@pytest.mark.parametrize(("signals", "stalls_at"), [(1, -1), (1, 7), (2, 7)])
def test_cli_ctrl_c_keeps_what_was_finished(config: Path, tmp_path: Path, signals: int, stalls_at: int):
    source = subprocess.Popen([sys.executable, "-c", TRICKLE, str(stalls_at)], stdout=subprocess.PIPE)
    out = tmp_path / "r.jsonl"
    command = [sys.executable, "-c", "from summarizer.cli import main; main()", "run", str(config), "-o", str(out)]
    run = subprocess.Popen(
        [*command, "--set", "runtime.window_articles=5"], stdin=source.stdout, stderr=subprocess.PIPE, text=True
    )
    partial = Path(f"{out}.partial")
    deadline = time.monotonic() + 60
    while not (partial.exists() and partial.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.05)
    for _ in range(signals):
        os.kill(run.pid, signal.SIGINT)
        time.sleep(0.3)
    _, err = run.communicate(timeout=60)
    source.kill()
    source.wait()
    assert source.stdout is not None
    source.stdout.close()
    # the second may find Python on its way out already, where it has given the signal back to the system
    assert run.returncode in ({130, -signal.SIGINT} if signals == 2 else {130}), err
    assert "Traceback" not in err
    lines = partial.read_text().splitlines()
    assert len(lines) >= 5
    assert all(json.loads(line)["schema"] == 1 for line in lines)
    assert "interrupted" in err
