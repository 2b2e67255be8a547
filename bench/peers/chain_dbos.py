"""A chain of steps written by hand in DBOS: python chain_dbos.py STORE STEPS."""

import sys

from dbos import DBOS, DBOSConfig


@DBOS.step()
def add(total: int, amount: int) -> int:
    """Add an amount."""
    return total + amount


@DBOS.workflow()
def chain(steps: int) -> int:
    """Call the step again and again."""
    total = 0
    for amount in range(steps):
        total = add(total, amount)
    return total


if __name__ == "__main__":
    config: DBOSConfig = {
        "name": "chain",
        "system_database_url": f"sqlite:///{sys.argv[1]}",
        "notification_listener_polling_interval_sec": 0.02,
        "console_log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    print(chain(int(sys.argv[2])))
    DBOS.destroy()
