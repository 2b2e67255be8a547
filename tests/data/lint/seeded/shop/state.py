import os
import time

CACHE = {}
LIMIT = int(os.environ.get("LIMIT", "3"))
BOOTED = time.time()
counter = 0


class Registry:
    entries = []
    total = 0

    def add(self, item):
        self.entries.append(item)  # WFC115
        Registry.total += 1  # WFC115


def bump():
    global counter
    counter += 1  # WFC115
    return counter


def remember(key, value):
    CACHE[key] = value  # WFC115


def forget(key):
    del CACHE[key]  # WFC115


def known(key):
    return key in CACHE  # WFC116


def limit():
    return LIMIT  # WFC114


def age(at):
    return at - BOOTED  # WFC114
