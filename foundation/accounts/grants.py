"""What the platform does with people, organisations and what ties them (read by foundation/database/grants.py)."""

CHANGED = {
    "accounts.KnownDevice",
    "accounts.Organisation",
    "accounts.Registration",
    "accounts.SignInFailures",
    "accounts.User",
}
DELETED = {"accounts.KnownDevice", "accounts.Membership", "accounts.Registration", "accounts.SignInFailures"}
