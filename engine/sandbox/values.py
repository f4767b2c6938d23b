"""Plain values: what goes into the sandbox and comes out of it, copied and measured."""

import math
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

MAX_DEPTH: Final = 32
MAX_RESULT: Final = 64_000
_MAX_INTEGER: Final = 2**63


class NotPlain(ValueError):
    """A value is not plain JSON data within the limits."""


def plain(value: Any, *, limit: int = MAX_RESULT) -> Any:
    """Return a deep copy of plain data (JSON types, date, datetime, Decimal); raises NotPlain for anything else."""
    copied, size = _plain(value, 0)
    if size > limit:
        raise NotPlain(f"Giá trị quá lớn (trên {limit} byte).")
    return copied


def _plain(value: Any, depth: int) -> tuple[Any, int]:
    kind = type(value)
    if value is None or kind is bool:
        return value, 4
    if kind is str:
        return _text(value)
    if kind is int:
        if not -_MAX_INTEGER <= value < _MAX_INTEGER:
            raise NotPlain("Số nguyên quá lớn.")
        return value, 8
    if kind is float:
        if not math.isfinite(value):
            raise NotPlain("Giá trị không phải là số (NaN hoặc vô cực).")
        return value, 8
    if depth >= MAX_DEPTH:
        raise NotPlain(f"Dữ liệu lồng nhau quá {MAX_DEPTH} tầng.")
    if kind is list or kind is tuple:
        pairs = [_plain(item, depth + 1) for item in value]
        return [item for item, _ in pairs], 2 + sum(size + 1 for _, size in pairs)
    if kind is dict:
        return _plain_dict(value, depth)
    return _plain_other(value)


def _plain_dict(value: dict[Any, Any], depth: int) -> tuple[dict[str, Any], int]:
    copied: dict[str, Any] = {}
    total = 2
    for key, item in value.items():
        if type(key) is not str:
            raise NotPlain("Tên trường phải là chữ.")
        name, name_size = _text(key)
        copied[name], size = _plain(item, depth + 1)
        total += name_size + size + 2
    return copied, total


def _plain_other(value: Any) -> tuple[Any, int]:
    if type(value) is Decimal:
        if not value.is_finite() or value.adjusted() > 60 or len(value.as_tuple().digits) > 60:
            raise NotPlain("Số thập phân không hợp lệ hoặc quá lớn.")
        return value, 16
    if type(value) is datetime:
        if value.tzinfo is None:
            raise NotPlain("Thời điểm phải có múi giờ.")
        return datetime.fromisoformat(value.isoformat()), 32
    if type(value) is date:
        return value, 10
    raise NotPlain(f"Kiểu dữ liệu không được chấp nhận: {type(value).__name__}.")


def _text(value: str) -> tuple[str, int]:
    if value.isascii():
        return value, len(value) + 2
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise NotPlain("Chuỗi ký tự bị hỏng.") from None
    return unicodedata.normalize("NFC", value), size + 2
