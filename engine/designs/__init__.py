"""Designs: working copies of process definitions, from the first drawing to the version that is published."""

from engine.designs.comments import comment, complete_comment
from engine.designs.files import files_of, remove_file, save_file
from engine.designs.gates import Gate, gate, wanted_coverage
from engine.designs.leases import lease, take
from engine.designs.making import create, discard, import_files, open_definition
from engine.designs.publishing import (
    activate,
    approve,
    configure,
    deploy,
    deploys_alone,
    needs_second_person,
    return_,
    submit,
    withdraw,
)

__all__ = [
    "Gate",
    "activate",
    "approve",
    "comment",
    "complete_comment",
    "configure",
    "create",
    "deploy",
    "deploys_alone",
    "discard",
    "files_of",
    "gate",
    "import_files",
    "lease",
    "needs_second_person",
    "open_definition",
    "remove_file",
    "return_",
    "save_file",
    "submit",
    "take",
    "wanted_coverage",
    "withdraw",
]
