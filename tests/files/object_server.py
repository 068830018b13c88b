"""A real S3 server (moto's) on 127.0.0.1, that notes what it was asked and how many bytes it sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY, SECRET, BUCKET = "jalon-test", "un-secret-de-test", "jalon-fichiers"


@dataclass
class Asked:
    """One request and its answer."""

    method: str
    path: str
    range: str
    sent: int = 0


class ObjectServer:
    """The server and its bucket; `url` is what STORAGE_URL would say."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._app = DomainDispatcherApplication(create_backend_app)
        self._http = make_server("127.0.0.1", 0, self._note, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self.url = f"s3://{KEY}:{SECRET}@{urlsplit(self.address).netloc}/{BUCKET}?scheme=http&region=fr-par"

    def _note(self, environ, start_response) -> Iterator[bytes]:
        one = Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_RANGE", ""))
        self.asked.append(one)
        for chunk in self._app(environ, start_response):
            one.sent += len(chunk)
            yield chunk

    def readings(self) -> list[Asked]:
        """The contents that were asked for."""
        return [one for one in self.asked if one.method == "GET" and one.path.count("/") > 1]

    @contextmanager
    def running(self):
        """Serve, with an empty bucket."""
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        client = boto3.client(
            "s3",
            endpoint_url=self.address,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        client.create_bucket(Bucket=BUCKET)
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, *args, **kwargs):
        """Nothing on the screen of who runs the tests."""
