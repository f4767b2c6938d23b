"""What a command was refused, for a person at a terminal: any error that is no fault of ours, in words."""

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from models.errors import Rejected
from models.storage import StorageDoubted, StorageReplaced, storage_failure
from webapp.config import terminal_language


def refusal_of(error: Exception) -> Rejected | None:
    """Return an error as a refusal; None where it is a fault, which nobody is to take for an answer."""
    match error:
        case Rejected():
            return error
        case StorageDoubted() | StorageReplaced():
            return Rejected(f"storage_{storage_failure(error)}")
        case FileNotFoundError():
            return Rejected("file_not_there", file=str(error.filename)) if error.filename is not None else None
        case OSError():
            return Rejected("machine_refused", file=error.filename, why=error.strerror or error)
        case DBAPIError() if type(error) in (OperationalError, DatabaseError):
            return Rejected("database_refused", why=str(error.orig).splitlines()[0])
        case _:
            return None


def told(refusal: Rejected) -> str:
    """Return what was refused, in the language of the terminal, and after it for whoever looks for it the reason."""
    from webapp.text.refusals import REFUSALS, field_messages
    from webapp.text.refusals import refusal as in_words

    tongue, known = terminal_language(), refusal
    # What is not there, and the fields of a form, have the words of a page.
    if refusal.status == 404 and (refusal.reason == "not_found" or refusal.reason not in REFUSALS):
        known = Rejected("nothing_such", named=", ".join(str(value) for value in refusal.facts.values()))
    title, text = in_words(known, tongue=tongue)
    if refusal.reason == "invalid":
        text = "; ".join(f"{name}: {wrong}" for name, wrong in field_messages(refusal, tongue=tongue).items())
    return f"lienthong: {title}. {text} ({refusal.reason} {refusal.facts or ''}".rstrip() + ")"
