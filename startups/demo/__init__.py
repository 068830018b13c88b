"""The startups of the demonstration, told through the services. Told again, it changes nothing.

The services that the seeds name bear their name and the problem the texts give; what the texts do not say
(dates, phases, iterations, figures) is invented and says so. Other startups are invented altogether.
"""

from startups.demo import delivery, portfolio
from startups.models import Startup


def tell(cast, *, at) -> None:
    """The portfolio, then the delivery of two startups on orders of the running agreement."""
    if Startup.objects.exists():
        return
    portfolio.tell(cast, at=at)
    delivery.tell(cast, at=at)
