"""What could not be evaluated, said shortly."""


class ScriptFailed(Exception):
    """An expression or script could not be evaluated; the message is for the designer."""

    def __init__(self, message: str, *, source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source


def short(error: BaseException) -> str:
    """Return what an error says in at most 300 characters, on one line."""
    return " ".join((str(error) or type(error).__name__).split())[:300]
