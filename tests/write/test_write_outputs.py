"""Where records and failures end up when a run finishes, is interrupted, or cannot write."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from written import FAILURE, record

from summarizer.errors import OutputError, UsageError
from summarizer.write import Output, OutputOptions, open_output
from summarizer.write.file import FileOutput
from summarizer.write.jsonl import JsonLines
from summarizer.write.parquet import Parquet


def opened(path: Path, **options: Any) -> Output:
    return open_output(OutputOptions(path=str(path), **options), io.BytesIO())


def ids(data: bytes) -> list[str]:
    return [json.loads(line)["id"] for line in data.splitlines()]


class FullDisk(io.FileIO):
    """A file on a disk that holds ``room`` bytes; as a real one, it takes part of the write that does not fit."""

    room = 0

    def write(self, data: Any) -> int:
        left = self.room - self.tell()
        if left <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(bytes(data)[:left])


def on_full_disk(path: Path, room: int, encoder: Any) -> FileOutput:
    disk = FullDisk(path.with_name(path.name + ".partial"), "wb")
    disk.room = room
    return FileOutput(encoder, disk, path)  # type: ignore[arg-type]


def test_file_has_its_name_only_when_finished(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "wire.jsonl"
    output = opened(path)
    output.write(record())
    output.flush()
    assert (output.path, path.exists()) == (path.with_name("wire.jsonl.partial"), False)
    output.finish()
    assert output.path == path
    assert os.listdir(path.parent) == ["wire.jsonl"]


def test_flush_puts_whole_records_into_the_partial_file(tmp_path: Path) -> None:
    output = opened(tmp_path / "wire.jsonl.gz")
    for number in range(3):
        output.write(record(number))
        output.flush()
        data = (tmp_path / "wire.jsonl.gz.partial").read_bytes()
        assert ids(gzip.decompress(data)) == [f"wire-{i}" for i in range(number + 1)]
    output.finish()


def test_abandon_keeps_the_records_so_far(tmp_path: Path) -> None:
    output = opened(tmp_path / "wire.jsonl")
    output.write(record(1))
    output.flush()
    output.write(record(2))
    output.abandon()
    assert output.path is not None
    assert ids(output.path.read_bytes()) == ["wire-1", "wire-2"]
    assert not (tmp_path / "wire.jsonl").exists()


def test_abandon_makes_a_parquet_file_readable(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    output = opened(tmp_path / "wire.parquet")
    output.write(record(1))
    output.abandon()
    assert output.path is not None
    assert pq.read_table(io.BytesIO(output.path.read_bytes())).num_rows == 1


def test_abandon_without_records_leaves_nothing(tmp_path: Path) -> None:
    output = opened(tmp_path / "wire.csv")
    output.abandon()
    assert output.path is None
    assert os.listdir(tmp_path) == []


def test_abandon_after_an_interrupted_write_saves_each_record_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = opened(tmp_path / "wire.jsonl")
    output.write(record(1))

    def interrupted(stream: Any, data: bytes) -> None:
        stream.write(data[:10])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("summarizer.write.file.write_all", interrupted)
        with pytest.raises(KeyboardInterrupt):
            output.flush()
    output.abandon()
    assert output.path is not None
    assert ids(output.path.read_bytes()) == ["wire-1"]


def test_abandon_after_finish_changes_nothing(tmp_path: Path) -> None:
    output = opened(tmp_path / "wire.jsonl")
    output.write(record())
    output.finish()
    output.abandon()
    assert output.path == tmp_path / "wire.jsonl"
    assert ids(output.path.read_bytes()) == ["wire-1"]


@pytest.mark.parametrize("name", ["wire.jsonl", "wire.jsonl.gz", "wire.csv"])
def test_failures_go_beside_the_file_at_once(tmp_path: Path, name: str) -> None:
    output = opened(tmp_path / name)
    assert output.failures_path is None
    output.fail(FAILURE)
    assert output.failures_path == tmp_path / "wire.failures.jsonl"
    assert json.loads(output.failures_path.read_bytes()) == FAILURE.to_dict()
    output.fail(FAILURE)
    output.finish()
    assert (output.failures, len(output.failures_path.read_bytes().splitlines())) == (2, 2)


@pytest.mark.parametrize("name", ["wire.jsonl", "wire.jsonl.partial", "wire.failures.jsonl"])
def test_what_exists_is_not_overwritten_unasked(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old")
    with pytest.raises(UsageError, match=rf"{name}: .*--overwrite"):
        opened(tmp_path / "wire.jsonl")
    assert (tmp_path / name).read_text() == "old"


def test_overwrite_keeps_the_old_file_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text("old")
    (tmp_path / "wire.failures.jsonl").write_text("stale")
    output = opened(path, overwrite=True)
    output.write(record())
    output.flush()
    assert path.read_text() == "old"
    output.finish()
    assert ids(path.read_bytes()) == ["wire-1"]
    assert os.listdir(tmp_path) == ["wire.jsonl"]


def test_overwrite_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "real.jsonl").write_text("old")
    link = tmp_path / "wire.jsonl"
    link.symlink_to(tmp_path / "disk" / "real.jsonl")
    output = opened(link, overwrite=True)
    output.write(record())
    output.finish()
    assert link.is_symlink()
    assert ids((tmp_path / "disk" / "real.jsonl").read_bytes()) == ["wire-1"]


@pytest.mark.parametrize("path", ["folder.jsonl", "folder.jsonl/"])
def test_a_folder_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        open_output(OutputOptions(path=f"{tmp_path}/{path}", format="jsonl"), io.BytesIO())


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="a file stands where a folder is needed"):
        opened(tmp_path / "out" / "wire.jsonl")


def test_a_name_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the name is too long"):
        opened(tmp_path / ("w" * 300 + ".jsonl"))


def test_no_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutputError, match=r"wire\.jsonl: no permission to write here"):
        opened(tmp_path / "wire.jsonl")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "wire.docx"}, r"'wire\.docx'.*\.jsonl, \.ndjson, \.csv"),
        ({"path": "wire"}, "the ending tells no format"),
        ({"path": "-", "format": "parquet"}, "cannot go to standard output"),
        ({"path": "wire.parquet.gz"}, "cannot be gzipped again"),
    ],
)
def test_impossible_outputs_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_output(OutputOptions(**options), io.BytesIO())


def test_full_disk_says_how_many_records_are_safe(tmp_path: Path) -> None:
    size = len(JsonLines().encode([record(1)]))
    output = on_full_disk(tmp_path / "wire.jsonl", int(2.5 * size), JsonLines())
    for number in (1, 2):
        output.write(record(number))
        output.flush()
    output.write(record(3))
    message = r"disk is full; the first 2 of 3 records are safe in wire\.jsonl\.partial\. Free some space"
    with pytest.raises(OutputError, match=message):
        output.flush()
    output.abandon()
    assert output.path is not None
    assert ids(output.path.read_bytes()) == ["wire-1", "wire-2"]


def test_full_disk_leaves_no_unreadable_parquet_file(tmp_path: Path) -> None:
    output = on_full_disk(tmp_path / "wire.parquet", 100, Parquet())
    output.write(record(1))
    with pytest.raises(OutputError, match="disk is full; none of 1 records is safe"):
        output.flush()
    output.abandon()
    assert output.path is None
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_full_device_is_told() -> None:
    output = open_output(OutputOptions(path="/dev/full"), io.BytesIO())
    with pytest.raises(OutputError, match="/dev/full: the disk is full; 0 records were written before"):
        output.write(record())
    output.abandon()


def test_device_is_written_to_directly() -> None:
    output = open_output(OutputOptions(path=os.devnull), io.BytesIO())
    output.write(record())
    output.finish()
    assert output.path is None


@pytest.mark.parametrize("text", [False, True])
def test_stdout_gets_each_record_at_once(text: bool) -> None:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw) if text else raw
    output = open_output(OutputOptions(), stdout)
    for number in range(2):
        output.write(record(number))
        assert len(ids(raw.getvalue())) == number + 1
    output.fail(FAILURE)
    output.finish()
    assert (output.records, output.failures, output.failures_path) == (2, 1, None)
    assert ids(raw.getvalue()) == ["wire-0", "wire-1"]


def test_stdout_stays_open() -> None:
    raw = io.BytesIO()
    open_output(OutputOptions(format="csv"), raw).finish()
    open_output(OutputOptions(format="csv"), raw).abandon()
    assert not raw.closed


def test_broken_pipe_is_told_and_the_exit_is_clean() -> None:
    script = """if True:
        import sys
        sys.path.insert(0, sys.argv[1])
        from written import record
        from summarizer.errors import OutputError
        from summarizer.write import OutputOptions, open_output
        output = open_output(OutputOptions(), sys.stdout)
        try:
            while True:
                output.write(record())
        except OutputError as error:
            sys.stderr.write(str(error))
            output.abandon()
    """
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", script, str(Path(__file__).parent)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writer)
    expected = "standard output: whoever read it has gone away (broken pipe); 0 records were written before"
    assert (done.returncode, done.stderr) == (0, expected)
