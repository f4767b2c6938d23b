"""Process instances for people: the list, one with its diagram and what it waits for, and what operators do to it."""

from webapp.instances import acts, pages
from webapp.instances.blueprint import blueprint

__all__ = ["acts", "blueprint", "pages"]
