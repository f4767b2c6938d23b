"""Plays stories in the small world: people complete tasks, messages travel, time passes."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from engine import definitions, indicators, orders
from engine.clock import ManualClock
from models.assignments import Assignment
from models.database import Database
from models.orders import Order
from models.tasks import Task
from tests.world import World
from webapp.demo.play import Play

PROCESSES = ("order", "bloc", "lead", "coordination", "locality", "extension", "work")


def bundle(process: str) -> dict[str, bytes]:
    """Return the files of a shipped process."""
    folder = files("processes").joinpath(process)
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".")}


class Story(Play):
    """A play with the shipped processes deployed, which can ask what is so."""

    def __init__(self, database: Database, clock: ManualClock, world: World) -> None:
        super().__init__(database, clock, actor=world.actor)
        self.world = world
        with self.doing() as session:
            indicators.seed(session)
            for process in PROCESSES:
                definitions.deploy(session, bundle(process), actor=world.actor("quantri"))

    def order(self) -> str:
        """Let the office begin an order; return its id."""
        with self.doing() as session:
            return orders.create(session, actor=self.actor("vp.ubnd")).id

    def open_steps(self, order: str | None = None) -> list[tuple[str, str]]:
        """Return (element, place) of every open task, sorted."""
        query = select(Task.element, Task.place).where(Task.state == "open")
        if order is not None:
            query = query.where(Task.order_id == order)
        with self.database.read() as session:
            return sorted((element, place) for element, place in session.execute(query))

    def progress(self, order: str) -> dict[str, str]:
        """Return the progress of the order ("order") and of every share by its organization's name."""
        with self.database.read() as session:
            shares = select(Assignment).where(Assignment.order_id == order).order_by(Assignment.id)
            found = {share.organization.name: str(share.progress) for share in session.scalars(shares)}
            return {"order": session.get_one(Order, order).progress, **found}

    def answer(self, login: str, element: str, order: str | None = None, **answers: Any) -> None:
        """Complete a step with the answers given as keywords."""
        self.do(login, element, answers, order=order)

    def get(self, model: Any, key: str) -> Any:
        """Return one row as it is now."""
        with self.database.read() as session:
            return session.get_one(model, key)


Answers = Mapping[str, Any]
