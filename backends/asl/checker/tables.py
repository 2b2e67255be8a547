"""Which fields exist where (Amazon States Language specification and AWS documentation)."""

from __future__ import annotations

from typing import Final

from wfc.backends.asl.checker.report import Language

MACHINE: Final = frozenset(
    ("StartAt", "States", "Comment", "QueryLanguage", "TimeoutSeconds", "Version")
)
BRANCH: Final = frozenset(("StartAt", "States", "Comment"))
PROCESSOR: Final = BRANCH | {"ProcessorConfig"}

_COMMON: Final = frozenset(("Type", "Comment", "QueryLanguage"))
_NEXT: Final = frozenset(("Next", "End"))
_PATHS: Final = frozenset(("InputPath", "OutputPath"))
_RESULT: Final = frozenset(("Parameters", "ResultSelector", "ResultPath"))
_FALLIBLE: Final = frozenset(("Retry", "Catch"))
_MAP: Final = frozenset(
    (
        "ItemProcessor",
        "MaxConcurrency",
        "ItemReader",
        "ItemSelector",
        "ItemBatcher",
        "ResultWriter",
        "ToleratedFailureCount",
        "ToleratedFailurePercentage",
        "Label",
    )
)

STATE: Final[dict[Language, dict[str, frozenset[str]]]] = {
    "JSONata": {
        "Task": _COMMON
        | _NEXT
        | _FALLIBLE
        | {"Resource", "Arguments", "Output", "Assign", "Credentials"}
        | {"TimeoutSeconds", "HeartbeatSeconds"},
        "Parallel": _COMMON | _NEXT | _FALLIBLE | {"Branches", "Arguments", "Output", "Assign"},
        "Map": _COMMON | _NEXT | _FALLIBLE | _MAP | {"Items", "Output", "Assign"},
        "Pass": _COMMON | _NEXT | {"Output", "Assign"},
        "Wait": _COMMON | _NEXT | {"Seconds", "Timestamp", "Output", "Assign"},
        "Choice": _COMMON | {"Choices", "Default", "Output", "Assign"},
        "Succeed": _COMMON | {"Output"},
        "Fail": _COMMON | {"Error", "Cause"},
    },
    "JSONPath": {
        "Task": _COMMON
        | _NEXT
        | _FALLIBLE
        | _PATHS
        | _RESULT
        | {"Resource", "Assign", "Credentials"}
        | {"TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"},
        "Parallel": _COMMON | _NEXT | _FALLIBLE | _PATHS | _RESULT | {"Branches", "Assign"},
        "Map": _COMMON
        | _NEXT
        | _FALLIBLE
        | _PATHS
        | _RESULT
        | _MAP
        | {"ItemsPath", "Iterator", "MaxConcurrencyPath", "Assign"}
        | {"ToleratedFailureCountPath", "ToleratedFailurePercentagePath"},
        "Pass": _COMMON | _NEXT | _PATHS | {"Result", "ResultPath", "Parameters", "Assign"},
        "Wait": _COMMON
        | _NEXT
        | _PATHS
        | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Assign"},
        "Choice": _COMMON | _PATHS | {"Choices", "Default", "Assign"},
        "Succeed": _COMMON | _PATHS,
        "Fail": _COMMON | {"Error", "ErrorPath", "Cause", "CausePath"},
    },
}
TYPES: Final = frozenset(STATE["JSONata"])
ENDING: Final = frozenset(("Succeed", "Fail"))

RETRIER: Final = frozenset(
    (
        "ErrorEquals",
        "Comment",
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
    )
)
CATCHER: Final[dict[Language, frozenset[str]]] = {
    "JSONata": frozenset(("ErrorEquals", "Next", "Comment", "Assign", "Output")),
    "JSONPath": frozenset(("ErrorEquals", "Next", "Comment", "Assign", "ResultPath")),
}
RULE: Final = frozenset(("Condition", "Next", "Comment", "Assign", "Output"))
READER: Final[dict[Language, frozenset[str]]] = {
    "JSONata": frozenset(("Resource", "Arguments", "ReaderConfig")),
    "JSONPath": frozenset(("Resource", "Parameters", "ReaderConfig")),
}
WRITER: Final[dict[Language, frozenset[str]]] = {
    "JSONata": frozenset(("Resource", "Arguments", "WriterConfig")),
    "JSONPath": frozenset(("Resource", "Parameters", "WriterConfig")),
}
BATCHER: Final[dict[Language, frozenset[str]]] = {
    "JSONata": frozenset(("MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput")),
    "JSONPath": frozenset(
        (
            "MaxItemsPerBatch",
            "MaxItemsPerBatchPath",
            "MaxInputBytesPerBatch",
            "MaxInputBytesPerBatchPath",
            "BatchInput",
        )
    ),
}

# Pairs of which a state may have one.
EXCLUSIVE: Final = (
    ("Next", "End"),
    ("TimeoutSeconds", "TimeoutSecondsPath"),
    ("HeartbeatSeconds", "HeartbeatSecondsPath"),
    ("Error", "ErrorPath"),
    ("Cause", "CausePath"),
    ("MaxConcurrency", "MaxConcurrencyPath"),
    ("ToleratedFailureCount", "ToleratedFailureCountPath"),
    ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ("ItemProcessor", "Iterator"),
    ("ItemSelector", "Parameters"),
)

# Names of errors that Step Functions raises (AWS documentation, "Handling errors").
ERRORS: Final = frozenset(
    "States." + name
    for name in (
        "ALL",
        "BranchFailed",
        "DataLimitExceeded",
        "ExceedToleratedFailureThreshold",
        "HeartbeatTimeout",
        "Http.Socket",
        "IntrinsicFailure",
        "ItemReaderFailed",
        "NoChoiceMatched",
        "ParameterPathFailure",
        "Permissions",
        "QueryEvaluationError",
        "ResultPathMatchFailure",
        "ResultWriterFailed",
        "Runtime",
        "TaskFailed",
        "Timeout",
    )
)

INTRINSICS: Final = frozenset(
    "States." + name
    for name in (
        "Array",
        "ArrayContains",
        "ArrayGetItem",
        "ArrayLength",
        "ArrayPartition",
        "ArrayRange",
        "ArrayUnique",
        "Base64Decode",
        "Base64Encode",
        "Format",
        "Hash",
        "JsonMerge",
        "JsonToString",
        "MathAdd",
        "MathRandom",
        "StringSplit",
        "StringToJson",
        "UUID",
    )
)

_COMPARED: Final = tuple(
    f"{kind}{comparison}"
    for kind in ("String", "Numeric", "Timestamp")
    for comparison in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
)
VALUE_OPERATORS: Final = frozenset((*_COMPARED, "BooleanEquals", "StringMatches"))
PATH_OPERATORS: Final = frozenset(f"{name}Path" for name in (*_COMPARED, "BooleanEquals"))
TEST_OPERATORS: Final = frozenset(
    ("IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp")
)
OPERATORS: Final = VALUE_OPERATORS | PATH_OPERATORS | TEST_OPERATORS
