"""Signed links: the person a link was made for, as long as the right lasts; nobody else, ever."""

from foundation.files import links
from tests.access.documents import ready
from tests.access.matrix import Row


def link(world):
    """A link made for one member, to a document that all the members see."""
    document = ready(world)["pk"]
    path = links.signed_path("documents.document", document, world.user("buyer@own"), world.at)
    return {"token": path.rstrip("/").rpartition("/")[2]}


ROWS = {"files:download": Row(allowed={"buyer@own"}, make=link)}
