"""Every setting of the instance, read from the environment with safe development defaults."""

import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

ENVIRONMENT = env.str("HELPDESK_ENV", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured("HELPDESK_ENV is neither “development” nor “production”.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)


def required_in_production(name: str, development: str) -> str:
    """Return the environment's value, or the development one; production has no default."""
    value = env.str(name, "")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is missing from the environment; production mode does not start without it."
        )
    return development


SECRET_KEY = required_in_production("SECRET_KEY", "development-only-key-never-used-in-production")
ALLOWED_HOSTS = [
    host.strip() for host in required_in_production("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = required_in_production("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on: production mode does not start with it.")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY is shorter than 50 characters; production mode does not start with it."
    )

# --- The instance's identity ------------------------------------------------------------
VENDOR_NAME = env.str("VENDOR_NAME", "Atelier Logiciel (démo)")
VENDOR_LEGAL = env.str("VENDOR_LEGAL", "")  # legal form, address, SIREN, VAT number: printed on quotes
VENDOR_LOGO = env.str("VENDOR_LOGO", "")
VENDOR_ACCENT = env.str("VENDOR_ACCENT", "#0b5d66")

INSTALLED_APPS = [
    "accounts",
    "sla",
    "tickets",
    "helpdesk.back_office.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "helpdesk.static_files.ServedFilesConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "knox",
    "pgtrigger",
    "rest_framework",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "accounts.armour.ArmourMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.gate.EntranceMiddleware",
    "accounts.viewing_as.middleware.ViewAsMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.factors.middleware.RequiredFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # What it commits rings and speaks while those above can still answer; those below write in its transaction.
    "accounts.gate.ScopeMiddleware",
    "accounts.sessions.SeenMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.instance",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data -------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db_url_config(required_in_production("DATABASE_URL", "postgresql:///helpdesk")),
        # Django's own engine for PostgreSQL; each transaction says in whose scope it is (docs/wall.md).
        "ENGINE": "accounts.database",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.str("TEST_DATABASE_NAME", "test_helpdesk")},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required_in_production("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "helpdesk.cache.ForgetfulCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "helpdesk",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
}


def broker_url(redis_url: str) -> str:
    """Say a Redis address the way Celery's transport expects it (it has its own word for sockets)."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}" + (
        f"?virtual_host={parts.query.removeprefix('db=')}" if parts.query else ""
    )


CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A dead broker must not hang a request: with the library's defaults it does for 40 s, with one retry for 6.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False

# How often beat runs what is due and sends the mail that waits.
TIMETABLE_SECONDS = env.int("TIMETABLE_SECONDS", 60)

# How long a reply waits in its author's browser, to be taken back, before it leaves; 0: it leaves at once.
REPLY_HOLD_SECONDS = env.int("REPLY_HOLD_SECONDS", 10)

# --- Files ------------------------------------------------------------------------------
MEDIA_ROOT = env.str("MEDIA_ROOT", str(VAR_DIR / "media"))
S3_BUCKET = env.str("S3_BUCKET", "")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
                "region_name": env.str("S3_REGION", "") or None,
                "default_acl": "private",
                "file_overwrite": False,
            },
        }
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}}
    ),
    "staticfiles": {"BACKEND": "helpdesk.static_files.ServedFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "tickets.uploads.RefuseOversized",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", 20 * 1024 * 1024)
ATTACHMENT_MAX_COUNT = env.int("ATTACHMENT_MAX_COUNT", 10)
ATTACHMENT_MAX_PIXELS = env.int("ATTACHMENT_MAX_PIXELS", 50_000_000)
# Where ClamAV's clamd listens: “host:port”, or the path of its socket. Empty: files are not scanned.
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", "")
CLAMAV_TIMEOUT = env.float("CLAMAV_TIMEOUT", 20.0)
# How long a client's whole export stays downloadable.
EXPORT_DAYS = env.int("EXPORT_DAYS", 7)
# A longer list is made in the background.
EXPORT_DIRECT_ROWS = env.int("EXPORT_DIRECT_ROWS", 5_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("tabler/css", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist" / "css"),
    ("tabler/js", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist" / "js"),
    ("chart", BASE_DIR / "node_modules" / "chart.js" / "dist"),
    ("fonts/sans", BASE_DIR / "node_modules" / "@fontsource-variable" / "source-sans-3" / "files"),
    ("fonts/serif", BASE_DIR / "node_modules" / "@fontsource-variable" / "source-serif-4" / "files"),
]
ICONS_DIR = BASE_DIR / "node_modules" / "@tabler" / "icons" / "icons"

# --- People -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.BreachedPasswordValidator"},
]
# SHA-1 digests of stolen passwords, one a line, sorted; none: only the framework's list of common ones counts.
BREACHED_PASSWORDS_FILE = env.str("BREACHED_PASSWORDS_FILE", "")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# An address that opens no account is a stranger's: the page answers the same, and nobody is written to.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# What allauth does not limit by itself; the rest keeps its limits (docs/people.md lists them).
ACCOUNT_RATE_LIMITS = {"invitation": "20/m/ip", "csp_report": "60/m/ip"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.access.ResetTokens"  # noqa: S105  # nosec B105
# The names of classes, no secrets: which bandit takes for secrets.
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",  # nosec B105
    "reset_password_from_key": "accounts.forms.NewPasswordForm",  # nosec B105
    "change_password": "accounts.forms.OtherPasswordForm",  # nosec B105
    "reauthenticate": "accounts.forms.SamePersonForm",
}
# Who holds an account is told by mail when its password or its second factors change.
ACCOUNT_EMAIL_NOTIFICATIONS = True

# Second factors. Roles that do nothing before they have one; none in a demonstration, where newcomers look around.
MFA_REQUIRED_ROLES = env.list(
    "MFA_REQUIRED_ROLES", default=["agent", "manager", "platform_administrator"] if PRODUCTION else []
)
if unknown := set(MFA_REQUIRED_ROLES) - {
    "administrator", "reader", "client_manager", "agent", "manager", "platform_administrator",
}:  # fmt: skip
    raise ImproperlyConfigured(f"MFA_REQUIRED_ROLES names what is no role: {', '.join(sorted(unknown))}.")
MFA_ADAPTER = "accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# An address was proved by the invitation that it received.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers allow passkeys without TLS on this machine alone (http://localhost).
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "login_webauthn": "accounts.factors.forms.PasskeySignInForm",
    "authenticate": "accounts.factors.forms.CodeForm",
    "reauthenticate": "accounts.factors.forms.CodeAgainForm",
    "activate_totp": "accounts.factors.forms.FirstCodeForm",
    "add_webauthn": "accounts.factors.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.factors.forms.RenamePasskeyForm",
}

# Single sign-on: a client's own provider, kept by the platform administrator (IdentityProvider), never a list.
SOCIALACCOUNT_ADAPTER = "accounts.organisation_sign_in.adapter.OrganisationAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# Internal identity providers, by host name or network: all that outbound HTTP may reach besides the public network.
OUTBOUND_INTERNAL_HOSTS = env.list("OUTBOUND_INTERNAL_HOSTS", default=[])

# The limits on attempts count by address: behind the proxy, that is the one it says it forwards for.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)
INVITATION_DAYS = 7
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=PRODUCTION)
# Asking the browsers' makers to know the host beforehand cannot be undone in a day: a choice to be made.
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    # A browser takes these names only from the host itself, over TLS, for the whole site: no neighbour plants one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/account/csp-report/"],
    },
}

# --- The API ----------------------------------------------------------------------------
KNOX_TOKEN_MODEL = "tickets.ApiToken"  # noqa: S105  (a model, not a secret)  # nosec B105
# Its own table of tokens is not wanted beside ours.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "hd_"}  # nosec B105
API_TOKEN_MAX_DAYS = env.int("API_TOKEN_MAX_DAYS", 365)
API_TOKENS_PER_PERSON = 20
# Requests a minute for each token, or each person by session.
API_READS_PER_MINUTE = env.int("API_READS_PER_MINUTE", 600)
API_WRITES_PER_MINUTE = env.int("API_WRITES_PER_MINUTE", 120)
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "tickets.api.problems.answer_problem",
    "DEFAULT_AUTHENTICATION_CLASSES": ["tickets.api.authentication.PersonAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tickets.api.parsing.StrictJSONParser"],
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Helpdesk",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": ["tickets.api.openapi.finish"],
}

# --- Words and time ---------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "helpdesk.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
# Trainings, contracts and mails about them are dated by the contract's own clock (C-CAL-1).
SUPPORT_ZONE = zoneinfo.ZoneInfo(TIME_ZONE)

# --- Mail -------------------------------------------------------------------------------
# Development writes each mail as a file; production names its server in EMAIL_URL.
MAIL_DIR = env.str("MAIL_DIR", str(VAR_DIR / "mail"))
if env.str("EMAIL_URL", "") or PRODUCTION:
    vars().update(env.email_url_config(required_in_production("EMAIL_URL", "")))
else:
    EMAIL_BACKEND = "tickets.notifications.files.EmlFileBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = required_in_production("DEFAULT_FROM_EMAIL", "Support <support@helpdesk.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Logs -------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # Each step of each printed document is no news.
    "loggers": {name: {"level": "WARNING"} for name in ("fontTools", "weasyprint.progress")},
}
