"""Every answer is armoured: policy, frames, permissions, who may load it, and only for hosts of the list."""

import json
import logging

import pytest
from django.test import Client

from tests.accounts.factors.test_required import addresses
from tests.test_production import started

CARRIED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REPORT = "/account/csp-report/"


def directives(answer) -> dict[str, str]:
    found = (each.strip().partition(" ") for each in answer["Content-Security-Policy"].split(";"))
    return {name: values for name, _space, values in found}


def assert_armoured(answer, name: str) -> None:
    assert {header: answer.get(header) for header in CARRIED} == CARRIED, name
    assert "camera=()" in answer["Permissions-Policy"], name
    policy = directives(answer)
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", name
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", name
    assert policy["report-uri"] == REPORT
    for word in ("unsafe", "nonce", "*", "http:", "https:"):
        assert word not in answer["Content-Security-Policy"], name


@pytest.mark.parametrize("who", ["nobody", "claire", "maud", "paul"])
def test_every_route_s_answer_carries_the_armour(client, world, who):
    client.raise_request_exception = False  # an error's page is an answer like another
    found = [*addresses(), ("an address that is not there", "/nowhere")]
    for name, address in found:
        if who != "nobody" and "_auth_user_id" not in client.session:
            client.force_login(getattr(world, who))
        for method in (client.get, client.post):
            answer = method(address)
            assert_armoured(answer, name)


def test_a_file_and_a_page_before_sign_in_carry_it_too(client, db):
    for address in ("/static/css/tokens.css", "/account/theme.css"):
        answer = client.get(address)
        assert_armoured(answer, address)
        answer.close()


def test_a_host_that_is_not_of_the_list_is_not_served(client, db):
    assert client.get("/account/login/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/account/login/", headers={"x-forwarded-host": "evil.example"}).status_code == 200


def test_a_form_without_its_token_is_refused(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.claire)
    for address in ("/account/profile/", "/account/sessions/", "/account/logout/", "/account/login/"):
        assert strict.post(address).status_code == 403


def report(**body: object) -> str:
    return json.dumps({"csp-report": {"blocked-uri": "inline", "effective-directive": "script-src", **body}})


def send(client, text: str, **more: object):
    return client.post(REPORT, text, content_type="application/csp-report", **more)


def test_what_a_browser_refused_is_written_down_on_one_line(client, db, caplog):
    with caplog.at_level(logging.WARNING):
        assert send(client, report(**{"document-uri": "/x\nforged line"})).status_code == 204
    assert '"blocked-uri": "inline"' in caplog.text
    assert "\nforged line" not in caplog.text


def test_the_reporting_interface_is_understood_too(client, db, caplog):
    body = [
        {
            "type": "csp-violation",
            "body": {"blockedURL": "https://evil.example", "effectiveDirective": "img-src"},
        }
    ]
    with caplog.at_level(logging.WARNING):
        answer = client.post(REPORT, json.dumps(body), content_type="application/reports+json")
    assert answer.status_code == 204 and "https://evil.example" in caplog.text


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 413), ("x" * 20_000, 413), ("x", 400), ("[1]", 400), ("{}", 400), ('{"csp-report": 1}', 400)],
)
def test_what_is_no_report_is_refused(client, db, text, status):
    assert send(client, text).status_code == status


def test_reports_are_limited(client, db):
    assert [send(client, report()).status_code for _ in range(61)] == [204] * 60 + [429]


def test_in_production_cookies_are_the_host_s_own_and_tls_is_kept_to():
    names = (
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
        "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
        "MFA_REQUIRED_ROLES",
    )  # fmt: skip
    reading = (
        f"import json, helpdesk.settings as s; print(json.dumps([getattr(s, name) for name in {names!r}]))"
    )
    said = json.loads(started(reading).stdout)
    vendor = ["agent", "manager", "platform_administrator"]
    assert said == ["__Host-sessionid", "__Host-csrftoken", True, False, True, "Lax", False, vendor]
    assert json.loads(started(reading, SECURE_HSTS_PRELOAD="true").stdout)[3] is True
