"""Files in an S3 bucket: the settings say where; a file goes in and comes back through the bucket's protocol."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from tickets.attachments import ReceivedFile

ROOT = Path(configured.BASE_DIR)


class Bucket(BaseHTTPRequestHandler):
    """The four verbs that the product asks of a bucket; nothing is public."""

    kept: dict[str, bytes] = {}
    said: list[tuple[str, str]] = []

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.said.append(("acl", self.headers.get("x-amz-acl", "")))
        self.answer(200)

    def do_HEAD(self) -> None:
        self.answer(200 if self.path in self.kept else 404, self.kept.get(self.path, b""), body=False)

    def do_GET(self) -> None:
        self.answer(200 if self.path in self.kept else 404, self.kept.get(self.path, b""))

    def do_DELETE(self) -> None:
        self.kept.pop(self.path, None)
        self.answer(204)

    def answer(self, status: int, content: bytes = b"", *, body: bool = True) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Mon, 04 May 2026 08:00:00 GMT")
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        return


@pytest.fixture
def bucket(monkeypatch) -> Iterator[str]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required", "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    Bucket.kept, Bucket.said = {}, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def storages(**environment: str) -> dict[str, dict[str, object]]:
    """Return the storages as the settings of a process of their own have them."""
    script = "import json, helpdesk.settings as found; print(json.dumps(found.STORAGES['default']))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PATH": os.environ["PATH"], **environment},
    )  # fmt: skip
    return json.loads(done.stdout)


def test_a_bucket_named_in_the_environment_takes_the_place_of_the_directory() -> None:
    assert storages()["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    found = storages(S3_BUCKET="pieces", S3_ENDPOINT_URL="https://s3.example", S3_REGION="fr-par")
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert found["OPTIONS"] == {
        "bucket_name": "pieces", "endpoint_url": "https://s3.example", "region_name": "fr-par",
        "default_acl": "private", "file_overwrite": False,
    }  # fmt: skip


def test_a_file_goes_into_the_bucket_and_comes_back_through_the_door(
    world: World, client, bucket: str, settings
) -> None:
    found = storages(S3_BUCKET="pieces", S3_ENDPOINT_URL=bucket, S3_REGION="fr-par")
    settings.STORAGES = {**settings.STORAGES, "default": found}
    received = ReceivedFile(SimpleUploadedFile("x", b"journal"), "trace.log", "text/plain")
    file = world.file(attachments=[received]).attachments.get()
    (path,) = Bucket.kept
    assert path.startswith("/pieces/attachments/")
    assert "trace" not in path
    assert set(Bucket.said) == {("acl", "private")}
    client.force_login(world.claire)
    answer = client.get(f"/attachments/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"journal"
    assert answer["Content-Disposition"].startswith("attachment;")
    file.file.storage.delete(file.file.name)
    assert client.get(f"/attachments/{file.pk}/").status_code == 404
