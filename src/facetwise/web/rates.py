"""How often one address may do something."""

import ipaddress
from collections import OrderedDict

_ADDRESSES_KEPT = 4096


class Rates:
    """A bucket for each address; the oldest addresses are forgotten first.

    Args:
        rate: how often a second, once the burst is spent.
        burst: how often at once.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, now: float) -> int:
        """Whole seconds to wait before the next time; 0 when it may go on."""
        who = _network(address)
        left, then = self._left.pop(who, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._rate)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, now)
        if len(self._left) > _ADDRESSES_KEPT:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) / self._rate))


def _network(address: str) -> str:
    """An address, or the /64 of an IPv6 one, of which one machine has as many as it likes."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
