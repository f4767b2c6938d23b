"""What a refusal says."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """A heading and a sentence in Vietnamese and English."""

    title: str
    text: str
    title_en: str
    text_en: str


R = Refusal
NOT_YOURS = ("Việc này không thuộc thẩm quyền của quý vị", "This is not yours to do")
