#!/usr/bin/env node
// A writer for better-sqlite3. See go doc ./bench/protocol, and the writer in Python beside it.
//
// Calls of better-sqlite3 block the thread, also while SQLite waits for a lock. So a second thread
// reads the requests, and ends the process at the end of the input.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const { Worker, isMainThread, workerData } = require("node:worker_threads");

const PROTOCOL = 7;
const MAX_TEXT = 500; // bytes of an error
const SETUP_TIMEOUT = 60_000; // ms, of connections that are made before the clock starts
const STEP = 10e6; // ns; how often a pause looks whether the round is over
const ARRIVALS = 3; // the descriptor of the file of arrivals
const EXIT_GRACE = 200; // ms

const CAPABILITIES = {
  roles: ["writer"],
  // better-sqlite3 has no busy handlers, and Node.js has no flock(2) for a queue.
  busy: ["none", "timeout", "retry"],
  txn: ["auto", "deferred", "immediate", "exclusive", "upgrade"],
  conn: ["fresh", "held", "pool"], // a process has one writer: its pool is one connection
  hold: true,
  rate: true,
  pragmas: true,
  checkpoint: true,
  stream: true,
};

// The threads share the number of bytes of a request that was not taken yet, and the request.
// -1 is the end of the input.
const [LENGTH, SIZE] = [0, 1 << 20];

// readRequests is the second thread.
function readRequests({ length, bytes }) {
  const chunk = Buffer.alloc(1 << 16);
  let text = "";
  for (;;) {
    const n = fs.readSync(0, chunk);
    if (n === 0) break;
    text += chunk.toString("latin1", 0, n);
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
      for (let full; (full = Atomics.load(length, LENGTH)) !== 0; )
        Atomics.wait(length, LENGTH, full);
      Atomics.store(length, LENGTH, Buffer.from(bytes.buffer).write(text.slice(0, end), "latin1"));
      Atomics.notify(length, LENGTH);
    }
  }
  Atomics.store(length, LENGTH, -1);
  Atomics.notify(length, LENGTH);
  Atomics.wait(length, LENGTH, -1, EXIT_GRACE);
  process.kill(process.pid, "SIGKILL"); // the main thread is in a call of SQLite
}

// Clock. A double holds the nanoseconds of 104 days exactly.

const now = () => Number(process.hrtime.bigint());

// sleep sleeps for some ns.
const never = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ns) => Atomics.wait(never, 0, 0, Math.max(0, ns) / 1e6);

function sleepUntil(instant, over) {
  for (let left; (left = instant - now()) > 0; ) {
    if (over()) return;
    sleep(Math.min(left, STEP));
  }
}

const UNITS = { h: 3600e9, m: 60e9, s: 1e9, ms: 1e6, us: 1e3, "µs": 1e3, ns: 1 };

// parseDuration returns the ns of "0" or a duration such as "1m30s" or "1.5ms".
function parseDuration(text) {
  const parts = [...text.matchAll(/([0-9.]+)(h|ms|m|s|us|µs|ns)/g)];
  if (text !== "0" && (text === "" || parts.map((p) => p[0]).join("") !== text))
    throw new Error(`bad duration "${text}"`);
  return parts.reduce((sum, [, number, unit]) => sum + number * UNITS[unit], 0);
}

// parseBusy parses a value such as "none", "5s" or "retry:60s".
function parseBusy(text) {
  let [policy, duration] = text.split(":");
  if (!CAPABILITIES.busy.includes(policy)) [policy, duration] = ["timeout", text];
  return { policy, timeout: policy === "none" ? 0 : parseDuration(duration ?? "5s") };
}

// better-sqlite3 has the names of result codes only.
const CODES = {
  SQLITE_BUSY: 5, SQLITE_BUSY_RECOVERY: 261, SQLITE_BUSY_SNAPSHOT: 517, SQLITE_BUSY_TIMEOUT: 773,
  SQLITE_LOCKED: 6, SQLITE_LOCKED_SHAREDCACHE: 262, SQLITE_LOCKED_VTAB: 518, SQLITE_PROTOCOL: 15,
  SQLITE_READONLY: 8, SQLITE_IOERR: 10, SQLITE_CORRUPT: 11, SQLITE_FULL: 13, SQLITE_CANTOPEN: 14,
  SQLITE_NOTADB: 26,
};

// resultCode returns the code of an error: SQLITE_ERROR if it has none or another one.
function resultCode(error) {
  const name = String(error.code);
  return CODES[name] ?? CODES[name.split("_").slice(0, 2).join("_")] ?? 1;
}

const isLock = (error) => [5, 6, 15].includes(resultCode(error) & 0xff);

// Writer is a writer that is ready for one round.
class Writer {
  constructor({ scenario, database, role }) {
    this.Database = require("better-sqlite3");
    Object.assign(this, { scenario, database }, parseBusy(scenario.busy));
    this.think = parseDuration(scenario.think);
    const [hold, cpu] = scenario.hold.split(":");
    this.hold = parseDuration(hold);
    this.computes = cpu !== undefined;
    this.payload = "x".repeat(scenario.payload);
    if (!(scenario.batch >= 1)) throw new Error(`bad batch ${scenario.batch}`);
    for (const axis of ["txn", "conn"])
      if (!CAPABILITIES[axis].includes(scenario[axis].split(":")[0]))
        throw new Error(`bad ${axis} ${scenario[axis]}`);
    if (!CAPABILITIES.roles.includes(role)) throw new Error(`bad role ${role}`);
    if (scenario.conn !== "fresh") {
      this.db = this.connect(SETUP_TIMEOUT);
      this.db.pragma(`busy_timeout = ${this.busyTimeout()}`);
    }
  }

  // busyTimeout returns SQLite's busy timeout in ms. With retry this program waits.
  busyTimeout() {
    return this.policy === "timeout" ? this.timeout / 1e6 : 0;
  }

  connect(timeout) {
    const { journal, sync, checkpoint, pragmas = {} } = this.scenario;
    const db = new this.Database(this.database, { fileMustExist: true, timeout });
    try {
      db.pragma(`synchronous = ${sync}`);
      if (journal === "off") db.unsafeMode(); // otherwise SQLite is in its defensive mode
      if (!["wal", "delete"].includes(journal)) db.pragma(`journal_mode = ${journal}`);
      const mode = db.pragma("journal_mode", { simple: true }); // wal and delete are of the file
      if (mode !== journal) throw new Error(`journal_mode reads back as ${mode}, not ${journal}`);
      if (journal === "wal" && checkpoint !== "auto")
        db.pragma(`wal_autocheckpoint = ${checkpoint.match(/^auto:(.*)/)?.[1] ?? 0}`);
      for (const [name, value] of Object.entries(pragmas)) db.pragma(`${name} = ${value}`);
    } catch (error) {
      db.close();
      throw error;
    }
    return this.prepare(db);
  }

  // prepare prepares the statements of a connection, as a program does that keeps them.
  prepare(db) {
    const row = "INSERT INTO messages(msg) VALUES (?)";
    db.insert = db.prepare(row);
    db.insertAll = db.prepare(`${row} UNION ALL SELECT value || ? FROM json_each(?)`);
    db.largest = db.prepare("SELECT max(rowid) FROM messages").pluck();
    db.write = db.transaction((ids) => this.write(db, ids));
    return db;
  }

  close() {
    this.db?.close();
  }

  // attempt inserts a batch of rows in one transaction. It returns the response about it.
  attempt(intended = 0) {
    const ids = Array.from({ length: this.scenario.batch }, () => crypto.randomUUID());
    const outcome = { start_ns: Math.max(now(), intended), phase: "insert", code: 0 };
    if (intended) outcome.intended_ns = intended;
    const response = { op: "outcome", outcome, row_ids: ids };
    this.outcome = outcome;
    try {
      this.attemptOnce(ids);
    } catch (error) {
      outcome.code = resultCode(error);
      if (isLock(error)) this.reportWait();
      else response.error_message = String(error.message).slice(0, MAX_TEXT);
    }
    outcome.end_ns = now();
    return response;
  }

  // reportWait adds how long an attempt that ended in a lock error waited, as far as it is known.
  reportWait() {
    const asked = this.policy === "retry" ? this.outcome.start_ns : this.callStart;
    this.outcome.wait_start_ns ??= asked;
    const waited = now() - asked;
    if (waited >= 1e6) this.outcome.lock_wait_ns = waited; // SQLite sleeps for at least 1 ms
  }

  attemptOnce(ids) {
    if (this.db) return this.transact(this.db, ids);
    this.outcome.phase = "open";
    const db = this.retry(() => this.connect(this.busyTimeout()));
    try {
      this.transact(db, ids);
    } finally {
      db.close();
    }
  }

  // retry calls what it is given, and with retry again after a short sleep if that meets a lock.
  retry(call) {
    const until = this.outcome.start_ns + this.timeout;
    for (;;) {
      this.callStart = now();
      try {
        return call();
      } catch (error) {
        if (this.policy !== "retry" || !isLock(error) || now() >= until) throw error;
      }
      this.outcome.wait_start_ns ??= this.callStart;
      sleep(0.5e6 + Math.random() * 1e6);
    }
  }

  transact(db, ids) {
    const { txn } = this.scenario;
    if (txn === "auto") {
      this.outcome.phase = "insert";
      return this.retry(() => this.insertAll(db, ids));
    }
    this.retry(() => {
      this.outcome.phase = "begin";
      db.write[txn === "upgrade" ? "deferred" : txn](ids);
    });
  }

  insertAll(db, ids) {
    if (ids.length === 1) return db.insert.run(ids[0] + this.payload);
    db.insertAll.run(ids[0] + this.payload, this.payload, JSON.stringify(ids.slice(1)));
  }

  // write does everything between BEGIN and COMMIT.
  write(db, ids) {
    this.callStart = now();
    if (this.scenario.txn === "upgrade") {
      db.largest.get();
      sleep(1e6);
    }
    this.outcome.phase = "insert";
    for (const id of ids) {
      this.callStart = now();
      db.insert.run(id + this.payload);
    }
    const end = now() + this.hold;
    if (!this.computes && this.hold) sleep(this.hold);
    while (this.computes && now() < end);
    this.outcome.phase = "commit";
    this.callStart = now();
  }
}

// Requests and responses.

const shared = {};

function startReading() {
  shared.length = new Int32Array(new SharedArrayBuffer(4));
  shared.bytes = new Uint8Array(new SharedArrayBuffer(SIZE));
  new Worker(__filename, { workerData: shared });
}

// nextRequest waits for a request.
function nextRequest() {
  Atomics.wait(shared.length, LENGTH, 0);
  exitAtTheEnd();
  const text = Buffer.from(shared.bytes.slice(0, shared.length[LENGTH])).toString();
  Atomics.store(shared.length, LENGTH, 0);
  Atomics.notify(shared.length, LENGTH);
  return JSON.parse(text);
}

function exitAtTheEnd() {
  if (Atomics.load(shared.length, LENGTH) < 0) process.exit(0);
}

// isOver reports whether there is a request: that to finish.
function isOver() {
  exitAtTheEnd();
  return Atomics.load(shared.length, LENGTH) > 0;
}

let unsent = [];

function send(response) {
  unsent.push(JSON.stringify(response), "\n");
}

function flush() {
  let bytes = Buffer.from(unsent.join(""));
  unsent = [];
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(1, bytes));
    } catch (error) {
      if (error.code !== "EAGAIN") process.exit(1); // the parent has exited
      sleep(1e6);
    }
  }
}

// cpuTime returns the processor time of this process in ns.
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

// Round is a round of a writer that is ready.
class Round {
  constructor(writer, start) {
    if (!["burst", "sustained"].includes(start.mode)) throw new Error(`bad mode ${start.mode}`);
    Object.assign(this, { writer, start, burst: start.mode === "burst", outcomes: [] });
    this.isLate = () => now() >= start.deadline_ns;
  }

  run() {
    const cpu = cpuTime();
    sleepUntil(this.start.release_ns, () => (exitAtTheEnd(), false));
    if (this.start.stream) {
      const attempts = this.runStreamed();
      this.writer.close();
      return send({ op: "done", attempts });
    }
    if (this.writer.scenario.rate !== "closed" && !this.burst) this.runOpen();
    else this.runClosed();
    const attempts_cpu_ns = cpuTime() - cpu;
    const { op } = nextRequest();
    this.writer.close();
    if (op !== "finish") throw new Error(`request "${op}" came in the middle of a round`);
    this.outcomes.forEach(send);
    send({ op: "done", attempts: this.outcomes.length, cpu_ns: cpuTime() - cpu, attempts_cpu_ns });
  }

  counted() {
    send({ op: "counted" });
    flush();
  }

  attempt(intended) {
    this.outcomes.push(this.writer.attempt(intended));
  }

  think(over) {
    if (this.writer.think) sleepUntil(now() + this.writer.think, over);
  }

  // runClosed makes attempts until the deadline, and then, to keep up the load, until finish.
  runClosed() {
    if (this.burst) {
      this.attempt();
      return this.counted();
    }
    for (; !this.isLate(); this.think(this.isLate)) this.attempt();
    this.counted();
    for (; !isOver(); this.think(isOver)) this.attempt();
  }

  // runOpen makes an attempt for each arrival that it takes from the file that all writers share.
  runOpen() {
    const arrival = Buffer.alloc(8);
    let counted = false;
    const over = () => counted && isOver();
    for (;;) {
      const some = fs.readSync(ARRIVALS, arrival) === 8;
      const intended = some ? this.start.release_ns + Number(arrival.readBigUInt64LE()) : Infinity;
      if (!counted && intended >= this.start.deadline_ns) {
        counted = true;
        this.counted();
      }
      sleepUntil(intended, over);
      if (over()) return;
      this.attempt(intended);
    }
  }

  // runStreamed sends each outcome before the next attempt begins. It returns their number.
  runStreamed() {
    let attempts = 0;
    for (; this.burst ? attempts === 0 : !this.isLate(); this.think(this.isLate)) {
      exitAtTheEnd();
      send(this.writer.attempt());
      flush();
      attempts++;
    }
    return attempts;
  }
}

function serve() {
  for (let writer; ; flush()) {
    const request = nextRequest();
    try {
      if (request.op === "prepare") {
        writer = new Writer(request.task);
        send({ op: "ready" });
      } else if (request.op === "start") {
        const round = new Round(writer, request);
        writer = undefined;
        round.run();
      } else {
        throw new Error(`unknown request "${request.op}"`);
      }
    } catch (error) {
      send({ op: "error", error: String(error).slice(0, MAX_TEXT) });
    }
  }
}

function describe() {
  const Database = require("better-sqlite3");
  const db = new Database(":memory:");
  const driver = {
    name: "better-sqlite3",
    version: require("better-sqlite3/package.json").version,
    sqlite: db.prepare("SELECT sqlite_version()").pluck().get(),
    compile_options: db.prepare("PRAGMA compile_options").pluck().all(),
    capabilities: CAPABILITIES,
  };
  db.close();
  return driver;
}

if (isMainThread) {
  startReading();
  send({ op: "hello", protocol: PROTOCOL, pid: process.pid, driver: describe() });
  flush();
  serve();
} else {
  readRequests(workerData);
}
