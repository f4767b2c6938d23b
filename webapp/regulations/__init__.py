"""The regulation of coordination: a process in words and pictures, as a page for print, for Word, and as PDF."""

from webapp.regulations.answers import Offer, download, page
from webapp.regulations.regulation import Regulation, chapters_of

__all__ = ["Offer", "Regulation", "chapters_of", "download", "page"]
