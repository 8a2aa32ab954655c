"""Run the whole portal on this machine: web, worker and scheduler, one Ctrl-C for all."""

import fcntl
import os
import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from honcho.manager import Manager

from portal import fonts
from portal.accounts import demo

_MARK = "PORTAL_SERVE"
_START_SECONDS = 60
_STOP_SECONDS = 5


class Command(BaseCommand):
    help = "启动整个门户：网页、后台任务与定时任务；按 Ctrl-C 全部停止。监听地址由环境变量 HOST、PORT 决定。"

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with _only_one(settings.DATA_DIR / "serve.lock"):
            # Processes of an earlier run that was killed hard would hold the port and the jobs.
            _stop_leftovers()
            _refuse_taken_port(host, port)
            accounts = _accounts()
            fonts.configure()
            manager = Manager()
            for name, command in _commands(host, port).items():
                manager.add_process(
                    name, command, cwd=str(settings.BASE_DIR), env=os.environ | {_MARK: str(settings.DATA_DIR)}
                )
            threading.Thread(target=self._announce, args=(host, port, accounts), daemon=True).start()
            # A closed terminal means what Ctrl-C means.
            signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
            try:
                manager.loop()
            finally:
                _stop_leftovers()
        # Ctrl-C and SIGTERM are the ways to stop it; anything else is a part that failed.
        if manager.returncode not in (130, 143):
            raise CommandError("门户的一个进程意外停止，其余进程已随之停止；原因见上面的输出。")

    def _announce(self, host: str, port: int, accounts: list[str]) -> None:
        until = time.monotonic() + _START_SECONDS
        while not _answers(host, port):
            if time.monotonic() > until:
                return
            time.sleep(0.2)
        lines = ["", f"  门户已启动：http://{_shown(host)}:{port}/", "  停止：按 Ctrl-C", *accounts, ""]
        print("\n".join(lines), flush=True)


def _commands(host: str, port: int) -> dict[str, str]:
    """Command line of each process, by the name that its output carries."""
    python = shlex.quote(sys.executable)
    schedule = shlex.quote(str(settings.DATA_DIR / "celerybeat-schedule"))
    return {
        "web": f"exec {python} -m granian --interface wsgi --host {shlex.quote(host)} --port {port} --no-ws"
        " --workers 1 --blocking-threads 4 portal.wsgi:application",
        # One job at a time in one process: on embedded parts writers queue anyway, and a stop waits for that job only.
        # A demonstration may well run as root; Celery's page of warning would bury the address and the accounts.
        "worker": f'exec {python} -W "ignore:You\'re running the worker" -m celery -q -A portal worker --pool solo'
        " --loglevel WARNING --without-gossip --without-mingle --without-heartbeat",
        # No pid file: one left by a killed run would keep the next from starting.
        "scheduler": f"exec {python} -m celery -q -A portal beat --loglevel WARNING --schedule {schedule} --pidfile=",
    }


def _accounts() -> list[str]:
    """The accounts that a visitor may use, where the portal is a demonstration."""
    if not settings.DEMONSTRATION:
        return []
    try:
        rows = [f"    {a.username:<16}{a.password:<18}{a.role_label} {a.note}" for a in demo.accounts()]
    except DatabaseError as error:
        raise CommandError("数据库尚未建立或版本不符。请先执行：manage.py demo") from error
    finally:
        # The processes that are forked next must not share this connection.
        connections.close_all()
    return ["  演示账号（用户名、密码、身份）：", *rows]


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """One `serve` per data folder. The system lets go of the lock when the process dies, however it dies."""
    with path.open("w") as file:
        try:
            # Unlike flock, a record lock is not inherited by the processes that are started.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError("门户已在运行（同一数据目录）。请先在那个终端按 Ctrl-C 停止它。") from error
        yield


def _stop_leftovers() -> None:
    """Kill what a run of this data folder left, and wait until it is gone and its port is free."""
    until = time.monotonic() + _STOP_SECONDS
    while (left := _leftovers()) and time.monotonic() < until:
        for process_id in left:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        time.sleep(0.1)


def _leftovers() -> list[int]:
    """Processes that carry this data folder's mark in their environment."""
    wanted = f"{_MARK}={settings.DATA_DIR}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"无法监听 {host}:{port}（{error.strerror}）。换一个端口：PORT=8001 make run") from error


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_reachable(host), port), timeout=1):
            return True
    except OSError:
        return False


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _shown(host: str) -> str:
    reachable = _reachable(host)
    return f"[{reachable}]" if ":" in reachable else reachable
