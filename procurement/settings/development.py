"""One machine, real services, demonstration data: what `./jalon run` starts."""

from .base import *
from .base import env

SECRET_KEY = env("SECRET_KEY", default="development-only-not-for-production")
DEBUG = env.bool("DEBUG", default=False)
JALON_DEMO = env.bool("JALON_DEMO", default=True)
JOURNAL_DEVELOPMENT = True
WEBHOOKS_ALLOW_LOOPBACK = True
