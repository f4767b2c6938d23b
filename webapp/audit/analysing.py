"""The analysis of the log: how work flows by step, organization and level, one period or place beside another."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from flask import render_template, request
from sqlalchemy import select

from models.definitions import Definition
from webapp.audit import beside
from webapp.audit.blueprint import blueprint, require_reader
from webapp.audit.filters import Filters
from webapp.audit.sides import side_of
from webapp.narrowing import Narrowing
from webapp.text.notation import duration
from webapp.transaction import reading

# Of a table; the page says how many more there are.
ROWS: Final = 100
# Of the drawings, in their own units.
CHART, BAR, AXIS = 300, 120, 44
# What may stand beside another: a period, or a place.
PAIRS: Final = (("since", "until"), ("organization", "place"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Narrowing):
    """What is analysed, and beside what: the fields that end with 2 say the period or the place of the comparison."""

    PAGING: ClassVar[str] = "colour"
    process: str = ""
    version: str = ""
    since: str = ""
    until: str = ""
    organization: str = ""
    place: str = ""
    since2: str = ""
    until2: str = ""
    organization2: str = ""
    place2: str = ""
    colour: str = ""

    @classmethod
    def fits(cls, name: str, value: str) -> bool:
        """Tell whether a value is a number or a colouring where one is asked for."""
        return value.isdecimal() if name == "version" else name != "colour" or value == "frequency"

    @property
    def sides(self) -> list[Filters]:
        """Return the filters of the one side or of both; a period or a place that is not said again is the same."""
        first = {name: getattr(self, name) for pair in PAIRS for name in pair}
        second = dict(first)
        for pair in PAIRS:
            said = {name: getattr(self, f"{name}2") for name in pair}
            second |= said if any(said.values()) else {}
        return [Filters(**side) for side in ([first] if second == first else [first, second])]


@blueprint.get("/audit/analysis")
def analysed() -> str:
    """Show how work flowed, as the log tells it, for the process, period and place in the address."""
    require_reader()
    with reading() as session:
        looked = Looked.read(request.args)
        every = session.scalars(select(Definition).order_by(Definition.process_id, Definition.version)).all()
        names = {one.process_id: one.name for one in every}
        versions = [one for one in every if one.process_id == looked.process]
        version = next((one for one in versions if str(one.version) == looked.version), None)
        unknown = bool(looked.process and not versions), bool(looked.version and not version)
        looked = replace(
            looked, process=versions[0].process_id if versions else "", version=looked.version if version else ""
        )
        sides = [
            side_of(session, one, looked.process, version, number=n, by=looked.colour)
            for n, one in enumerate(looked.sides, 1)
        ]
        return render_template(
            "audit/analysis.html",
            looked=looked,
            processes=sorted((name, id) for id, name in names.items()),
            versions=versions,
            unknown=unknown,
            sides=sides,
            beside=beside.compared(sides) if len(sides) > 1 else None,
            duration=duration,
            chart=CHART,
            bar=BAR,
            axis=AXIS,
            rows=ROWS,
        )
