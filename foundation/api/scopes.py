"""What a token may be used for: each stage declares its scopes, each viewset names the one its writes need."""

from collections.abc import Mapping

from foundation.api.problems import ProblemError

READ = "read"
"""Reading whatever the owner of the token reads."""

_SCOPES: dict[str, object] = {}


def declare(scopes: Mapping[str, object]) -> None:
    """Add scopes, code → French label. Raises ValueError when a code already means something else."""
    for code, label in scopes.items():
        if str(_SCOPES.setdefault(code, label)) != str(label):
            raise ValueError(f"Scope declared twice: {code}")


def choices() -> list[tuple[str, object]]:
    """Every declared scope with its label; reading comes first."""
    return sorted(_SCOPES.items(), key=lambda scope: (scope[0] != READ, scope[0]))


def labels(codes) -> list[str]:
    """The French labels of these scopes, in the order of `choices`."""
    return [str(label) for code, label in choices() if code in codes]


def check(request, needed: str) -> None:
    """Raise the problem `insufficient_scope` when the caller's token does not have `needed`.

    A person signed in by session, having no token, does whatever his roles allow.
    """
    if request.auth is None or needed in getattr(request.auth, "scopes", ()):
        return
    raise ProblemError(
        "insufficient_scope",
        headers={"WWW-Authenticate": f'Token error="insufficient_scope", scope="{needed}"'},
        errors=[{"pointer": "", "detail": str(_SCOPES[needed]), "code": needed, "article": ""}],
    )
