"""Codes of what the command line reports besides the source: inputs (WFC60x), runs and their store
(WFC61x), files and options (WFC62x) and cases (WFC63x)."""

from __future__ import annotations

from wfc.compiler.diagnostics.model import Code

INPUT_UNREADABLE = Code(
    "WFC600",
    "input-unreadable",
    "The file with the input cannot be read.",
    "An input given as `@FILE` is read from that file.",
    bad="wfc run payout.py --input @missing.json",
    good="wfc run payout.py --input @input.json",
)
INPUT_NOT_JSON = Code(
    "WFC601",
    "input-not-json",
    "The input is not JSON.",
    "The input of a workflow is a JSON object in UTF-8 with one member for each parameter. Text "
    "stands in double quotes, and nothing follows the last member.",
    bad="--input \"{'merchant_id': 'm-1'}\"",
    good='--input \'{"merchant_id": "m-1"}\'',
)
INPUT_MISSING_FIELD = Code(
    "WFC602",
    "input-missing-field",
    "The input lacks a field.",
    "Each parameter without a default, and each field of a record without one, must be given.",
    bad='{"merchant_id": "m-1"}',
    good='{"merchant_id": "m-1", "amount": 500}',
)
INPUT_UNKNOWN_FIELD = Code(
    "WFC603",
    "input-unknown-field",
    "The input has a field that the workflow does not know.",
    "A field that nothing reads is a misspelling more often than not, so it is refused.",
    bad='{"merchant_id": "m-1", "amonut": 500}',
    good='{"merchant_id": "m-1", "amount": 500}',
)
INPUT_WRONG_TYPE = Code(
    "WFC604",
    "input-wrong-type",
    "A value of the input has another type than the workflow says.",
    "The annotations of the workflow's parameters say which values it takes; `wfc schema` prints "
    "them as a JSON Schema.",
    bad='{"merchant_id": "m-1", "amount": "500"}',
    good='{"merchant_id": "m-1", "amount": 500}',
)
INPUT_NOT_FINITE = Code(
    "WFC605",
    "input-not-finite",
    "The input holds NaN or an infinity.",
    "JSON has no such numbers (RFC 8259, section 6), and no engine stores them.",
    bad='{"rate": NaN}',
    good='{"rate": null}',
)
INPUT_INTEGER_TOO_LARGE = Code(
    "WFC606",
    "input-integer-too-large",
    "An integer of the input is beyond 2**53-1.",
    "Step Functions computes with IEEE doubles and would round it without a word. The check holds "
    "where the project's targets include asl.",
    bad='{"account": 9007199254740993}',
    good='{"account": "9007199254740993"}',
)
INPUT_DUPLICATE_KEY = Code(
    "WFC607",
    "input-duplicate-key",
    "An object of the input has a key twice.",
    "JSON readers differ on which of the two counts (RFC 8259, section 4).",
    bad='{"amount": 1, "amount": 2}',
    good='{"amount": 2}',
)

STORE_UNUSABLE = Code(
    "WFC611",
    "store-unusable",
    "The folder of the runs cannot be used.",
    "Runs are kept in a folder, `.wfc` here unless `--store` names another one. It must be "
    "writable, and its database must be one that wfc has made.",
    bad="wfc run payout.py --input '{}' --store /etc",
    good="wfc run payout.py --input '{}' --store ~/runs",
)
RUN_OF_ANOTHER_VERSION = Code(
    "WFC612",
    "run-of-another-version",
    "The run was started by another version of the workflow and is not finished.",
    "A run goes on by running the workflow again with the recorded results of its steps. A "
    "workflow that now does other steps, or does them in another order, would read results that "
    "belong to something else. Comments, and what steps do inside, may change freely.",
    bad="wfc run payout.py --id p-1 ...   # interrupted; payout.py edited\nwfc runs resume p-1",
    good="wfc runs cancel p-1\nwfc run payout.py --id p-2 ...",
)
RUN_ID_TAKEN = Code(
    "WFC613",
    "run-id-taken",
    "The id belongs to a run of another workflow or with another input.",
    "An id stands for one run: the same command gives the same result, and nothing runs twice. A "
    "different input under the same id would be answered with the result of the first one.",
    bad='wfc run payout.py --id p-1 --input \'{"merchant_id": "m-2", "amount": 500}\'',
    good='wfc run payout.py --id p-2 --input \'{"merchant_id": "m-2", "amount": 500}\'',
)
RUN_UNKNOWN = Code(
    "WFC614",
    "run-unknown",
    "There is no run with this id in the store.",
    "`wfc runs` lists the runs of the store in this folder; `--store` names another one.",
    bad="wfc runs show p1",
    good="wfc runs show p-1",
)
RUN_CANCELLED = Code(
    "WFC615",
    "run-cancelled",
    "The run was cancelled.",
    "A cancelled run does not go on by itself. `wfc runs resume` takes the cancellation back and "
    "goes on where the run stopped.",
    bad="wfc run payout.py --id p-1 --input @input.json",
    good="wfc runs resume p-1",
)
RUN_FINISHED = Code(
    "WFC616",
    "run-finished",
    "The run is finished.",
    "A finished run can neither be resumed nor cancelled; its result, or its error, is final.",
    bad="wfc runs cancel p-1",
    good="wfc runs show p-1",
)
RUN_SOURCE_MISSING = Code(
    "WFC617",
    "run-source-missing",
    "The workflow of the run is not where it was.",
    "A run remembers the file that its workflow was read from. When the file has moved, `wfc run` "
    "with the new path, the same id and the same input goes on with the run.",
    bad="mv payout.py jobs/ && wfc runs resume p-1",
    good="wfc run jobs/payout.py --id p-1 --input @input.json",
)

RUN_OF_A_RUN = Code(
    "WFC618",
    "run-of-a-run",
    "The run was started by another run.",
    "A workflow that another one starts ends with it: the first run is resumed, and takes up its "
    "children where they stopped.",
    bad="wfc runs resume p-1-2",
    good="wfc runs resume p-1",
)

OUTPUT_FOREIGN = Code(
    "WFC620",
    "output-foreign",
    "A file is in the way that wfc did not write, or that was edited since.",
    "What wfc writes can be made again at any time; what somebody else wrote cannot. Nothing is "
    "written as long as one file of the output would replace such a file.",
    bad="echo mine > out/worker.py && wfc compile payout.py --target temporal -o out/",
    good="wfc compile payout.py --target temporal -o generated/",
)
OUTPUT_UNWRITABLE = Code(
    "WFC621",
    "output-unwritable",
    "The output cannot be written.",
    "The operating system refused to make the folder or a file in it, because of its permissions, "
    "a full disk, or a file where a folder should be. All files are written or none.",
    bad="touch out && wfc compile payout.py --target temporal -o out/",
    good="wfc compile payout.py --target temporal -o generated/",
)
OUTPUT_SEVERAL = Code(
    "WFC622",
    "output-several",
    "Several files cannot go to stdout, or into one file.",
    "Each workflow is a state machine of its own, and each target has its own form.",
    bad="wfc compile polling.py --target asl,dbos",
    good="wfc compile polling.py --target asl,dbos -o generated/",
)
TARGET_UNKNOWN = Code(
    "WFC623",
    "target-unknown",
    "No backend of that name is installed or can be used, or no target is given at all.",
    "Targets are named with `--target`, or for a whole project with `targets` in `[tool.wfc]` of "
    "pyproject.toml.",
    bad="wfc compile payout.py --target als",
    good="wfc compile payout.py --target asl",
)
WORKFLOW_UNKNOWN = Code(
    "WFC624",
    "workflow-unknown",
    "The file has no workflow of that name.",
    "A workflow is named by its function, or by the `name=` of its decorator.",
    bad="wfc run payout.py --workflow payuot",
    good="wfc run payout.py --workflow payout",
)
WORKFLOW_NOT_CHOSEN = Code(
    "WFC625",
    "workflow-not-chosen",
    "The file has several workflows, and one is needed.",
    "A run, and the schema of an input, belong to one workflow.",
    bad="wfc run polling.py --input @input.json",
    good="wfc run polling.py --workflow transcribe --input @input.json",
)
CONFIGURATION = Code(
    "WFC626",
    "configuration",
    "The settings in pyproject.toml cannot be used.",
    "The nearest pyproject.toml with a `[tool.wfc]` table must be valid TOML, with `targets` as a "
    "list of names and a table for the settings of each target. Names that nobody knows are "
    "refused, since a misspelt setting would silently have no effect.",
    bad='[tool.wfc]\ntarget = ["asl"]',
    good='[tool.wfc]\ntargets = ["asl"]',
)

CASES_UNREADABLE = Code(
    "WFC630",
    "cases-unreadable",
    "The file with the cases cannot be read.",
    "`wfc verify` reads the cases from a YAML or JSON file, as UTF-8 text.",
    bad="wfc verify payout.py --cases missing.yaml",
    good="wfc verify payout.py --cases payout.cases.yaml",
)
CASES_MALFORMED = Code(
    "WFC631",
    "cases-malformed",
    "The file with the cases is not YAML or JSON.",
    "A name ending in `.json` is read as JSON, any other as YAML.",
    bad="cases: [",
    good="cases:\n  - input: {merchant_id: m-1, amount: 500}",
)
CASES_INVALID = Code(
    "WFC632",
    "cases-invalid",
    "The cases do not have the right form.",
    "The form is described by a JSON Schema, which `wfc schema --cases` prints.",
    bad="cases:\n  - inputs: {amount: 500}",
    good="cases:\n  - input: {amount: 500}",
)
CASES_UNKNOWN_NAME = Code(
    "WFC633",
    "cases-unknown-name",
    "A case names a workflow, step or parameter that the module does not have.",
    "Steps and workflows are named by their function, parameters as in its signature.",
    bad="steps: {debit_platfrom: {returns: null}}",
    good="steps: {debit_platform: {returns: null}}",
)
CASES_WRONG_VALUE = Code(
    "WFC634",
    "cases-wrong-value",
    "A scripted value is not of the type that the step returns.",
    "What a case lets a step return crosses the same boundary as a real result, so it must fit the "
    "step's annotation.",
    bad="pull_settlement: {returns: {id: s-9}}",
    good="pull_settlement: {returns: {id: s-9, total: 60000}}",
)
MODULE_NOT_IMPORTABLE = Code(
    "WFC635",
    "module-not-importable",
    "The module cannot be imported.",
    "The plain run imports the module and calls its workflow, so everything that the module "
    "imports must be installed, and its module-level code must run.",
    bad="import bank_sdk  # not installed here",
    good="def pull(merchant_id: str) -> int:\n    import bank_sdk  # only when the step runs",
)
