"""Real servers for the tests: PostgreSQL and RabbitMQ, found or started, never left out in silence.

Looked for in this order: the address in the environment, the standard local port (a real login is tried), a private
server started from installed binaries. Where nothing answers, `Missing` says what to install or to set.

As a command it runs another one beside them, with TEST_POSTGRES_URL (a fresh database) and TEST_BROKER_URL set:

    python -m tests.services -- .ci/suite
    python -m tests.services --postgres -- pytest tests/affairs     the same with DATABASE_URL: tests on PostgreSQL
"""

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import kombu
import psycopg
from psycopg import sql

_START_SECONDS = 60


class Missing(Exception):
    """No server can be had; the text says what to install or which variable to set."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL on which databases may be created."""
    for name in ("TEST_POSTGRES_URL", "DATABASE_URL"):
        url = os.environ.get(name, "")
        if url.startswith(("postgres://", "postgresql://")):
            _refuse_unless(_may_create_databases(url), f"{name} 指向的 PostgreSQL 无法登录，或其用户不能建库")
            yield url
            return
    for url in (
        "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
        "postgresql://postgres@127.0.0.1:5432/postgres",
        "postgresql:///postgres",
    ):
        if _may_create_databases(url):
            yield url
            return
    with _private_postgres() as url:
        yield url


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """URL of a new, empty database on this server, dropped afterwards (with those that the tests derive from it)."""
    name = f"portal_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            derived = connection.execute(
                "SELECT datname FROM pg_database WHERE datname = %s OR datname LIKE %s", [name, f"test_{name}%"]
            ).fetchall()
            for (database,) in derived:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


@contextmanager
def broker() -> Iterator[str]:
    """URL of a RabbitMQ. It may be shared: a test names its own queues."""
    for name in ("TEST_BROKER_URL", "CELERY_BROKER_URL"):
        url = os.environ.get(name, "")
        if url.startswith(("amqp://", "amqps://")):
            _refuse_unless(_broker_answers(url), f"{name} 指向的 RabbitMQ 无法登录")
            yield url
            return
    standard = "amqp://guest:guest@127.0.0.1:5672//"
    if _broker_answers(standard):
        yield standard
        return
    with _private_rabbitmq() as url:
        yield url


def _refuse_unless(answers: bool, problem: str) -> None:
    if not answers:
        raise Missing(f"{problem}。请更正，或取消该变量以使用本机的服务。")


def _may_create_databases(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


def _broker_answers(url: str) -> bool:
    try:
        with kombu.Connection(url, connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=3)
            return True
    except Exception:  # kombu lets the transport's own errors through, of many kinds
        return False


@contextmanager
def _private_postgres() -> Iterator[str]:
    initdb, postgres = (_binary(name, "/usr/lib/postgresql/*/bin") for name in ("initdb", "postgres"))
    if not initdb or not postgres:
        raise Missing("未找到 PostgreSQL。请安装（Debian：apt-get install postgresql），或设置 TEST_POSTGRES_URL。")
    with _private_folder("postgres") as (folder, as_user):
        data = folder / "data"
        arguments = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([initdb, "-D", data, *arguments], check=True, capture_output=True, **as_user)
        port = _free_port()
        # The data is thrown away: durability is not what these tests are about.
        options = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "listen_addresses=127.0.0.1"]
        command = [postgres, "-D", data, "-p", str(port), "-k", folder, *options]
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        with _running(command, folder, lambda: _may_create_databases(url), signal.SIGINT, as_user):
            yield url


@contextmanager
def _private_rabbitmq() -> Iterator[str]:
    # Debian's wrapper in the search path insists on its own user; the script behind it does not.
    server = _binary("rabbitmq-server", "/usr/lib/rabbitmq/bin")
    if not server:
        raise Missing("未找到 RabbitMQ。请安装（Debian：apt-get install rabbitmq-server），或设置 TEST_BROKER_URL。")
    with _private_folder("rabbitmq") as (folder, as_user):
        port, names_port = _free_port(), _free_port()
        configuration = folder / "rabbitmq.conf"
        configuration.write_text(f"listeners.tcp.local = 127.0.0.1:{port}\n")
        environment = os.environ | {
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "portal@localhost",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(port + 20000),
            "RABBITMQ_CONFIG_FILE": str(configuration),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }
        url = f"amqp://guest:guest@127.0.0.1:{port}//"
        as_user = as_user | {"env": environment}
        try:
            with _running([server], folder, lambda: _broker_answers(url), signal.SIGTERM, as_user):
                yield url
        finally:
            subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)


@contextmanager
def _private_folder(name: str) -> Iterator[tuple[Path, dict[str, object]]]:
    """A folder that is thrown away, and the arguments that start a process as a user that may own it (never root)."""
    folder = Path(tempfile.mkdtemp(prefix=f"portal-{name}-"))
    as_user: dict[str, object] = {"cwd": folder}
    if os.geteuid() == 0:
        account = next(_accounts(name, "nobody"))
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        yield folder, as_user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _accounts(*names: str) -> Iterator[pwd.struct_passwd]:
    for name in names:
        try:
            yield pwd.getpwnam(name)
        except KeyError:
            continue


@contextmanager
def _running(
    command: list[object], folder: Path, answers: Callable[[], bool], stop: signal.Signals, as_user: dict[str, object]
) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **as_user)
    try:
        until = time.monotonic() + _START_SECONDS
        while not answers():
            if server.poll() is not None or time.monotonic() > until:
                raise Missing(f"{command[0]} 未能启动：\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _binary(name: str, pattern: str) -> str | None:
    """The newest of this name in the folders of the pattern, else what the search path has."""
    found = sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"), key=lambda path: path.parts)
    return str(found[-1]) if found else shutil.which(name)


def _free_port() -> int:
    """A free port below 45000: RabbitMQ wants the one 20000 above it too."""
    while True:
        port = 20000 + secrets.randbelow(12000)
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 20000))
            except OSError:
                continue
            return port


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services", description="为测试准备 PostgreSQL 与 RabbitMQ。")
    parser.add_argument("--postgres", action="store_true", help="同时设置 DATABASE_URL，使命令在 PostgreSQL 上运行")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        try:
            postgres_url = stack.enter_context(fresh_database(stack.enter_context(postgres_server())))
            broker_url = stack.enter_context(broker())
        except Missing as problem:
            print(f"[测试服务] {problem}", file=sys.stderr)
            return 2
        environment = os.environ | {"TEST_POSTGRES_URL": postgres_url, "TEST_BROKER_URL": broker_url}
        if options.postgres:
            environment["DATABASE_URL"] = postgres_url
        for url in map(urlsplit, (postgres_url, broker_url)):
            print(f"[测试服务] {url.scheme} {url.hostname or '本机套接字'} {url.port or ''}", flush=True)
        child = stack.enter_context(subprocess.Popen(options.command, env=environment))
        stack.callback(child.terminate)
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the terminal told the command too: it decides how to stop


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
