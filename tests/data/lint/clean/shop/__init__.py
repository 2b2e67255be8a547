from .money import *  # noqa
from .money import total as sum_up  # noqa
