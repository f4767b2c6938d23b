"""A refusal as the API says it: problem details of RFC 9457."""

from pydantic import BaseModel, ConfigDict, Field


class Problem(BaseModel):
    """Why a request was refused; nothing changed."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(default="about:blank", description="A URN of the kind of refusal.")
    title: str = Field(description="The refusal in words, in the reader's language.")
    status: int
    reason: str = Field(description="The refusal as a code.")
    detail: str | None = None
    fields: dict[str, str] | None = Field(default=None, description="What is wrong, by field.")
