"""A real OpenID Connect provider on this machine, with keys of its own: it signs what the test asks it to say."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

APPLICATION, SECRET = "helpdesk", "a secret between us"


class OpenIdServer:
    """Discovery, keys, token and profile, over HTTP on 127.0.0.1."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key = self.key
        self.claims: dict[str, object] = {}
        self.token_changes: dict[str, object] = {}
        self.discovery_changes: dict[str, object] = {}
        self.challenges: dict[str, str] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(server.get(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(server.token({name: value[0] for name, value in parse_qs(body).items()}))

            def answer(self, document: dict | None) -> None:
                self.send_response(200 if document else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(document or {"error": "invalid_request"}).encode())

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def get(self, path: str) -> dict | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                **self.discovery_changes,
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        return self.claims if path == "/me" else None

    def approve(self, address: str, **claims: object) -> dict[str, str]:
        """Play the person who signs in at the provider: return what the browser brings back."""
        asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == APPLICATION and asked["code_challenge_method"] == "S256"
        self.claims = {"sub": "42", "email_verified": True, **claims}
        self.challenges["a-code"] = asked["code_challenge"]
        return {"code": "a-code", "state": asked["state"]}

    def token(self, asked: dict[str, str]) -> dict | None:
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        known = (asked.get("client_id"), asked.get("client_secret")) == (APPLICATION, SECRET)
        if not known or self.challenges.pop(asked.get("code", ""), None) != challenge:
            return None
        now = int(time.time())
        content = {
            **self.claims, "iss": self.issuer, "aud": APPLICATION, "iat": now, "exp": now + 300, **self.token_changes,
        }  # fmt: skip
        signed = jwt.encode(content, self.signing_key, algorithm="RS256", headers={"kid": "k1"})
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}
