"""Commands on persons: accounts, signing in, sessions of browsers, tokens of the API, substitutes."""

from engine.users.accounts import add_person, choose_language, disable, require_person, set_password
from engine.users.sessions import (
    NotSignedIn,
    Policy,
    choose_post,
    end_session,
    end_sessions,
    is_stale,
    open_session,
    seen,
    session_of,
)
from engine.users.signing_in import (
    LONGEST_WAIT,
    Credentials,
    TooManyAttempts,
    credentials,
    forget_attempts,
    record_failure,
    sign_in,
)
from engine.users.substitutes import end_substitution, possible_substitutes, substitute
from engine.users.tokens import create_token, revoke_token, token_actor

__all__ = [
    "LONGEST_WAIT",
    "Credentials",
    "NotSignedIn",
    "Policy",
    "TooManyAttempts",
    "add_person",
    "choose_language",
    "choose_post",
    "create_token",
    "credentials",
    "disable",
    "end_session",
    "end_sessions",
    "end_substitution",
    "forget_attempts",
    "is_stale",
    "open_session",
    "possible_substitutes",
    "record_failure",
    "require_person",
    "revoke_token",
    "seen",
    "session_of",
    "set_password",
    "sign_in",
    "substitute",
    "token_actor",
]
