"""Wrong tries at a public query are counted; who has had too many waits (R97: numbers must not be tried out)."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most ``limit`` wrong tries for each key within ``window`` of the first of them."""

    name: str
    limit: int = 10
    window: timedelta = timedelta(minutes=10)

    def blocked_until(self, *keys: str) -> datetime | None:
        """When the last of these keys may try again; None when none of them is blocked."""
        now = timezone.now()
        names = [self._name(key) for key in keys]
        kept = cache.get_many([f"{name}:{part}" for name in names for part in ("count", "until")])
        ends = [
            datetime.fromtimestamp(kept[f"{name}:until"], tz=UTC)
            for name in names
            if kept.get(f"{name}:count", 0) >= self.limit and f"{name}:until" in kept
        ]
        return max((end for end in ends if end > now), default=None)

    def count_wrong(self, *keys: str) -> None:
        end = timezone.now() + self.window
        seconds = int(self.window.total_seconds())
        for key in keys:
            name = self._name(key)
            if cache.add(f"{name}:until", end.timestamp(), seconds):
                cache.set(f"{name}:count", 1, seconds)
            else:
                cache.add(f"{name}:count", 0, seconds)
                cache.incr(f"{name}:count")

    def _name(self, key: str) -> str:
        """Keys come from readers: a digest has a known length and alphabet, and shows nobody's number."""
        return f"throttle:{self.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def network_of(address: str) -> str:
    """What one reader may change at will counts as one: the /64 of an IPv6 address, the whole of an IPv4 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
