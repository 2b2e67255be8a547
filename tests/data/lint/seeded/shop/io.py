import glob as g
import json
import shutil
import sqlite3
import subprocess as sp
import tempfile
from pathlib import Path
from urllib import request

import boto3
import httpx
import numpy as np
import psycopg
import redis
import requests
import sqlalchemy as sa

http = requests.Session()
cache = redis.Redis()
engine = sa.create_engine("sqlite://")
ROOT = Path("/data")


def fetch(url):
    return http.get(url).json()  # WFC106


def fetch_all(urls):
    return [httpx.get(url) for url in urls]  # WFC106


def open_url(url):
    return request.urlopen(url).read()  # WFC106


def upload(text):
    boto3.client("s3").put_object(Body=text)  # WFC106


def read(name):
    return (ROOT / name).read_text()  # WFC105


def listing():
    return g.glob("*.csv") + list(ROOT.iterdir())  # WFC105


def scratch():
    folder = tempfile.mkdtemp()  # WFC105
    shutil.rmtree(folder)  # WFC105


def build():
    sp.check_call(["make"])  # WFC107


def rows():
    with engine.connect() as db:  # WFC119
        db.execute(sa.text("select 1"))
    return psycopg.connect("").execute("select 1")  # WFC119


def local_rows():
    return sqlite3.connect("a.db")  # WFC119


def cached(key):
    return cache.get(key)  # WFC119


def noise():
    return np.random.rand(3) + np.random.default_rng().normal()  # WFC102


def dump(data):
    with open("out.json", "w") as file:  # WFC105
        json.dump(data, file)
