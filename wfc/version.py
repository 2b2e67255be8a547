"""The version of wfc, read from the installed distribution."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("wfc-compiler")
except PackageNotFoundError:  # a checkout that is not installed
    VERSION = "0.0.0"
