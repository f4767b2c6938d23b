"""The reason of an act: what is done to other people's work is done with one."""

from models.errors import Invalid


def require_reason(reason: str) -> None:
    """Refuse an act that needs a reason without one."""
    if not reason or not reason.strip():
        raise Invalid({"reason": "required"}, reason="reason_required")
