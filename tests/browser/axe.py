"""What axe finds on a page, by rules that people agreed on elsewhere."""

from pathlib import Path

from tests.browser.person import Person

AXE = Path(__file__).resolve().parents[2] / "webapp/designer/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# The canvases of the libraries are outside; what stands in a drawing is told by the outline, which is inside.
CANVASES = (".djs-container", "#form-editor", "#decision-editor")
RUN = """async ([rules, but]) => {
  const found = await axe.run(
    {exclude: but.map(one => [one])}, {runOnly: rules, resultTypes: ['violations']});
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`));
}"""


def examined(person: Person, *, rules: tuple[str, ...] = RULES, but: tuple[str, ...] = ()) -> list[str]:
    """Return what axe finds on the page, but for some parts of it."""
    if not person.page.evaluate("() => 'axe' in window"):
        source = AXE.read_text("utf-8")
        person.page.evaluate(source)
        # The next pages bring it with them: handing it over took longer than half of the looks.
        person.context.add_init_script(source)
    found: list[str] = person.page.evaluate(RUN, [list(rules), list(but)])
    return found


def unfold(person: Person) -> None:
    """Open every fold and make the screen as tall as the page, so that nothing lies under the bar of a phone."""
    person.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    person.wait_until_loaded()
    height = person.page.evaluate("document.documentElement.scrollHeight")
    person.page.set_viewport_size({"width": person.page.viewport_size["width"], "height": min(height, 12_000)})
