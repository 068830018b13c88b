"""What the platform changes of its own rows, and of those of the libraries (foundation/database/grants.py)."""

CHANGED = {
    "procurement.TaskRun",
    "account.EmailAddress",
    "mfa.Authenticator",
    "sessions.Session",
    "socialaccount.SocialAccount",
    "socialaccount.SocialToken",
    "usersessions.UserSession",
}
DELETED = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "mfa.Authenticator",
    "sessions.Session",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
}
