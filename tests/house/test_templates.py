"""Templates keep to the strict content security policy: no script, style or handler inside the page."""

import re

import pytest

from tests.house.code import files, text_of

FORBIDDEN = {
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style inside the page": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"\s(on[a-z]+|hx-on[\w:.-]*)\s*=", re.IGNORECASE),
    "an htmx value that is evaluated": re.compile(r"hx-[\w-]+\s*=\s*[\"'][^\"']*\b(js|javascript):", re.IGNORECASE),
    "an htmx trigger filter, which is evaluated": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[", re.IGNORECASE),
    "an address of a third party": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.IGNORECASE),
}
SAMPLES = {
    "a script inside the page": "<script>alert(1)</script>",
    "a style inside the page": '<p style="color:red">',
    "a handler in an attribute": '<a onclick="go()">',
    "an htmx value that is evaluated": "<a hx-vals='js:{a: 1}'>",
    "an htmx trigger filter, which is evaluated": '<a hx-trigger="click[ctrlKey]">',
    "an address of a third party": '<link href="//cdn.example/x.css">',
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str) -> None:
    templates = [name for name in files() if name.startswith("webapp/templates/") and name.endswith(".html")]
    assert [name for name in templates if FORBIDDEN[what].search(text_of(name))] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_rule_sees(what: str) -> None:
    assert FORBIDDEN[what].search(SAMPLES[what])
    assert not FORBIDDEN[what].search('<script src="a.js" defer></script><a class="once" href="/tasks">Việc</a>')
