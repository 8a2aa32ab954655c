"""The environment decides: each embedded part is moved out by a setting, without a change of code."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from django.conf import settings
from moto.server import ThreadedMotoServer

pytestmark = pytest.mark.once

SHOW = """
import django, json; django.setup()
from django.conf import settings
print(json.dumps({"engine": settings.DATABASES["default"]["ENGINE"], "broker": settings.CELERY_BROKER_URL,
                  "storage": settings.STORAGES["default"]["BACKEND"],
                  "static": settings.STORAGES["staticfiles"]["BACKEND"]}))
"""


def run(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=clean | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATA_DIR": str(tmp_path)} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bucket() -> Iterator[dict[str, str]]:
    """An object store that speaks S3 over HTTP on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    boto3.client("s3", endpoint_url=url, region_name="us-east-1", **keys).create_bucket(Bucket="portal")
    yield {
        "STORAGE_BUCKET": "portal",
        "STORAGE_ENDPOINT_URL": url,
        "STORAGE_REGION": "us-east-1",
        "STORAGE_ACCESS_KEY": "test",
        "STORAGE_SECRET_KEY": "test",
    }
    server.stop()


def test_with_an_empty_environment_everything_is_embedded(tmp_path: Path) -> None:
    shown = json.loads(run(SHOW, tmp_path).stdout)
    assert shown["engine"].endswith("sqlite3")
    assert shown["broker"].startswith("filesystem://")
    assert shown["storage"].endswith("FileSystemStorage")


def test_the_environment_moves_each_part_out(tmp_path: Path) -> None:
    done = run(
        SHOW,
        tmp_path,
        DATABASE_URL="postgres://a:b@db/portal",
        CELERY_BROKER_URL="amqp://broker",
        STORAGE_BUCKET="portal",
        DEMONSTRATION="false",
        SECRET_KEY="a-key-of-its-own",
    )
    shown = json.loads(done.stdout)
    assert shown["engine"].endswith("postgresql")
    assert shown["broker"] == "amqp://broker"
    assert shown["storage"] == "storages.backends.s3.S3Storage"
    assert "Manifest" in shown["static"]


def test_real_use_without_a_key_of_its_own_does_not_start(tmp_path: Path) -> None:
    done = run(SHOW, tmp_path, DEMONSTRATION="false")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_a_file_goes_to_the_object_store_and_comes_back(tmp_path: Path, bucket: dict[str, str]) -> None:
    code = """
import django; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as storage
name = storage.save("documents/1/receipt-1.pdf", ContentFile(b"%PDF-1.7"))
assert storage.exists(name) and storage.open(name).read() == b"%PDF-1.7"
assert storage.save(name, ContentFile(b"other")) != name
storage.delete(name); assert not storage.exists(name)
print("kept", type(storage._wrapped).__name__)
"""
    done = run(code, tmp_path, **bucket)
    assert done.stdout.strip() == "kept S3Storage", done.stderr
