"""The inbox, the page of one task, and the verbs on tasks."""

from webapp.tasks import bulk, lists, news, one, verbs
from webapp.tasks.blueprint import blueprint

__all__ = ["blueprint", "bulk", "lists", "news", "one", "verbs"]
