"""What people read: sentences in Vietnamese with their English, and how numbers, days and states are written."""

from webapp.text.language import LANGUAGES, html, install, language, say

__all__ = ["LANGUAGES", "html", "install", "language", "say"]
