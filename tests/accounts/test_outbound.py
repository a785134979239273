"""The one way out: public addresses only, judged at the moment of connecting, answers of bounded size."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
import requests

from accounts.outbound import LARGEST_ANSWER, OutboundRefused, OutboundSession, is_public, judged

INSIDE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2002:808:808::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]  # fmt: skip


class Answering(BaseHTTPRequestHandler):
    """A server that answers, sends elsewhere, or talks too much."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://192.168.1.1/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        size = LARGEST_ANSWER + 1 if self.path == "/large" else 5
        self.wfile.write(b"hello" if size == 5 else b"x" * size)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a real server on this machine."""
    found = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found.server_port
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_or_stands_for_another_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4007:80e::200e"]
)
def test_what_is_outside_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(address):
    with pytest.raises(OutboundRefused):
        judged("idp.example", 443, lambda _host, _port: [address])


def test_one_address_inside_among_others_condemns_the_name():
    with pytest.raises(OutboundRefused):
        judged("idp.example", 443, lambda _host, _port: ["8.8.8.8", "127.0.0.1"])


@pytest.mark.parametrize(
    "url", ["https://idp.example:{port}/", "https://127.0.0.1:{port}/", "https://[::1]:{port}/"]
)
def test_nothing_is_connected_to_inside(server, url):
    session = OutboundSession(resolve=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(requests.RequestException, match="not on the public network"):
        session.get(url.format(port=server))


def test_the_address_judged_is_the_one_connected_to(server, settings):
    """A second resolution that would answer differently is never made."""
    settings.OUTBOUND_INTERNAL_HOSTS = ["idp.internal"]
    asked = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.168.1.1"]

    # The name exists nowhere: only the address that was judged can have answered.
    answer = OutboundSession(resolve=resolve).get(f"http://idp.internal:{server}/")
    assert (answer.content, asked) == (b"hello", ["idp.internal"])


def test_an_internal_network_is_reached_when_the_settings_say_so(server, settings):
    settings.OUTBOUND_INTERNAL_HOSTS = ["127.0.0.0/8", "127.0.0.1"]
    assert OutboundSession().get(f"http://127.0.0.1:{server}/").text == "hello"


def test_another_host_is_not_allowed_with_it(server, settings):
    settings.OUTBOUND_INTERNAL_HOSTS = ["idp.internal"]
    with pytest.raises(OutboundRefused, match="not protected by TLS"):
        OutboundSession(resolve=lambda _host, _port: ["127.0.0.1"]).get(f"http://other.internal:{server}/")


@pytest.mark.parametrize(
    "url", ["http://idp.example/", "ftp://idp.example/", "file:///etc/passwd", "gopher://x/"]
)
def test_only_tls_leaves(url):
    with pytest.raises(requests.RequestException):
        OutboundSession(resolve=lambda _host, _port: ["8.8.8.8"]).get(url)


@pytest.mark.parametrize(("path", "reason"), [("elsewhere", "sends elsewhere"), ("large", "too large")])
def test_an_answer_that_sends_elsewhere_or_never_ends_is_refused(server, settings, path, reason):
    settings.OUTBOUND_INTERNAL_HOSTS = ["127.0.0.1"]
    with pytest.raises(OutboundRefused, match=reason):
        OutboundSession().get(f"http://127.0.0.1:{server}/{path}")


def test_a_proxy_of_the_environment_is_not_used(server, settings, monkeypatch):
    settings.OUTBOUND_INTERNAL_HOSTS = ["127.0.0.1"]
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert OutboundSession().get(f"http://127.0.0.1:{server}/").text == "hello"
