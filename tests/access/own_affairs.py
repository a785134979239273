"""Signing in, one's account and one's second factors: what each address answers, method by method, exactly.

Most are a library's pages. A stranger is anonymous or deactivated; what a form is sent here is never what it asks for,
so that nothing is done: these rows write nothing but the session and the log of accesses.
"""

from tests.access.crowd import OF_THE_CLIENT
from tests.test_access import GET, NIL, OK, OVER, POST

# A number is a status; a text is where the answer leads (302).
Answer = int | str
SIGN_IN, HOME, CONFIRM = "/account/login/", "/", "/account/confirm/"
FINISH, SIGN_OUT = "/account/saml/x/acs/finish/", "/account/logout/"
METHODS = ["get", "post", "put", "delete"]

ALWAYS_SIGN_IN: list[Answer] = [SIGN_IN] * 4
ALWAYS_HOME: list[Answer] = [HOME] * 4
ALWAYS_CONFIRM: list[Answer] = [CONFIRM] * 4
ALWAYS_OVER: list[Answer] = [OVER] * 4
ALWAYS_A_PAGE: list[Answer] = [OK] * 4
NOTHING: list[Answer] = [NIL] * 4
A_PAGE: list[Answer] = [OK, POST, POST, POST]
A_FORM: list[Answer] = [OK, OK, OK, POST]  # shown again, with what is wrong

# What is answered to a stranger, and to somebody signed in, by GET, POST, PUT and DELETE.
OWN_AFFAIRS: dict[str, tuple[list[Answer], list[Answer]]] = {
    "home": (ALWAYS_SIGN_IN, ["by role", POST, POST, POST]),
    "account_login": (A_FORM, ALWAYS_HOME),
    "account_signup": (ALWAYS_A_PAGE, ALWAYS_HOME),  # a page that says: by invitation
    "account_logout": ([SIGN_IN, SIGN_IN, POST, POST], [OK, SIGN_IN, POST, POST]),
    "account_inactive": (A_PAGE, A_PAGE),
    "account_change_password": (ALWAYS_SIGN_IN, A_FORM),
    "account_reauthenticate": (ALWAYS_SIGN_IN, A_FORM),
    "account_reset_password": (A_FORM, A_FORM),
    "account_reset_password_done": (A_PAGE, A_PAGE),
    "account_reset_password_from_key": (ALWAYS_A_PAGE, ALWAYS_A_PAGE),  # a page that says: this link does not work
    "account_reset_password_from_key_done": (A_PAGE, A_PAGE),
    "invitation": (ALWAYS_OVER, ALWAYS_OVER),
    # second factors: a session that no sign-in opened says first who it is
    "mfa_index": (ALWAYS_SIGN_IN, A_PAGE),
    "mfa_list_webauthn": (ALWAYS_SIGN_IN, A_PAGE),
    "mfa_authenticate": (ALWAYS_SIGN_IN, ALWAYS_HOME),
    "mfa_login_webauthn": ([SIGN_IN, SIGN_IN, SIGN_IN, POST], ALWAYS_HOME),
    **dict.fromkeys(
        (
            "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_add_webauthn",
            "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_generate_recovery_codes",
        ),
        (ALWAYS_SIGN_IN, ALWAYS_CONFIRM),
    ),
    # who has no factor finds none
    "mfa_deactivate_totp": (ALWAYS_SIGN_IN, NOTHING),
    "mfa_download_recovery_codes": (ALWAYS_SIGN_IN, NOTHING),
    "mfa_view_recovery_codes": (ALWAYS_SIGN_IN, [NIL, POST, POST, POST]),
    # through one's organisation: a provider that does not exist
    "through_organisation": (A_PAGE, A_PAGE),
    **dict.fromkeys(
        ("openid_connect_login", "openid_connect_callback", "saml_login", "saml_finish_acs", "saml_metadata"),
        (NOTHING, NOTHING),
    ),
    "saml_acs": ([FINISH] * 4, [FINISH] * 4),  # keeps what came in the session, and reads it at the next address
    "saml_sls": ([SIGN_OUT] * 4, [SIGN_OUT] * 4),
}  # fmt: skip


def expected(name: str, who: str, method: str, *, is_stranger: bool, going: str = "") -> Answer:
    """Return what an address answers to somebody; `going` is where they said they were on their way to."""
    to_stranger, signed_in = OWN_AFFAIRS[name]
    answer = (to_stranger if is_stranger else signed_in)[METHODS.index(method)]
    if answer == HOME and going:
        return going
    if answer != "by role":
        return answer
    if who in OF_THE_CLIENT:
        return "/portal/"
    return "/back-office/" if who == "paul" else "/queue/"


def names_in_the_table() -> set[str]:
    """Return every address that is one's own affair, by the names that the library gives them."""
    return {name for name in GET if name.startswith(("account_", "mfa_", "saml_", "openid_connect_"))}
