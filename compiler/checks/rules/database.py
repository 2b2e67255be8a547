"""WFC119: databases."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class Database(NameRule):
    code = "WFC119"
    name = "database"
    summary = "A workflow talks to a database."
    why = (
        "The statement runs again in every replay: a row is written twice, and a query may find "
        "other rows than the first run went on with. A transaction or step records its result "
        "once."
    )
    bad = (
        "@workflow\n"
        "def book(order: str) -> None:\n"
        '    connection.execute("insert into booking values (%s)", [order])'
    )
    good = (
        "@transaction\n"
        "def insert(order: str, db: Connection = injected) -> None:\n"
        '    db.execute(text("insert into booking values (:order)"), {"order": order})\n\n'
        "@workflow\n"
        "def book(order: str) -> None:\n"
        "    insert(order)"
    )
    says = "talks to a database"
    calls = """
        sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine
        sqlalchemy.orm.Session sqlalchemy.orm.sessionmaker sqlalchemy.orm.scoped_session
        sqlalchemy.ext.asyncio.AsyncSession sqlalchemy.ext.asyncio.async_sessionmaker
        sqlmodel.create_engine sqlmodel.Session sqlalchemy.inspect
        pandas.read_sql pandas.read_sql_query pandas.read_sql_table pandas.read_gbq
        django.db.transaction.atomic django.db.connection.cursor
    """
    modules = """
        sqlite3 psycopg psycopg2 psycopg_pool asyncpg aiopg pg8000 pymysql MySQLdb aiomysql
        mysql.connector mariadb oracledb cx_Oracle pyodbc pymssql duckdb
        sqlalchemy.Engine sqlalchemy.engine.Engine sqlalchemy.Connection
        sqlalchemy.engine.Connection sqlalchemy.orm.Session sqlalchemy.ext.asyncio.AsyncEngine
        sqlalchemy.ext.asyncio.AsyncSession sqlalchemy.ext.asyncio.AsyncConnection
        redis aioredis valkey pymongo motor beanie mongoengine cassandra neo4j pymemcache memcache
        aiocache diskcache lmdb rocksdb clickhouse_driver clickhouse_connect influxdb_client
        snowflake.connector databricks.sql trino prestodb pyathena peewee tortoise databases
        django.core.cache edgedb gel pony gino
        supabase qdrant_client chromadb pinecone weaviate lancedb
    """
    pure = """
        sqlite3.Row sqlite3.register_adapter sqlite3.register_converter sqlite3.adapt
        sqlite3.Binary sqlite3.Date sqlite3.Time sqlite3.Timestamp sqlite3.complete_statement
        sqlite3.DateFromTicks sqlite3.TimeFromTicks sqlite3.TimestampFromTicks
        psycopg.sql.* psycopg2.sql.* psycopg.conninfo.* psycopg.rows.* psycopg.types.*
        psycopg2.extras.Json psycopg2.extensions.* cassandra.query.* tortoise.expressions.*
        tortoise.functions.* redis.exceptions.* redis.retry.*
        redis.backoff.* bson.*
        pymongo.UpdateOne pymongo.InsertOne pymongo.DeleteOne pymongo.ReplaceOne
        pymongo.IndexModel pymongo.errors.*
    """

    VALID = (
        "from sqlalchemy import select, text, Table\n"
        "from wfc import workflow, transaction, injected, Connection\n\n@transaction\n"
        "def count(db: Connection = injected) -> int:\n"
        "    return db.execute(text('select count(*) from t')).scalar_one()\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return str(select(text('1'))) + str(count())\n",
    )
    INVALID = (
        "import redis, sqlite3\nimport sqlalchemy as sa\nfrom sqlalchemy.orm import Session\n"
        "from wfc import workflow\n\n"
        "engine = sa.create_engine('sqlite://')\n"
        "cache = redis.Redis()\n\n"
        "@workflow\n"
        "def f() -> None:\n"
        "    with Session(engine) as session:  # WFC119\n"
        "        session.execute(sa.text('select 1'))\n"
        "    with engine.begin() as db:  # WFC119\n"
        "        db.execute(sa.text('select 1'))\n"
        "    cache.set('a', 1)  # WFC119\n"
        "    sqlite3.connect('a')  # WFC119\n",
    )
