import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from desk_cases import accord, record_of

for needed in ("fastapi", "uvicorn"):
    pytest.importorskip(needed)
COMMAND = "import sys, typer; from summarizer.cli.desk import desk; typer.run(desk)"
"""The verb by itself."""


@pytest.fixture
def records(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record_of(accord()).to_dict()) + "\n")
    return path


def status(port: str, host: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    connection.request("GET", "/desk/api/about", headers={"Host": host})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.slow
def test_cli_desk_serves_the_loopback_address_until_interrupted(records):
    command = [sys.executable, "-c", COMMAND, str(records), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            told = process.stderr.readline()
            assert told.startswith("the desk is at http://127.0.0.1:")
            assert told.rstrip().endswith(str(records.with_name("records.signoffs.sqlite")))
            with urllib.request.urlopen(f"{told.split()[4]}desk/api/run", timeout=60) as answer:
                assert json.load(answer)["count"] == 1
            port = told.split()[4].rstrip("/").rpartition(":")[2]
            hosts = {f"localhost:{port}": 200, "localhost:1": 421, f"evil.example:{port}": 421}
            assert {host: status(port, host) for host in hosts} == hosts
            process.send_signal(signal.SIGINT)
            assert (process.wait(60), process.stderr.read()) == (0, "")
        finally:
            process.kill()


def test_cli_desk_tells_a_port_that_is_taken(records):
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    command = [sys.executable, "-c", COMMAND, str(records), "--port", str(taken.getsockname()[1])]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONWARNINGS": "error"})
    taken.close()
    assert done.returncode != 0
    assert "address already in use" in done.stderr
