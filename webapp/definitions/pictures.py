"""The diagram of a version as a picture in a page: drawn on the server, so that it needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from engine.designs.drawing import Shade, drawings_of
from webapp.definitions import queries


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of a diagram; the drawing escapes what stands in it."""

    name: str
    svg: Markup


def pictures_of(
    session: Session, definition_id: str, process_id: str, shades: Mapping[str, Shade] | None = None
) -> list[Picture]:
    """Draw the file of a version that has a process, every page of it; `shades` by the ids of elements."""
    wanted = f'"{process_id}"'.encode()
    files = session.scalars(queries.diagrams_of(definition_id)).all()
    content = next((file.content for file in files if wanted in file.content), b"")
    return [Picture(one.name, Markup(one.svg)) for one in drawings_of(content, shades)]  # noqa: S704
