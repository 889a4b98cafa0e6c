"""The suite's own method: a process for each insert, started one after the other.

    python3 pool.py DIRECTORY WRITERS...

For each journal mode and number of writers: makes a database in DIRECTORY, starts that many
processes, each of which connects, inserts one row, commits and closes, waits for all of them, and
counts the rows. Prints each result in Go's benchmark format; times are from the start of the first
process. SIGTERM ends all processes of the group, so the script needs a group of its own.
"""

import math
import multiprocessing
import os
import platform
import signal
import sqlite3
import sys
import time
from contextlib import closing

# The start method on Linux before Python 3.14, and so the suite's.
start_method = multiprocessing.get_context("fork")


def insert(path, number, report):
    begin, locked = time.monotonic_ns(), 0
    try:
        with closing(sqlite3.connect(path)) as db:  # default timeout: 5 s
            # sqlite3 executes BEGIN, which is deferred, before the INSERT.
            db.execute("INSERT INTO messages (msg) VALUES (?)", (str(number),))
            db.commit()
    except sqlite3.OperationalError as error:
        if str(error) != "database is locked":
            raise
        locked = 1
    # A write of so few bytes to a pipe is atomic.
    os.write(report, b"%d %d %d\n" % (begin, time.monotonic_ns(), locked))


def create(path, journal):
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=" + journal)
        db.execute("CREATE TABLE messages(ts DATE DEFAULT (datetime('now','localtime')), msg TEXT)")
        db.commit()


def count(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT count(*) FROM messages").fetchone()[0]


def run(path, writers):
    """Returns when the first process was started, and begin, end and locked of each attempt."""
    reader, writer = os.pipe()  # holds the reports of over 1,000 processes
    processes = [
        start_method.Process(target=insert, args=(path, number, writer))
        for number in range(writers)
    ]
    started = time.monotonic_ns()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    os.close(writer)
    with open(reader) as reports:
        attempts = [tuple(map(int, line.split())) for line in reports]
    if len(attempts) != writers:
        sys.exit(f"{writers - len(attempts)} of {writers} processes failed")
    return started, attempts


def overlap(attempts):
    """The max number of attempts in flight at once. One that ends as another begins is not."""
    changes = [(begin, 1) for begin, _, _ in attempts] + [(end, -1) for _, end, _ in attempts]
    now = most = 0
    for _, step in sorted(changes):
        now += step
        most = max(most, now)
    return most


def quantile(values, q):
    return sorted(values)[math.ceil(q * len(values)) - 1]


def report(journal, writers, started, attempts):
    locked = sum(locked for _, _, locked in attempts)
    values = {
        "ns/op": max(end for _, end, _ in attempts) - started,
        "attempts": writers,
        "lockerrs": locked,
        "lockerr-%": 100 * locked / writers,
        "overlap": overlap(attempts),
        "p50-ns": quantile([end - begin for begin, end, _ in attempts], 0.50),
        "max-ns": quantile([end - begin for begin, end, _ in attempts], 1),
        "skew-ns": quantile([begin - started for begin, _, _ in attempts], 0.99),
    }
    words = [f"BenchmarkPool/exec=process/journal={journal}/writers={writers}", "1"]
    words += [f"{value} {unit}" for unit, value in values.items()]
    print(*words, flush=True)


def main(directory, *sizes):
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
    print("sqlite:", sqlite3.sqlite_version)
    print("driver: sqlite3 of Python", platform.python_version())
    print("txn: deferred", flush=True)
    for journal in "delete", "wal":
        for writers in map(int, sizes):
            path = os.path.join(directory, f"{journal}-{writers}.db")
            create(path, journal)
            started, attempts = run(path, writers)
            rows, locked = count(path), sum(locked for _, _, locked in attempts)
            if rows != writers - locked:
                sys.exit(f"{rows} rows of {writers} inserts, {locked} of which were refused")
            report(journal, writers, started, attempts)


if __name__ == "__main__":
    main(*sys.argv[1:])
