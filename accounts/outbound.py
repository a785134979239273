"""The one way out: HTTP to an address that others chose, which reaches nothing inside the vendor's network.

The name is resolved once, every address found is judged, and the connection goes to an address that was judged:
no second resolution in between may answer differently. Proxies of the environment are not used.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Given a host and a port: the addresses, as text, in the order to be tried.
Resolver = Callable[[str, int], Sequence[str]]

CONNECT_SECONDS = 5
READ_SECONDS = 10
WHOLE_SECONDS = 20
LARGEST_ANSWER = 1024 * 1024
PIECE = 64 * 1024

# Addresses that stand for others: IPv4 in IPv6 (mapped, compatible), NAT64, 6to4, Teredo; and what is only an example.
TRANSLATED = [
    ipaddress.ip_network(each)
    for each in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "3fff::/20",
    )
]


class OutboundRefused(requests.RequestException):
    """The request was not made, or its answer not read: where it would go, or its size, is not allowed."""


def resolved(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


def is_public(address: Address) -> bool:
    """Tell whether an address is on the public network, and itself rather than another's translation."""
    if address.version == 6 and any(address in network for network in TRANSLATED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_allowed_inside(host: str, address: Address) -> bool:
    """Tell whether the settings let this host or address be reached although it is not public."""
    for entry in settings.OUTBOUND_INTERNAL_HOSTS:
        try:
            if address in ipaddress.ip_network(entry):
                return True
        except ValueError:
            if entry.lower() == host.lower():
                return True
    return False


def judged(host: str, port: int, resolve: Resolver) -> list[str]:
    """Return the addresses to connect to; raises OutboundRefused if any is out of bounds, OSError if none is known."""
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in resolve(host, port)]
    for address in addresses:
        if not is_public(address) and not is_allowed_inside(host, address):
            raise OutboundRefused(f"{host} leads to {address}, which is not on the public network.")
    if not addresses:
        raise OSError(f"{host} has no address.")
    return [str(address) for address in addresses]


class _Judged:
    """A connection that goes to an address judged, and to no other."""

    resolve: Resolver = staticmethod(resolved)

    def _new_conn(self: Any) -> socket.socket:
        failure: OSError | None = None
        for address in judged(self.host.strip("[]"), self.port, self.resolve):
            try:
                return socket.create_connection((address, self.port), timeout=CONNECT_SECONDS)
            except OSError as error:
                failure = error
        raise failure or OSError("no address answered")


def pool_manager(resolve: Resolver) -> PoolManager:
    """Return a manager whose every connection is judged."""
    looking = {"resolve": staticmethod(resolve)}
    plain = type("JudgedConnection", (_Judged, HTTPConnection), looking)
    sealed = type("JudgedSealedConnection", (_Judged, HTTPSConnection), looking)
    manager = PoolManager(num_pools=4)
    manager.pool_classes_by_scheme = {
        "http": type("JudgedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("JudgedSealedPool", (HTTPSConnectionPool,), {"ConnectionCls": sealed}),
    }
    return manager


class JudgedAdapter(HTTPAdapter):
    """What carries the requests: judged connections, answers of bounded size and time."""

    def __init__(self, resolve: Resolver) -> None:
        self.resolve = resolve
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_args: Any, **_kwargs: Any) -> None:
        """Use our own pools."""
        self.poolmanager = pool_manager(self.resolve)

    def send(self, request: requests.PreparedRequest, *_args: Any, **kwargs: Any) -> requests.Response:
        """Make the request and read its answer; raises OutboundRefused and requests' own exceptions."""
        self._check_scheme(request.url or "")
        response = super().send(request, **{**kwargs, "stream": True, "proxies": None})
        if response.is_redirect:
            response.close()
            raise OutboundRefused(f"{request.url} sends elsewhere, which is not followed.")
        pieces, length, begun = [], 0, time.monotonic()
        for piece in response.iter_content(PIECE):
            length += len(piece)
            if length > LARGEST_ANSWER or time.monotonic() - begun > WHOLE_SECONDS:
                response.close()
                raise OutboundRefused(f"The answer of {request.url} is too large or too slow.")
            pieces.append(piece)
        # The answer has been read within bounds: it is given as requests keeps one.
        response._content = b"".join(pieces)  # noqa: SLF001
        return response

    def _check_scheme(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "https":
            return
        inside = {entry.lower() for entry in settings.OUTBOUND_INTERNAL_HOSTS}
        if parts.scheme != "http" or (parts.hostname or "") not in inside:
            raise OutboundRefused(f"{url} is not protected by TLS.")


class OutboundSession(requests.Session):
    """A session of `requests` that goes out through judged connections alone."""

    def __init__(self, resolve: Resolver = resolved) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = "Helpdesk"
        for scheme in ("https://", "http://"):
            self.mount(scheme, JudgedAdapter(resolve))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Make one request, within the time given to it; redirects are refused."""
        return super().request(
            *args, **{**kwargs, "timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False}
        )
