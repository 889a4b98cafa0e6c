"""The user's own SQL in place of the built-in rows: "sql" of a task (go doc ./bench/protocol)."""

import math
import random
import sqlite3
import time

ZIPF_EXPONENT = 1.1
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

now = lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC)


class Zipf:
    """Draws whole numbers from 0 to the largest, the smallest most often. This is the rejection
    inversion of W. Hörmann and G. Derflinger."""

    def __init__(self, largest):
        q = self.q = ZIPF_EXPONENT
        self.top = self.h(largest + 0.5)
        self.width = self.h(0.5) - 1 - self.top
        self.sure = 1 - self.h_inverse(self.h(1.5) - 2**-q)

    def h(self, x):
        return math.exp((1 - self.q) * math.log(1 + x)) / (1 - self.q)

    def h_inverse(self, x):
        return math.exp(math.log((1 - self.q) * x) / (1 - self.q)) - 1

    def draw(self, source):
        while True:
            u = self.top + source.random() * self.width
            x = self.h_inverse(u)
            k = math.floor(x + 0.5)
            if k - x <= self.sure or u >= self.h(k + 0.5) - math.exp(-math.log(k + 1) * self.q):
                return k


class Values(dict):
    """The values of a statement's parameters. One that is not known is drawn, once."""

    def __init__(self, known, draw):
        super().__init__(known)
        self.draw = draw

    def __missing__(self, name):
        value = self[name] = self.draw(name)
        return value


class Run:
    """A run of a section. It stays the same if the transaction is run again."""

    def __init__(self, section, known):
        self.section, self.known = section, known
        self.kept = set()  # the statements that are left out when it is run again


class Script:
    """Runs the sections of a file."""

    def __init__(self, file, with_spans):
        self.file, self.with_spans = file, with_spans
        self.source, self.zipfs = random.Random(), {}
        self.runs = {}  # of the transaction under way, by row id
        self.times = {}  # of the statements, by line
        self.spans = []  # of the statements of the attempt under way

    def connect(self, db):
        for statement in self.file.get("connect", []):
            db.execute(statement["sql"]).fetchall()

    def draw(self, name):
        """Returns the value of a parameter such as "random(1,100)"."""
        kind, _, rest = name.partition("(")
        numbers = [int(number) for number in rest[:-1].split(",")] if rest else []
        if kind == "random" and len(numbers) == 2:
            return self.source.randint(*numbers)
        if kind == "zipf" and len(numbers) == 2:
            first, width = numbers[0], numbers[1] - numbers[0]
            if width not in self.zipfs:
                self.zipfs[width] = Zipf(width)
            return first + min(self.zipfs[width].draw(self.source), width)
        if kind == "text" and len(numbers) == 1:
            return "".join(self.source.choices(LETTERS, k=numbers[0]))
        raise ValueError(f"unknown parameter :{name}")

    def begin(self, row_id, number):
        """Returns the run for a row id, whose section is chosen by weight."""
        if row_id not in self.runs:
            self.source.seed(row_id)
            sections = self.file["write"]
            weights = [section["weight"] for section in sections]
            (section,) = self.source.choices(sections, weights)
            self.runs[row_id] = Run(section, {"id": row_id, "n": number})
        return self.runs[row_id]

    def write(self, execute, row_id, number, has_lock, outcome):
        """Runs a section. Reports whether the transaction then has the write lock."""
        run = self.begin(row_id, number)
        for i, statement in enumerate(run.section["statements"]):
            reads = statement.get("reads_only", False)
            has_lock = has_lock or not reads
            if i in run.kept:
                continue
            outcome["phase"] = "insert" if has_lock else "begin"
            self.source.seed(f"{row_id} {i}")
            self.step(execute, statement, run.known, outcome)
            if reads and run.section.get("keep_reads"):
                run.kept.add(i)
        return has_lock

    def read(self, execute, number, outcome):
        known = {"n": number}
        for statement in self.file["read"]:
            self.step(execute, statement, known, outcome)

    def step(self, execute, statement, known, outcome):
        """Runs a statement to its end, and keeps the columns of its first row."""
        line, start, refused = statement["line"], now(), False
        outcome["line"] = line
        try:
            cursor = execute(statement["sql"], Values(known, self.draw))
            row = cursor.fetchone()
            names = [column[0] for column in cursor.description or ()]
            cursor.fetchall()
        except sqlite3.Error as error:
            refused = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            error.args = (f"{self.file['name']}:{line}: {error}",)
            raise
        finally:
            end = now()
            if self.with_spans:
                self.spans.append({"line": line, "from_ns": start, "to_ns": end})
            self.add_time(line, end - start, refused)
        for name, value in zip(reversed(names), reversed(row or [None] * len(names))):
            known[name] = value
        del outcome["line"]

    def add_time(self, line, took, refused):
        entry = self.times.setdefault(
            line, {"line": line, "runs": 0, "lock_errors": 0, "duration_ns": 0, "max_ns": 0}
        )
        entry["runs"] += 1
        entry["lock_errors"] += refused
        entry["duration_ns"] += took
        entry["max_ns"] = max(entry["max_ns"], took)
