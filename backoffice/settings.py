"""Settings: from the environment, with the embedded services as default.

Addresses: `DATABASE_URL` (application role), `DATABASE_OWNER_URL` (migrations and tests),
`REDIS_URL`, `BROKER_URL`, `EMAIL_URL`. Secrets: `SECRET_KEY`, `SEAL_KEYS`, `FIELD_KEYS`.
Where no address is given, those of the embedded services of this checkout are used.
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from backoffice.core.services import addresses, secrets

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = os.environ.get("DEBUG", "") == "1"
TESTING = "pytest" in sys.modules
EMBEDDED = not os.environ.get("DATABASE_URL")


def _env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} in the environment.")
    return value


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.get("host", parts.hostname or "")),
        "PORT": options.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Only statements that ask for it (core.hot) are prepared. They and the guards look rows up by key, so
        # planning them anew each time would buy nothing.
        "OPTIONS": {"prepare_threshold": 1_000_000, "options": "-c plan_cache_mode=force_generic_plan"},
        "TEST": {"NAME": os.environ.get("BACKOFFICE_TEST_NAME", "test_backoffice")},
    }


if EMBEDDED:
    _local = addresses()
    DATABASE_URL, DATABASE_OWNER_URL = _local.database_url, _local.database_owner_url
    REDIS_URL, BROKER_URL = _local.redis_url, _local.broker_url
    _secrets = secrets()
else:
    DATABASE_URL = _env("DATABASE_URL")
    DATABASE_OWNER_URL = _env("DATABASE_OWNER_URL", DATABASE_URL)
    REDIS_URL = _env("REDIS_URL")
    BROKER_URL = _env("BROKER_URL", REDIS_URL)
    _secrets = (
        {"SECRET_KEY": "for tests only " * 4, "SEAL_KEYS": "test:" + "0" * 64, "FIELD_KEYS": "x" * 43 + "="}
        if TESTING
        else {}
    )

SECRET_KEY = _env("SECRET_KEY", _secrets.get("SECRET_KEY"))
SEAL_KEYS = dict(pair.split(":", 1) for pair in _env("SEAL_KEYS", _secrets.get("SEAL_KEYS")).split(","))
FIELD_KEYS = _env("FIELD_KEYS", _secrets.get("FIELD_KEYS")).split(",")
APPLICATION_ROLE = unquote(urlsplit(DATABASE_URL).username or "")
AS_OWNER = os.environ.get("BACKOFFICE_ROLE") == "owner" or "migrate" in sys.argv[1:2]
DATABASES = {"default": _database(DATABASE_OWNER_URL if AS_OWNER else DATABASE_URL)}
OWNER_DATABASE = _database(DATABASE_OWNER_URL)

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" + (",testserver" if TESTING else "")).split(
    ","
)
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "backoffice.core",
    "backoffice.organisation",
    "backoffice.currencies",
    "backoffice.access",
    "backoffice.audit",
    "backoffice.ui",
    "backoffice.api",
    "backoffice.parties",
    "backoffice.messaging",
    "backoffice.jobs",
    "backoffice.workcal",
    "backoffice.documents",
    "backoffice.workflow",
    "backoffice.exchange",
    "reporting.reports",
    "finance.ledger",
    "finance.tax",
    "finance.banking",
    "finance.payables",
    "hr.people",
    "hr.payroll",
    "inventory.catalogue",
    "inventory.stock",
    "procurement.suppliers",
    "procurement.purchasing",
    "itsm.assets",
    "itsm.servicedesk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "djmoney",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "rest_framework",
    "rest_framework.authtoken",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backoffice.access.middleware.CompanyMiddleware",
    "backoffice.access.middleware.FoundingMiddleware",
]

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
FORM_RENDERER = "backoffice.ui.forms.Renderer"
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
                "backoffice.ui.context.frame",
            ],
            "builtins": ["backoffice.ui.templatetags.ui"],
        },
    },
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "backoffice.access.backends.RoleBackend",
    "backoffice.access.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "backoffice.access.accounts.display"
ACCOUNT_ADAPTER = "backoffice.access.accounts.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"} if not TESTING else False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Back Office"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write a row at every request
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # rights are asked through RoleBackend, which reads guardian's grants itself
ANONYMOUS_USER_NAME = None

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # app.js sends the token in a header
SECURE = os.environ.get("SECURE", "" if EMBEDDED or TESTING or DEBUG else "1") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# UI.md section 9: no inline code anywhere, the admin included.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "bo"}
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["backoffice.ui.formats"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "backoffice" / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED or TESTING
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a journal of 1,000 lines has seven fields a line

# Mail goes to a real server, or into the outbox screen when none is named.
EMAIL_URL = os.environ.get("EMAIL_URL", "")
_mail = urlsplit(EMAIL_URL)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_URL else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Back Office <backoffice@localhost>")

# Redis carries wake-ups, PostgreSQL carries truth (spec/reliability 3.5): nothing is lost when the broker is.
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 2
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "jobs-sweep": {"task": "backoffice.jobs.tasks.sweep", "schedule": 15.0},
    "messaging-send": {"task": "backoffice.messaging.tasks.send_waiting", "schedule": 15.0},
    "people-tick": {"task": "hr.people.tasks.tick", "schedule": 60.0},
    "reports-tick": {"task": "reporting.reports.tasks.tick", "schedule": 60.0},
    "servicedesk-mail": {"task": "itsm.servicedesk.tasks.read_mail", "schedule": 60.0},
    "servicedesk-sweep": {"task": "itsm.servicedesk.tasks.sweep", "schedule": 60.0},
    "workcal-holidays": {"task": "backoffice.workcal.tasks.enter_coming_holidays", "schedule": 86400.0},
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["backoffice.api.permissions.RightsAsked"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "backoffice.api.authentication.TokenAuthentication",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "backoffice.api.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "backoffice.api.errors.answer",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Back Office",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",  # operations are grouped by app
    "ENUM_NAME_OVERRIDES": {
        "PayBasisEnum": "hr.people.models.pay.PayRate.Basis",
        "BillStateEnum": "finance.payables.models.Bill.State",
        "AssetStateEnum": "itsm.assets.models.Asset.State",
        "CountReasonEnum": "inventory.stock.models.CountLine.Reason",
    },
    # All operations unfolded at once keep a browser busy for half a minute.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "filter": True},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # The renderer of PDFs tells each step of each page.
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "weasyprint.progress": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
}
