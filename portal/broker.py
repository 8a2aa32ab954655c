"""The embedded broker: kombu's folder of message files, made safe for a writer and readers at the same moment.

kombu opens a file under its final name and writes it afterwards; a reader in between finds half a message, fails on its
JSON and takes its process down. Here a file gets its name when it is whole, and a half-written table is read again.
"""

import os
import time
import uuid
from collections.abc import Callable
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

ALIAS = "portal.broker:Transport"
_TRIES, _PAUSE_SECONDS = 100, 0.02


class Channel(filesystem.Channel):
    """A channel on which nobody sees half a message."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        unfinished = folder / f"{name}.unfinished"
        unfinished.write_bytes(str_to_bytes(dumps(payload)))
        os.replace(unfinished, folder / name)

    def get_table(self, exchange: str) -> Any:
        return _until_whole(lambda: super(Channel, self).get_table(exchange))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        _until_whole(lambda: super(Channel, self)._queue_bind(exchange, routing_key, pattern, queue))


def _until_whole(read: Callable[[], Any]) -> Any:
    for _ in range(_TRIES):
        try:
            return read()
        except JSONDecodeError:
            time.sleep(_PAUSE_SECONDS)
    return read()


class Transport(filesystem.Transport):
    """``filesystem://`` of this portal."""

    Channel = Channel
