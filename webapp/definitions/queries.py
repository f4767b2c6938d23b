"""The selects of the definition pages, named by what they find; none runs itself."""

from sqlalchemy import Select, func, select

from models.definitions import Definition, DefinitionFile
from models.instances import LIVE, Instance
from models.permissions import Actor


def drafts() -> Select[Definition]:
    """Select the versions that were uploaded but cannot run yet."""
    return select(Definition).where(Definition.is_draft, Definition.retired_at.is_(None)).order_by(Definition.id.desc())


def running(actor: Actor) -> Select[str, int]:
    """Select (process, how many live instances of it the actor may see)."""
    live = Instance.visible_to(actor).where(Instance.state.in_(LIVE))
    return live.with_only_columns(Instance.process_id, func.count()).group_by(Instance.process_id)


def files_of(definition_id: str) -> Select[str, int]:
    """Select (name, size) of the files of a definition."""
    return (
        select(DefinitionFile.name, func.length(DefinitionFile.content))
        .where(DefinitionFile.definition_id == definition_id)
        .order_by(DefinitionFile.name)
    )


def diagrams_of(definition_id: str) -> Select[DefinitionFile]:
    """Select the diagram files of a definition."""
    return select(DefinitionFile).where(
        DefinitionFile.definition_id == definition_id, DefinitionFile.name.endswith(".bpmn")
    )
