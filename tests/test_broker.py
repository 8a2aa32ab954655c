import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from portal import broker

pytestmark = pytest.mark.once
MESSAGES = 400


def channel(folder: Path) -> broker.Channel:
    options = {f"data_folder_{way}": str(folder) for way in ("in", "out")} | {"control_folder": str(folder / "control")}
    return Connection("filesystem://localhost//", transport=broker.Transport, transport_options=options).channel()


def test_a_reader_never_meets_half_a_message(tmp_path: Path) -> None:
    writer, readers = channel(tmp_path), [channel(tmp_path), channel(tmp_path)]
    got: list[int] = []
    failed: list[Exception] = []
    written = threading.Event()

    def read(reader: broker.Channel) -> None:
        while True:
            last_look = written.is_set()
            try:
                got.append(reader._get("portal")["number"])
            except Empty:
                if last_look:
                    return
            except Exception as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for number in range(MESSAGES):
        writer._put("portal", {"number": number, "ballast": "x" * 4000})
    written.set()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []
    assert sorted(got) == list(range(MESSAGES))


def test_a_table_that_is_just_being_written_is_read_again(tmp_path: Path) -> None:
    one = channel(tmp_path)
    one._queue_bind("celery", "portal", "", "portal")
    table = tmp_path / "control" / "celery.exchange"
    whole = table.read_bytes()
    table.write_bytes(b"")
    timer = threading.Timer(0.2, table.write_bytes, (whole,))
    timer.start()
    assert one.get_table("celery")[0].queue == "portal"
    timer.join()


def test_the_portal_uses_it() -> None:
    from kombu.transport import resolve_transport

    assert resolve_transport("filesystem") is broker.Transport
