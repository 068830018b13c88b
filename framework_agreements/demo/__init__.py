"""The agreements and orders of the demonstration, told through the services. Told again, it changes nothing.

The facts are those of the seeds (the 2016 specification, the press article of 2025); whatever they do not say
(holders, prices, dates of service, orders) is invented and marked as such.
"""

from framework_agreements.demo import agreements, orders


def tell(cast, *, at) -> None:
    """The agreement of 2016, ended; the one of 2025, running, with the orders of its first year."""
    agreements.tell_2016(cast)
    running = agreements.tell_2025(cast)
    if running is not None:
        orders.tell(running, cast, at=at)


__all__ = ["tell"]
