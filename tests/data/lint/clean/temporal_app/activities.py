import time

import requests
from temporalio import activity


@activity.defn
async def charge(order: str) -> float:
    requests.post(order)
    return time.time()
