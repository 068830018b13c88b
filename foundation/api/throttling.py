"""How many requests a caller makes a minute, told in the headers of every answer (RateLimit, IETF draft)."""

import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60


class CallerThrottle(BaseThrottle):
    """A counter by caller and by minute, held by the cache: the address when anonymous, else the account.

    `settings.API_RATES` gives the requests a minute of each kind of caller. While the cache is away nothing
    is counted, and everyone is served.
    """

    def allow_request(self, request, view):
        """Count this request; the state is left on it for `headers`."""
        policy, caller = self._caller(request)
        now = time.time()
        self.resets_in = WINDOW_SECONDS - int(now) % WINDOW_SECONDS
        used = _count(f"api-rate:{policy}:{caller}:{int(now) // WINDOW_SECONDS}")
        quota = settings.API_RATES[policy]
        request._request.api_rate = (policy, quota, max(0, quota - used), self.resets_in)
        return used <= quota

    def wait(self):
        """Seconds until the next minute."""
        return self.resets_in

    def _caller(self, request):
        if not request.user.is_authenticated:
            return "anonymous", self.get_ident(request)
        return ("program" if getattr(request.user, "is_program", False) else "person"), request.user.pk


def _count(key):
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # the cache forgot the key between the two calls
        return 1


def headers(request) -> dict[str, str]:
    """The headers that tell a caller where he stands; none when nothing was counted."""
    rate = getattr(request, "api_rate", None)
    if rate is None:
        return {}
    policy, quota, remaining, resets_in = rate
    return {
        "RateLimit-Policy": f'"{policy}";q={quota};w={WINDOW_SECONDS}',
        "RateLimit": f'"{policy}";r={remaining};t={resets_in}',
    }
