"""`manage.py serve`: everything starts together, and nothing is left when it stops, however it stops."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.once

Start = Callable[[], subprocess.Popen]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with its tables, to copy."""
    folder = tmp_path_factory.mktemp("serve")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=surroundings(folder), check=True)
    return folder / "portal.sqlite3"


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOST")}
    return ours | {"DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"} | more


@pytest.fixture
def start(tmp_path: Path, port: int, database: Path) -> Iterator[Start]:
    shutil.copy(database, tmp_path)
    environment = surroundings(tmp_path, PORT=str(port))
    started = []

    def start_one() -> subprocess.Popen:
        output = (tmp_path / f"output-{len(started)}").open("wb")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()
    for process_id in processes_of(tmp_path):
        os.kill(process_id, signal.SIGKILL)


def processes_of(folder: Path) -> list[int]:
    """Ids of the running processes that work in this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"DATA_DIR={folder}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], bool], *, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_process(start: Start, port: int, tmp_path: Path, sign: signal.Signals):
    serve = start()
    wait_until(lambda: answers(port))
    wait_until(lambda: "门户已启动" in (tmp_path / "output-0").read_text())
    serve.send_signal(sign)
    assert serve.wait(30) == 0
    wait_until(lambda: processes_of(tmp_path) == [])


def test_a_killed_run_does_not_stand_in_the_way_of_the_next(start: Start, port: int, tmp_path: Path):
    first = start()
    wait_until(lambda: answers(port))
    left = processes_of(tmp_path)
    first.kill()
    first.wait()
    second = start()
    wait_until(lambda: not set(left) & set(processes_of(tmp_path)))
    wait_until(lambda: answers(port))
    assert second.poll() is None


def test_a_second_run_of_the_same_data_is_refused_and_harms_nothing(start: Start, port: int, tmp_path: Path):
    start()
    wait_until(lambda: answers(port))
    assert start().wait(30) == 1
    assert "门户已在运行" in (tmp_path / "output-1").read_text()
    assert answers(port)


def test_a_taken_port_is_named(start: Start, port: int, tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert start().wait(30) == 1
    assert f"127.0.0.1:{port}" in (tmp_path / "output-0").read_text()


def test_without_a_database_it_says_what_to_do_first(tmp_path: Path, port: int):
    refused = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=surroundings(tmp_path, PORT=str(port)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "manage.py demo" in refused.stderr
