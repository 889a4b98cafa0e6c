#!/usr/bin/env python3
"""A writer for Python's sqlite3, and an example of the protocol (go doc ./bench/protocol).

    go test -bench Burst ./bench -axes 'exec=process driver=mine' -driver mine='python3 writer.py'

A writer reads requests from standard input and writes responses to standard output, each a JSON
object on a line. In a round it inserts rows into the database of its task, and reports when each
attempt began and ended, and how. As a reader it reads, and checks what it sees. The benchmark,
which is the parent process, compares the rows in the file with what was reported. All instants are
nanoseconds of CLOCK_MONOTONIC.
"""

import fcntl
import json
import os
import queue
import random
import re
import signal
import sqlite3
import sys
import threading
import time
import urllib.parse
import uuid
from contextlib import closing

PROTOCOL = 7
MAX_TEXT = 500  # bytes of an error
SETUP_TIMEOUT = 60.0  # of connections that are made before the clock starts
STEP = 0.01  # how often a pause looks whether the round is over
ARRIVALS = 3  # the descriptor of the file of arrivals

BEGIN = {
    "deferred": "BEGIN",
    "immediate": "BEGIN IMMEDIATE",
    "exclusive": "BEGIN EXCLUSIVE",
    "upgrade": "BEGIN",
}
CAPABILITIES = {
    "roles": ["writer", "reader"],
    # sqlite3 has no way to set a busy handler, so there is no "poll" and no "block".
    "busy": ["none", "timeout", "retry", "queue", "lease"],
    "txn": ["auto", *BEGIN],
    "conn": ["fresh", "held", "pool"],  # a process has one writer: its pool is one connection
    "queue": ["connection", "transaction"],
    "hold": True,
    "rate": True,
    "pragmas": True,
    "checkpoint": True,
    "retry_range": True,
    "stream": True,
    "cold_start": True,
    "sql": True,
}
LOCK_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
QUEUE_TIMEOUT = -1

now = lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def sleep_until(instant, over=lambda: False):
    """Sleeps until an instant, or until over() is true."""
    while (left := (instant - now()) / 1e9) > STEP:
        if over():
            return
        time.sleep(STEP)
    if left > 0:
        time.sleep(left)


UNITS = {"h": 3600e9, "m": 60e9, "s": 1e9, "ms": 1e6, "us": 1e3, "µs": 1e3, "ns": 1}


def parse_duration(text):
    """Returns the nanoseconds of "0" or a duration such as "1m30s" or "1.5ms"."""
    parts = re.findall(r"([0-9.]+)(h|ms|m|s|us|µs|ns)", text)
    if text != "0" and "".join(map("".join, parts)) != text or not text:
        raise ValueError(f"bad duration {text!r}")
    return int(sum(float(number) * UNITS[unit] for number, unit in parts))


def parse_busy(text):
    """Returns the policy of a value such as "none", "5s" or "lease:4ms:60s", its timeout in s, the
    length of a lease in ns, and the range of the sleeps of "retry:1ms-20ms:60s" in s."""
    policy, _, duration = text.partition(":")
    if policy not in CAPABILITIES["busy"]:
        policy, duration = "timeout", text
    length, sleeps = 0, (0.0005, 0.0015)
    if policy == "retry" and "-" in duration:
        ends, _, duration = duration.partition(":")
        sleeps = [parse_duration(end) / 1e9 for end in ends.split("-")]
    if policy == "lease":
        lease, _, duration = duration.partition(":")
        length = parse_duration(lease)
    if policy == "none":
        return policy, 0, length, sleeps
    return policy, parse_duration(duration or "5s") / 1e9, length, sleeps


def is_lock(error):
    code = result_code(error)
    return code == QUEUE_TIMEOUT or code & 0xFF in LOCK_CODES


def result_code(error):
    """Returns the extended result code of SQLite."""
    if isinstance(error, QueueTimeout):
        return QUEUE_TIMEOUT
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)


class QueueTimeout(Exception):
    pass


class LockFile:
    """A file beside the database for whose lock writers queue."""

    def __init__(self, path):
        self.file = open(path, "a")
        signal.signal(signal.SIGALRM, self.expire)

    def expire(self, *_):
        raise QueueTimeout("timed out in the queue")

    def acquire(self, timeout):
        """Reports whether the lock was refused before it was acquired."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            pass
        signal.setitimer(signal.ITIMER_REAL, timeout)  # ends the wait
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return True

    def release(self):
        fcntl.flock(self.file, fcntl.LOCK_UN)

    def rest(self):
        """Is called when there is nothing to write."""

    def close(self):
        self.file.close()


class Lease:
    """A lock file whose lock a writer keeps for a bounded time while it has more to write. The gate
    makes it wait behind the next one when it comes again."""

    def __init__(self, path, length, kept):
        self.gate, self.lock = LockFile(path + "-gate"), LockFile(path)
        self.length, self.kept, self.until = length, kept, None

    def acquire(self, timeout):
        """Reports whether the lock was refused before it was acquired."""
        if self.until is not None and now() < self.until:
            return False
        self.rest()
        begin = now()
        refused = self.gate.acquire(timeout)
        try:
            left = timeout - (now() - begin) / 1e9
            refused = self.lock.acquire(max(left, 0.001)) or refused
        finally:
            self.gate.release()
        self.until = now() + self.length
        return refused

    def release(self):
        if not self.kept or self.until is None or now() >= self.until:
            self.rest()

    def rest(self):
        """Is called when there is nothing to write."""
        if self.until is not None:
            self.lock.release()
            self.until = None

    def close(self):
        self.gate.close()
        self.lock.close()


class Participant:
    """What writers and readers have in common. One is ready for one round."""

    def __init__(self, task):
        self.scenario = scenario = task["scenario"]
        self.database = task["database"]
        self.policy, self.timeout, self.lease, self.sleeps = parse_busy(scenario["busy"])
        self.think = parse_duration(scenario["think"])
        self.batch, self.payload = scenario["batch"], "x" * scenario["payload"]
        if self.batch < 1:
            raise ValueError(f"bad batch {self.batch}")
        for axis in "txn", "conn", "queue":
            if scenario[axis].split(":")[0] not in CAPABILITIES[axis]:
                raise ValueError(f"bad {axis} {scenario[axis]!r}")
        self.db = self.lock_file = self.script = None
        self.with_spans = task.get("statement_spans", False)
        if "sql" in task:
            sys.dont_write_bytecode = True  # the folder is part of a repository
            import sqlfile

            self.script = sqlfile.Script(task["sql"], self.with_spans)
            if scenario["txn"] == "auto":
                scenario["txn"] = "immediate"

    def hold_connection(self):
        self.db = self.connect(SETUP_TIMEOUT)
        self.db.execute(f"PRAGMA busy_timeout={self.busy_timeout() * 1000:.0f}")

    def busy_timeout(self):
        """With retry this program waits. With queue there should be no lock to wait for."""
        return 0 if self.policy == "retry" else self.timeout

    def connect(self, timeout):
        """Opens the file, which must exist, and applies the settings of the scenario."""
        uri = "file:" + urllib.parse.quote(self.database) + "?mode=rw"
        # isolation_level=None means that no BEGIN is executed except ours.
        db = sqlite3.connect(uri, timeout, uri=True, isolation_level=None)
        try:
            journal = self.scenario["journal"]
            db.execute("PRAGMA synchronous=" + self.scenario["sync"])
            if journal not in ("wal", "delete"):  # these two are properties of the file
                db.execute("PRAGMA journal_mode=" + journal)
            (mode,) = db.execute("PRAGMA journal_mode").fetchone()
            if mode != journal:
                raise ValueError(f"journal_mode reads back as {mode}, not {journal}")
            if journal == "wal" and self.scenario["checkpoint"] != "auto":
                _, _, pages = self.scenario["checkpoint"].partition("auto:")
                db.execute(f"PRAGMA wal_autocheckpoint={pages or 0}")
            for name, value in self.scenario.get("pragmas", {}).items():
                db.execute(f"PRAGMA {name}={value}")
            if self.script:
                self.script.connect(db)
        except BaseException:
            db.close()
            raise
        return db

    def close(self):
        if self.db:
            self.db.close()
        if self.lock_file:
            self.lock_file.close()

    def report_wait(self, outcome):
        """Adds how long an attempt that ended in a lock error waited, as far as it is known."""
        asked = outcome["start_ns"] if self.policy == "retry" else self.call_start
        outcome.setdefault("wait_start_ns", asked)
        if (waited := now() - asked) >= 1e6:  # SQLite sleeps for at least a millisecond
            outcome["lock_wait_ns"] = waited

    def retry(self, do, outcome):
        """Calls do, and with retry again after a short sleep if it meets a lock."""
        retry_until = outcome["start_ns"] + self.timeout * 1e9
        while True:
            self.call_start = now()
            try:
                return do()
            except sqlite3.Error as error:
                if self.policy != "retry" or not is_lock(error) or now() > retry_until:
                    raise
                outcome.setdefault("wait_start_ns", self.call_start)
                time.sleep(random.uniform(*self.sleeps))

    def roll_back(self, db):
        if db.in_transaction:
            db.execute("ROLLBACK")

    def execute(self, db, query, values=()):
        self.call_start = now()
        return db.execute(query, values)


class Writer(Participant):
    def __init__(self, task):
        super().__init__(task)
        self.attempts = 0
        hold, _, self.computes = self.scenario["hold"].partition(":")
        self.hold = parse_duration(hold)
        if self.policy == "queue":
            self.lock_file = LockFile(self.database + "-queue")
        elif self.policy == "lease":
            self.lock_file = Lease(self.database + "-queue", self.lease, kept=not self.think)
        if self.scenario["conn"] != "fresh":
            self.hold_connection()

    def attempt(self, intended=0):
        """Inserts a batch of rows in one transaction. Returns the response about it."""
        ids = [str(uuid.uuid4()) for _ in range(self.batch)]
        outcome = {"start_ns": now(), "phase": "insert", "code": 0}
        if intended:
            outcome["intended_ns"] = intended
            outcome["start_ns"] = max(outcome["start_ns"], intended)
        response = {"op": "outcome", "outcome": outcome, "row_ids": ids}
        self.call_start = outcome["start_ns"]
        try:
            if self.lock_file and not self.queues_connected():
                self.in_queue(outcome, lambda: self.attempt_once(ids, outcome))
            else:
                self.attempt_once(ids, outcome)
        except (sqlite3.Error, QueueTimeout) as error:
            outcome["code"] = result_code(error)
            if is_lock(error):
                self.report_wait(outcome)
            else:
                response["error_message"] = str(error)[:MAX_TEXT]
        outcome["end_ns"] = now()
        self.attempts += 1
        if self.with_spans:
            response["statement_spans"] = self.script.spans
            self.script.spans = []
        return response

    def queues_connected(self):
        return self.scenario["queue"] == "transaction" and self.scenario["conn"] == "fresh"

    def in_queue(self, outcome, attempt):
        outcome["phase"] = "queue"
        self.call_start = now()
        if self.lock_file.acquire(self.timeout):
            outcome.setdefault("wait_start_ns", self.call_start)
        try:
            attempt()
        finally:
            self.lock_file.release()

    def rest(self):
        if self.lock_file:
            self.lock_file.rest()

    def attempt_once(self, ids, outcome):
        if self.db:
            return self.transact(self.db, ids, outcome)
        outcome["phase"] = "open"
        with closing(self.retry(lambda: self.connect(self.busy_timeout()), outcome)) as db:
            if self.queues_connected():
                self.in_queue(outcome, lambda: self.transact(db, ids, outcome))
            else:
                self.transact(db, ids, outcome)

    def transact(self, db, ids, outcome):
        if self.script:
            self.script.runs.clear()
        try:
            self.retry(lambda: self.insert(db, ids, outcome), outcome)
            if db.in_transaction:
                outcome["phase"] = "commit"
                self.retry(lambda: db.execute("COMMIT"), outcome)
        except sqlite3.Error:
            self.roll_back(db)
            raise

    def insert(self, db, ids, outcome):
        """Does everything except COMMIT."""
        txn = self.scenario["txn"]
        if txn == "auto":
            outcome["phase"] = "insert"
            return self.insert_at_once(db, ids)
        outcome["phase"] = "begin"
        self.roll_back(db)  # what is left of the try before
        outcome.pop("line", None)
        self.execute(db, BEGIN[txn])
        if txn == "upgrade":
            self.execute(db, "SELECT max(rowid) FROM messages").fetchall()
            time.sleep(0.001)
        outcome["phase"] = "insert"
        has_lock = txn in ("immediate", "exclusive")
        for i, row_id in enumerate(ids):
            if self.script:
                execute = lambda *words: self.execute(db, *words)
                number = self.attempts * self.batch + i
                has_lock = self.script.write(execute, row_id, number, has_lock, outcome)
                outcome["phase"] = "insert"
            self.execute(db, "INSERT INTO messages(msg) VALUES (?)", (row_id + self.payload,))
            has_lock = True
        if self.computes:
            end = now() + self.hold
            while now() < end:
                pass
        elif self.hold:
            time.sleep(self.hold / 1e9)

    def insert_at_once(self, db, ids):
        """Inserts all rows in one statement."""
        query, values = "INSERT INTO messages(msg) VALUES (?)", [ids[0] + self.payload]
        if len(ids) > 1:
            query += " UNION ALL SELECT value || ? FROM json_each(?)"
            values += [self.payload, json.dumps(ids[1:])]
        self.execute(db, query, values)


    def cold_start(self):
        """Starts as a program does, on a file that may be missing. Returns the response about it."""
        outcome = {"start_ns": now(), "phase": "open", "code": 0}
        response = {"op": "outcome", "outcome": outcome}
        self.call_start = outcome["start_ns"]
        try:
            if self.lock_file:
                self.in_queue(outcome, lambda: self.start(outcome))
            else:
                self.start(outcome)
        except (sqlite3.Error, QueueTimeout) as error:
            outcome["code"] = result_code(error)
            if is_lock(error):
                self.report_wait(outcome)
            else:
                response["error_message"] = str(error)[:MAX_TEXT]
            if self.db:
                self.db.close()
                self.db = None
        outcome["end_ns"] = now()
        self.rest()
        return response

    def start(self, outcome):
        outcome["phase"] = "open"
        uri = "file:" + urllib.parse.quote(self.database) + "?mode=rwc"
        self.db = sqlite3.connect(uri, 0, uri=True, isolation_level=None)
        steps = {"journal": self.set_journal, "schema": self.set_up, "first-read": self.first_read}
        for phase, step in steps.items():
            outcome["phase"] = phase
            self.retry(step, outcome)

    def set_journal(self):
        timeout = f"PRAGMA busy_timeout={self.busy_timeout() * 1000:.0f}"
        if self.scenario["order"] == "timeout-first":
            self.db.execute(timeout)
        journal = self.scenario["journal"]
        (mode,) = self.execute(self.db, "PRAGMA journal_mode=" + journal).fetchone()
        if mode != journal:
            raise ValueError(f"journal_mode reads back as {mode}, not {journal}")
        self.db.execute(timeout)

    def set_up(self):
        """Sets the other pragmas and migrates the schema."""
        self.db.execute("PRAGMA synchronous=" + self.scenario["sync"])
        for name, value in self.scenario.get("pragmas", {}).items():
            self.db.execute(f"PRAGMA {name}={value}")
        txn, each = self.scenario["txn"], self.scenario["migrate"] == "each"
        if txn != "upgrade" and not each and self.version():
            return
        if txn == "auto":
            return self.create_table()
        try:
            self.execute(self.db, BEGIN[txn])
            if each or txn != "upgrade" or not self.version():
                self.create_table()
            self.execute(self.db, "COMMIT")
        except sqlite3.Error:
            self.roll_back(self.db)
            raise

    def version(self):
        (version,) = self.execute(self.db, "PRAGMA user_version").fetchone()
        return version

    def create_table(self):
        self.execute(self.db, "CREATE TABLE IF NOT EXISTS " + TABLE)
        self.execute(self.db, "PRAGMA user_version=1")

    def first_read(self):
        self.execute(self.db, LARGEST).fetchall()


TABLE = "messages(ts DATE DEFAULT (datetime('now','localtime')), msg TEXT)"
LARGEST = "SELECT max(rowid) FROM messages"


class Reader(Participant):
    """A reader. Rows are only added, a batch at a time, so the largest rowid is their number."""

    def __init__(self, task):
        super().__init__(task)
        self.kind, _, hold = self.scenario["read"].partition(":")
        if self.kind not in ("point", "scan", "hold"):
            raise ValueError(f"bad read {self.scenario['read']!r}")
        self.hold = parse_duration(hold or "0")
        self.row_length = len(str(uuid.UUID(int=0))) + self.scenario["payload"]
        self.seen = self.scenario["rows"]
        self.reads = 0
        self.hold_connection()  # whatever conn is

    def read(self, over):
        """Reads once. Returns the response about it. What is wrong with the rows is an error."""
        outcome = {"start_ns": now(), "phase": "read", "code": 0}
        do = {"point": self.point, "scan": self.scan, "hold": lambda: self.keep_open(over)}
        if self.script and self.script.file.get("read"):
            do[self.kind] = lambda: self.run_script(over, outcome)
        try:
            self.retry(do[self.kind], outcome)
        except sqlite3.Error as error:
            outcome["code"] = result_code(error)
            if not is_lock(error):
                raise
            self.report_wait(outcome)
        finally:
            self.roll_back(self.db)
        outcome["end_ns"] = now()
        self.reads += 1
        return {"op": "outcome", "outcome": outcome}

    def run_script(self, over, outcome):
        """Runs the section of the SQL file, in a transaction if it needs one."""
        read = lambda: self.script.read(
            lambda *words: self.execute(self.db, *words), self.reads, outcome
        )
        self.roll_back(self.db)
        outcome.pop("line", None)
        if self.kind != "hold" and len(self.script.file["read"]) == 1:
            return read()
        self.execute(self.db, "BEGIN")
        read()
        if self.kind == "hold":
            sleep_until(now() + self.hold, over)
            read()
        self.db.execute("COMMIT")

    def query(self, sql, values=()):
        return self.execute(self.db, sql, values).fetchone()

    def point(self):
        """Reads a random row that was seen before, if there is one."""
        row = random.randint(1, self.seen) if self.seen else 0
        largest, length = self.query(
            f"SELECT ({LARGEST}), (SELECT length(msg) FROM messages WHERE rowid = ?)", (row,)
        )
        self.check(largest)
        if row and length != self.row_length:
            raise ValueError(f"read check: row {row} has {length} bytes, not {self.row_length}")

    def scan(self):
        self.execute(self.db, "BEGIN")
        rows, length = self.query("SELECT count(*), sum(length(msg)) FROM messages")
        (largest,) = self.query(LARGEST)
        self.db.execute("COMMIT")
        if (length or 0) != rows * self.row_length:
            raise ValueError(f"read check: {rows} rows have {length} bytes")
        self.check_same(rows, largest or 0)

    def keep_open(self, over):
        self.execute(self.db, "BEGIN")
        (before,) = self.query(LARGEST)
        sleep_until(now() + self.hold, over)
        (after,) = self.query(LARGEST)
        self.db.execute("COMMIT")
        self.check_same(before or 0, after or 0)

    def check_same(self, first, second):
        if first != second:
            raise ValueError(f"read check: one transaction sees {first} rows, and then {second}")
        self.check(first)

    def check(self, rows):
        rows = rows or 0
        if rows < self.seen:
            raise ValueError(f"read check: {rows} rows, fewer than the {self.seen} before")
        if torn := (rows - self.scenario["rows"]) % self.batch:
            raise ValueError(f"read check: {rows} rows have {torn} of a transaction")
        self.seen = rows


ROLES = {"writer": Writer, "reader": Reader}


def send(response):
    json.dump(response, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


def read_requests(requests):
    """Passes requests on. At the end of the input the writer exits, whatever it does."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # it ends a wait of the main thread
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)


class Round:
    """A round of a participant that is ready."""

    def __init__(self, participant, start, requests):
        self.writer, self.requests = participant, requests
        self.burst = start["mode"] == "burst"
        self.cold = start["mode"] == "cold-start"
        self.release, self.deadline = start["release_ns"], start.get("deadline_ns", 0)
        self.stream = start.get("stream", False)
        self.outcomes = []
        if start["mode"] not in ("burst", "sustained", "cold-start"):
            raise ValueError(f"bad mode {start['mode']!r}")

    def run(self):
        cpu = time.process_time_ns()
        sleep_until(self.release)
        if self.cold:
            self.outcomes.append(self.writer.cold_start())
            self.counted()
        elif isinstance(self.writer, Reader):
            self.run_reads()
        elif self.stream:
            attempts = self.run_streamed()
            self.writer.close()
            return send({"op": "done", "attempts": attempts})
        elif self.writer.scenario["rate"] != "closed" and not self.burst:
            self.run_open()
        else:
            self.run_closed()
        attempts_cpu = time.process_time_ns() - cpu
        request = self.requests.get()  # until here it waited in the queue
        self.writer.close()
        if request["op"] != "finish":
            raise ValueError(f"request {request['op']!r} came in the middle of a round")
        for response in self.outcomes:
            send(response)
        done = {
            "op": "done",
            "attempts": len(self.outcomes),
            "cpu_ns": time.process_time_ns() - cpu,
            "attempts_cpu_ns": attempts_cpu,
        }
        if self.writer.script:
            done["statements"] = list(self.writer.script.times.values())
        send(done)

    def counted(self):
        send({"op": "counted"})
        sys.stdout.flush()

    def over(self):
        """Reports whether there is a request: that to finish."""
        return not self.requests.empty()

    def run_closed(self):
        """Makes attempts until the deadline, and then, to keep up the load, until finish."""
        if self.burst:
            self.outcomes.append(self.writer.attempt())
            self.writer.rest()
            return self.counted()
        late = lambda: now() >= self.deadline
        while not late():
            self.outcomes.append(self.writer.attempt())
            self.think(late)
        self.counted()
        while not self.over():
            self.outcomes.append(self.writer.attempt())
            self.think(self.over)
        self.writer.rest()

    def think(self, over):
        if self.writer.think:
            sleep_until(now() + self.writer.think, over)

    def run_open(self):
        """Makes an attempt for each arrival that it takes from the file that all writers share."""
        counted = False
        while True:
            arrival = os.read(ARRIVALS, 8)
            intended = self.release + int.from_bytes(arrival, "little")
            if not counted and (not arrival or intended >= self.deadline):
                counted = True
                self.counted()
            over = (lambda: self.over()) if counted else (lambda: False)
            if not arrival or intended > now():
                self.writer.rest()
            sleep_until(intended if arrival else 1 << 62, over)
            if over():
                return self.writer.rest()
            self.outcomes.append(self.writer.attempt(intended))

    def run_reads(self):
        """Reads until finish, at least once. Reads after the deadline only keep up the load."""
        while True:
            response = self.writer.read(self.over)
            counts = self.burst or response["outcome"]["start_ns"] < self.deadline
            if counts and not self.stream:
                self.outcomes.append(response)
            if self.over():
                return
            self.think(self.over)

    def run_streamed(self):
        """Sends each outcome before the next attempt begins. Returns their number."""
        attempts = 0
        while attempts == 0 if self.burst else now() < self.deadline:
            send(self.writer.attempt())
            sys.stdout.flush()
            attempts += 1
            self.think(lambda: now() >= self.deadline)
        return attempts


def serve(requests):
    participant = None
    while True:
        request = requests.get()
        try:
            if request["op"] == "prepare":
                task = request["task"]
                participant = ROLES[task["role"]](task)
                send({"op": "ready"})
            elif request["op"] == "start":
                ready, participant = participant, None
                Round(ready, request, requests).run()
            else:
                raise ValueError(f"unknown request {request['op']!r}")
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            send({"op": "error", "error": text.encode()[:MAX_TEXT].decode(errors="ignore")})
        sys.stdout.flush()


def describe():
    with closing(sqlite3.connect(":memory:")) as db:
        options = [option for (option,) in db.execute("PRAGMA compile_options")]
    return {
        "name": "sqlite3 of Python",
        "version": ".".join(map(str, sys.version_info[:3])),
        "sqlite": sqlite3.sqlite_version,
        "compile_options": options,
        "capabilities": CAPABILITIES,
    }


def main():
    if sys.version_info < (3, 11):
        sys.exit("writer.py needs Python 3.11 or newer, which has SQLite's result codes")
    requests = queue.SimpleQueue()
    threading.Thread(target=read_requests, args=[requests], daemon=True).start()
    send({"op": "hello", "protocol": PROTOCOL, "pid": os.getpid(), "driver": describe()})
    sys.stdout.flush()
    serve(requests)


if __name__ == "__main__":
    main()
