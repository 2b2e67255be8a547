"""WFC104: environment variables."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class Environment(NameRule):
    code = "WFC104"
    name = "environment"
    summary = "A workflow reads or changes environment variables."
    why = (
        "A run may be continued by another process, on another machine, after a deployment that "
        "set other variables. The replay then sees another value than the first run did."
    )
    bad = (
        "@workflow\n"
        "def bill(customer: str) -> None:\n"
        '    if os.environ["REGION"] == "eu":\n'
        "        add_vat(customer)"
    )
    good = (
        "@workflow\n"
        "def bill(customer: str, region: str) -> None:\n"
        '    if region == "eu":\n'
        "        add_vat(customer)"
    )
    says = "reads the environment of the process"
    need = "environment"
    at_import = True
    logged_is_fine = True
    values = "os.environ os.environb posix.environ"
    calls = """
        os.getenv os.getenvb os.putenv os.unsetenv os.path.expandvars os.get_exec_path
        getopt.gnu_getopt urllib.request.getproxies urllib.request.getproxies_environment
        decouple.config dotenv.load_dotenv dotenv.dotenv_values environ.Env environs.Env
        pydantic_settings.BaseSettings pydantic.BaseSettings
    """

    VALID = (
        "import os\nfrom wfc import step, workflow\n\n@step\ndef region() -> str:\n"
        "    return os.environ['REGION']\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return region() + os.sep + os.linesep\n",
    )
    INVALID = (
        "import os\nfrom wfc import workflow\n\n@workflow\ndef f() -> str:\n"
        "    a = os.environ['REGION']  # WFC104\n"
        "    b = os.environ.get('ZONE', '')  # WFC104\n"
        "    return a + b + os.getenv('STAGE', '')  # WFC104\n",
    )
