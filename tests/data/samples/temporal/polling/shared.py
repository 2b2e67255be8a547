"""What the workflows, activities and clients of polling share."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from temporalio.converter import (
    AdvancedJSONEncoder,
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    JSONTypeConverter,
)

TASK_QUEUE = "polling"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


class State(Enum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """What the service says about a job; the transcript is there when it is done."""

    state: State
    transcript: str | None = None
    reason: str = ""


@dataclass
class ArchiveInput:
    """Input of the archive workflow."""

    recording: str
    transcript: str


@dataclass
class TranscribeInput:
    """Input of the transcribe workflow."""

    recording: str
    patience: int = 600


@dataclass
class SubmitInput:
    """Input of the submit activity."""

    recording: str


@dataclass
class LookUpInput:
    """Input of the look_up activity."""

    job_id: str


@dataclass
class CancelInput:
    """Input of the cancel activity."""

    job_id: str


@dataclass
class StoreInput:
    """Input of the store activity."""

    recording: str
    transcript: str


@dataclass
class IndexWordsInput:
    """Input of the index_words activity."""

    location: str
    words: int


class JSONEncoder(AdvancedJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, Enum):
            return o.value
        return super().default(o)


class TypeConverter(JSONTypeConverter):
    def to_typed_value(self, hint: Any, value: Any) -> Any:
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint(value)
        return JSONTypeConverter.Unhandled


class PayloadConverter(CompositePayloadConverter):
    """Temporal's own conversion, with what stands above."""

    def __init__(self) -> None:
        json = JSONPlainPayloadConverter(
            encoder=JSONEncoder, custom_type_converters=[TypeConverter()]
        )
        super().__init__(
            *(
                json if isinstance(converter, JSONPlainPayloadConverter) else converter
                for converter in DefaultPayloadConverter.default_encoding_payload_converters
            )
        )


data_converter = DataConverter(payload_converter_class=PayloadConverter)
