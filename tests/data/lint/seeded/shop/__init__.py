"""Helpers that the flows reach in every way a call can go."""

from .clock import now as current  # noqa
from .order import *  # noqa
