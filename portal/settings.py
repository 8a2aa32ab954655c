"""One settings file; the environment decides.

With an empty environment everything runs on embedded parts in ``var/``: SQLite, a filesystem broker, files on
disk, mail and SMS in a demonstration's letter box. ``DATABASE_URL``, ``CELERY_BROKER_URL``, ``STORAGE_BUCKET``,
``EMAIL_URL`` and ``SMS_GATEWAY`` move each part out.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
# A demonstration shows its accounts on the sign-in page and says 演示 on every seal.
DEMONSTRATION = env.bool("DEMONSTRATION", default=True)

_DEMONSTRATION_KEY = "demonstration-only-key-set-SECRET_KEY-before-real-use"
SECRET_KEY = env.str("SECRET_KEY", default=_DEMONSTRATION_KEY)
if not DEMONSTRATION and SECRET_KEY == _DEMONSTRATION_KEY:
    raise ImproperlyConfigured("DEMONSTRATION=false needs its own SECRET_KEY: set it in the environment.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The district that runs this portal; shown in the header and on every paper.
DISTRICT_CODE = env.str("DISTRICT_CODE", default="410403")
DISTRICT_NAME = env.str("DISTRICT_NAME", default="平顶山市卫东区")
HALL_NAME = env.str("HALL_NAME", default="卫东区政务服务大厅综合服务专区")
HALL_AUTHORITY = env.str("HALL_AUTHORITY", default="卫东区政务服务中心")
HALL_ADDRESS = env.str("HALL_ADDRESS", default="（演示地址）卫东区政务服务大厅一楼")
HALL_PHONE = env.str("HALL_PHONE", default="0375-0000000（演示）")
COMPLAINT_PHONE = env.str("COMPLAINT_PHONE", default="12345")
DOCUMENT_WORD = env.str("DOCUMENT_WORD", default="卫东政服")
# 网上申请行政复议的渠道（《行政复议法》第二十二条第二款，R36）
RECONSIDERATION_URL = env.str("RECONSIDERATION_URL", default="掌上复议（微信、支付宝小程序）")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# Calendar days after delivery when an unrated affair closes as 未评价 (R85: silence is never a satisfied vote).
RATING_DAYS = env.int("RATING_DAYS", default=30)

INSTALLED_APPS = [
    "portal",
    "portal.audit",
    "portal.accounts",
    "portal.catalogue",
    "portal.deadlines",
    "portal.affairs",
    "portal.documents",
    "portal.notifications",
    "portal.feedback",
    "portal.supervision",
    "portal.public",
    "workflows",
    "workflows.engine",
    "viewflow.workflow",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "formtools",
    "allauth",
    "allauth.account",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.context.site",
                "portal.notifications.context.unread",
            ],
            "builtins": ["portal.templatetags.portal_ui"],
        },
    },
    {
        # Viewflow's drawing of a flow (``export_flows``); its app, which would bring it, is not installed on purpose.
        "NAME": "viewflow",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(path) / "templates" for path in find_spec("viewflow").submodule_search_locations],
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    # SQLite ignores row locks: IMMEDIATE serialises the writers, WAL lets readers pass them.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
    # A file, so that threads of one test share the database as processes do.
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_SQLITE", default=None)}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=20000"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

if bucket := env.str("STORAGE_BUCKET", default=""):
    _default_storage = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("STORAGE_ENDPOINT_URL", default=None),
            "region_name": env.str("STORAGE_REGION", default=None),
            "access_key": env.str("STORAGE_ACCESS_KEY", default=None),
            "secret_key": env.str("STORAGE_SECRET_KEY", default=None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
else:
    _default_storage = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
_hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": _default_storage,
    "staticfiles": {"BACKEND": _plain if DEMONSTRATION or TESTING else _hashed},
}
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = DEMONSTRATION or TESTING
# Files are kept private: readable by the portal's own account only.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# A fleet of 500 vehicles, eight columns each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_REDIRECT_URL = "/start/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "portal.accounts.forms.SignupForm"}
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "signup": "20/m/ip"}

# Each notice is in the applicant's inbox; these carry it out of the portal besides.
NOTICE_CHANNELS = env.list(
    "NOTICE_CHANNELS", default=["portal.notifications.channels.Mail", "portal.notifications.channels.Sms"]
)
# A demonstration keeps what it would send and shows it; elsewhere an empty gateway means that no SMS are offered.
SMS_GATEWAY = env.str(
    "SMS_GATEWAY", default="portal.notifications.mailbox.DemonstrationGateway" if DEMONSTRATION else ""
)
SMS_SIGNATURE = env.str("SMS_SIGNATURE", default=DISTRICT_NAME)
if "EMAIL_URL" in env.ENVIRON:
    vars().update(env.email_url("EMAIL_URL"))
else:
    _mailbox, _console = "portal.notifications.mailbox.MailboxBackend", "django.core.mail.backends.console.EmailBackend"
    EMAIL_BACKEND = _mailbox if DEMONSTRATION else _console
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@localhost")

CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if env.bool("HTTPS", default=False):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "object-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
}
# Proxies in front of the portal that may name the reader's address; 0 = none, the socket's peer counts.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="portal")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "workflows.sweep",
        "schedule": env.float("SWEEP_SECONDS", default=15.0),
        "options": {"expires": 15},
    },
    "reconcile": {"task": "workflows.reconcile", "schedule": 300.0, "options": {"expires": 300}},
    "anchor": {"task": "workflows.anchor", "schedule": 3600.0, "options": {"expires": 3600}},
}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
if CELERY_BROKER_URL.startswith("filesystem://"):
    _queue_dir = DATA_DIR / "broker"
    for _name in ("queue", "processed", "control"):
        (_queue_dir / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue_dir / "queue"),
        "data_folder_out": str(_queue_dir / "queue"),
        "processed_folder": str(_queue_dir / "processed"),
        "control_folder": str(_queue_dir / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
# Seconds that a worker may hold a job before the reaper gives it to another one.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=120)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # WeasyPrint and fontTools report each glyph table they touch.
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ACCOUNT_RATE_LIMITS = False
