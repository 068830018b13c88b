import pytest
from django.core.cache import cache

from tests.accounts import identity_provider as idp
from tests.accounts.openid.visits import CALLBACK, configure


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(scope="module")
def running():
    with idp.IdentityProvider(CALLBACK) as provider:
        yield provider


@pytest.fixture
def provider(settings, running):
    """The provider, that tells the truth about the same person again; the platform knows it."""
    running.faults.clear()
    running.asked.clear()
    running.person.clear()
    running.person.update(idp.PERSON)
    configure(settings, running)
    return running
