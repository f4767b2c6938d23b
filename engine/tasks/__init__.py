"""What may be done to a task: claim, release, complete, delegate, resolve, transfer, return, comment, draft."""

from engine.tasks.bulk import BULK, claim_many, transfer_many
from engine.tasks.claiming import claim, release
from engine.tasks.completing import complete, return_
from engine.tasks.helping import delegate, resolve, take_back, transfer
from engine.tasks.remarks import comment, save_draft

__all__ = [
    "BULK",
    "claim",
    "claim_many",
    "comment",
    "complete",
    "delegate",
    "release",
    "resolve",
    "return_",
    "save_draft",
    "take_back",
    "transfer",
    "transfer_many",
]
