// A writer for SQLite's own library in C. See go doc ./bench/protocol, and the writer in Python
// beside it, which does the same in fewer lines.
//
// Requests are parsed by SQLite's JSON functions, on a database in memory. A thread of its own
// reads them, because the writer must exit at the end of its input, whatever it does then.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef sqlite3_int64 ns; // an instant of CLOCK_MONOTONIC, or a length of time

enum {
	PROTOCOL = 7,
	MAX_TEXT = 500,         // bytes of an error
	SETUP_TIMEOUT = 60000,  // ms, of connections that are made before the clock starts
	ARRIVALS = 3,           // the descriptor of the file of arrivals
	QUEUE_TIMEOUT = -1,     // a result code that is not one of SQLite's
	MILLISECOND = 1000000,
	STEP = 10 * MILLISECOND // how often a pause looks whether the round is over
};

static const char *capabilities =
	"{\"roles\":[\"writer\"],"
	"\"busy\":[\"none\",\"timeout\",\"poll\",\"block\",\"retry\",\"queue\",\"lease\"],"
	"\"txn\":[\"auto\",\"deferred\",\"immediate\",\"exclusive\",\"upgrade\"],"
	"\"conn\":[\"fresh\",\"held\",\"pool\"],\"queue\":[\"connection\",\"transaction\"],"
	"\"hold\":true,\"rate\":true,\"pragmas\":true,\"checkpoint\":true,\"retry_range\":true,"
	"\"stream\":true}";

// Clock.

static ns read_clock(clockid_t id) {
	struct timespec t;
	clock_gettime(id, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static ns now(void) { return read_clock(CLOCK_MONOTONIC); }
static ns cpu_time(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

static void sleep_until(ns instant) {
	struct timespec t = {instant / 1000000000, instant % 1000000000};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
	}
}

// sleep_unless sleeps until an instant, or until over returns true.
static void sleep_unless(bool (*over)(void), ns instant) {
	while (instant - now() > STEP) {
		if (over()) return;
		sleep_until(now() + STEP);
	}
	sleep_until(instant);
}

// Requests and responses.

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char *pending; // a request that was not taken yet

static void *read_requests(void *unused) {
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) > 0) {
		pthread_mutex_lock(&mutex);
		while (pending) pthread_cond_wait(&changed, &mutex);
		pending = strdup(line);
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&mutex);
	}
	_exit(0);
	return unused;
}

static char *next_request(void) {
	pthread_mutex_lock(&mutex);
	while (!pending) pthread_cond_wait(&changed, &mutex);
	char *request = pending;
	pending = NULL;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	return request;
}

static bool has_request(void) {
	pthread_mutex_lock(&mutex);
	bool has = pending != NULL;
	pthread_mutex_unlock(&mutex);
	return has;
}

static sqlite3 *json; // an empty database, for SQLite's JSON functions

// query returns the first column of a query with up to two parameters, which the caller frees, or
// NULL.
static char *query(const char *sql, const char *first, const char *second) {
	sqlite3_stmt *stmt;
	char *result = NULL;
	if (sqlite3_prepare_v2(json, sql, -1, &stmt, NULL)) return NULL;
	sqlite3_bind_text(stmt, 1, first, -1, SQLITE_STATIC);
	if (second) sqlite3_bind_text(stmt, 2, second, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0))
		result = strdup((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return result;
}

// get returns the value of a path such as "$.task.database", an empty text if there is none.
static char *get(const char *request, const char *path) {
	char *value = query("SELECT ?1 ->> ?2", request, path);
	return value ? value : strdup("");
}

static ns get_number(const char *request, const char *path) {
	char *text = get(request, path);
	ns number = atoll(text);
	free(text);
	return number;
}

static void send_error(const char *format, ...) {
	va_list args;
	va_start(args, format);
	char text[MAX_TEXT];
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	char *quoted = query("SELECT json_quote(?1)", text, NULL);
	printf("{\"op\":\"error\",\"error\":%s}\n", quoted);
	free(quoted);
}

// The task of a round.

static struct {
	sqlite3 *db;   // NULL unless a connection is held
	int lock_file, gate; // -1 unless there is a queue; the gate is that of a lease
	char *database, *busy, *txn, *sync, *conn, *queue, *journal, *hold, *think, *rate, *role;
	char *checkpoint;
	char *pragmas; // statements
	enum { NONE, TIMEOUT, POLL, BLOCK, RETRY, QUEUE, LEASE } policy;
	ns timeout, interval, hold_ns, think_ns;
	ns least_sleep, longest_sleep; // of retry
	ns until; // of a lease, 0 without one
	bool ready, computes, fresh, queues_connected;
	int batch, payload;
} task;

static char *padding; // payload bytes

// parse_duration returns the ns of "0" or a duration such as "1m30s" or "1.5ms", -1 of others.
static ns parse_duration(const char *text) {
	static const struct { const char *name; double length; } units[] = {
		{"ms", 1e6}, {"us", 1e3}, {"µs", 1e3}, {"ns", 1}, {"h", 3600e9}, {"m", 60e9}, {"s", 1e9},
	};
	double sum = 0;
	if (!strcmp(text, "0")) return 0;
	if (!*text) return -1;
	while (*text) {
		char *unit;
		double number = strtod(text, &unit);
		size_t i = 0, count = sizeof units / sizeof *units;
		while (i < count && strncmp(unit, units[i].name, strlen(units[i].name))) i++;
		if (unit == text || i == count) return -1;
		sum += number * units[i].length;
		text = unit + strlen(units[i].name);
	}
	return sum;
}

// cut copies a text up to one of some characters, and returns what follows that, or NULL.
static const char *cut(char part[32], const char *text, const char *ends) {
	size_t n = strcspn(text, ends);
	snprintf(part, 32, "%.*s", (int)n, text);
	return text[n] ? text + n + 1 : NULL;
}

// parse_busy parses a value such as "none", "5s", "queue:60s", "poll:1ms:60s", "lease:4ms:60s" or
// "retry:1ms-20ms:60s".
static bool parse_busy(const char *text) {
	static const char *words[] = {"none", "", "poll", "block", "retry", "queue", "lease"};
	size_t length = strcspn(text, ":");
	const char *duration = text[length] ? text + length + 1 : "5s";
	task.policy = TIMEOUT;
	for (int i = NONE; i <= LEASE; i++)
		if (strlen(words[i]) == length && !strncmp(text, words[i], length)) task.policy = i;
	task.interval = 0;
	if (task.policy == TIMEOUT) duration = text;
	if (task.policy == POLL || task.policy == LEASE) {
		char interval[32];
		const char *timeout = cut(interval, duration, ":");
		task.interval = parse_duration(interval);
		duration = timeout ? timeout : "5s";
	}
	task.least_sleep = MILLISECOND / 2, task.longest_sleep = 3 * MILLISECOND / 2;
	if (task.policy == RETRY && strchr(duration, '-')) {
		char least[32], longest[32];
		const char *timeout = cut(longest, cut(least, duration, "-"), ":");
		task.least_sleep = parse_duration(least), task.longest_sleep = parse_duration(longest);
		duration = timeout ? timeout : "5s";
	}
	task.timeout = parse_duration(duration);
	return task.timeout > 0 && task.interval >= 0 && task.least_sleep >= 0 &&
		task.longest_sleep > task.least_sleep;
}

static bool queues(void) { return task.policy == QUEUE || task.policy == LEASE; }

// is_one_of reports whether a value, up to its colon, is a word of a list.
static bool is_one_of(const char *word, const char *list) {
	char quoted[64];
	snprintf(quoted, sizeof quoted, " %.*s ", (int)strcspn(word, ":"), word);
	return *word && strstr(list, quoted);
}

// read_task reads a task, or sends an error.
static bool read_task(const char *request) {
	const struct { const char *path; char **value; const char *words; } fields[] = {
		{"$.task.database", &task.database, NULL},
		{"$.task.role", &task.role, " writer "},
		{"$.task.scenario.busy", &task.busy, NULL},
		{"$.task.scenario.txn", &task.txn, " auto deferred immediate exclusive upgrade "},
		{"$.task.scenario.sync", &task.sync, " off normal full extra "},
		{"$.task.scenario.conn", &task.conn, " fresh held pool "},
		{"$.task.scenario.queue", &task.queue, " connection transaction "},
		{"$.task.scenario.journal", &task.journal, " delete truncate persist memory wal off "},
		{"$.task.scenario.hold", &task.hold, NULL},
		{"$.task.scenario.think", &task.think, NULL},
		{"$.task.scenario.rate", &task.rate, NULL},
		{"$.task.scenario.checkpoint", &task.checkpoint, NULL},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		free(*fields[i].value);
		*fields[i].value = get(request, fields[i].path);
		if (fields[i].words && !is_one_of(*fields[i].value, fields[i].words)) {
			send_error("bad value \"%s\" of %s", *fields[i].value, fields[i].path);
			return false;
		}
	}
	free(task.pragmas);
	task.pragmas = query("SELECT group_concat('PRAGMA ' || key || '=' || value, ';')"
		" FROM json_each(?1, '$.task.scenario.pragmas')", request, NULL);
	task.batch = get_number(request, "$.task.scenario.batch");
	task.payload = get_number(request, "$.task.scenario.payload");
	char *cpu = strstr(task.hold, ":cpu");
	task.computes = cpu;
	if (cpu) *cpu = 0;
	task.hold_ns = parse_duration(task.hold);
	task.think_ns = parse_duration(task.think);
	if (!parse_busy(task.busy) || task.hold_ns < 0 || task.think_ns < 0 || task.batch < 1 ||
		task.payload < 0) {
		send_error("bad busy, hold, think, batch or payload");
		return false;
	}
	task.fresh = !strcmp(task.conn, "fresh");
	task.queues_connected = queues() && task.fresh && !strcmp(task.queue, "transaction");
	free(padding);
	padding = memset(calloc(1, task.payload + 1), 'x', task.payload);
	padding[task.payload] = 0;
	return true;
}

// The connection.

// poll_again is a busy handler that sleeps for a constant time, until the timeout.
static int poll_again(void *unused, int count) {
	static ns since;
	(void)unused;
	if (count == 0) since = now();
	ns left = task.timeout - (now() - since);
	if (left <= 0) return 0;
	sleep_until(now() + (left < task.interval ? left : task.interval));
	return 1;
}

// wait_again is a busy handler that never ends.
static int wait_again(void *unused, int count) {
	(void)unused;
	sleep_until(now() + (count < 10 ? count + 1 : 100) * (ns)MILLISECOND);
	return 1;
}

static void set_busy(sqlite3 *db) {
	switch (task.policy) {
	case POLL: sqlite3_busy_handler(db, poll_again, NULL); break;
	case BLOCK: sqlite3_busy_handler(db, wait_again, NULL); break;
	case TIMEOUT: case QUEUE: case LEASE: sqlite3_busy_timeout(db, task.timeout / MILLISECOND); break;
	default: sqlite3_busy_timeout(db, 0);
	}
}

static int execute(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, 0, 0, 0); }

// connect_to opens the file, which must exist, with the settings of the task. After an error there
// may be a connection, which has the message.
static int connect_to(sqlite3 **db, bool setup) {
	int rc = sqlite3_open_v2(task.database, db, SQLITE_OPEN_READWRITE, NULL);
	sqlite3_extended_result_codes(*db, 1);
	if (rc) return rc;
	if (setup) sqlite3_busy_timeout(*db, SETUP_TIMEOUT);
	else set_busy(*db);
	char sql[64];
	snprintf(sql, sizeof sql, "PRAGMA synchronous=%s", task.sync);
	if ((rc = execute(*db, sql))) return rc;
	bool of_file = !strcmp(task.journal, "wal") || !strcmp(task.journal, "delete");
	snprintf(sql, sizeof sql, "PRAGMA journal_mode%s%s",
		of_file ? "" : "=", of_file ? "" : task.journal);
	sqlite3_stmt *stmt;
	if ((rc = sqlite3_prepare_v2(*db, sql, -1, &stmt, NULL))) return rc;
	rc = sqlite3_step(stmt);
	bool same = rc == SQLITE_ROW && !strcmp((char *)sqlite3_column_text(stmt, 0), task.journal);
	int finalized = sqlite3_finalize(stmt);
	if (finalized) return finalized;
	if (!same) return SQLITE_ERROR;
	if (!strcmp(task.journal, "wal") && strcmp(task.checkpoint, "auto")) {
		int pages = 0; // with off and the like
		sscanf(task.checkpoint, "auto:%d", &pages);
		sqlite3_wal_autocheckpoint(*db, pages);
	}
	return task.pragmas ? execute(*db, task.pragmas) : 0;
}

// Attempts.

typedef struct {
	ns intended, start, wait_start, end, lock_wait;
	const char *phase;
	int code;
	char *message;
	unsigned char *ids; // of 16 bytes
} outcome;

static ns call_start;  // of the call that an error would end
static ns retry_until; // 0 except with retry

static bool is_lock(int rc) {
	int primary = rc == QUEUE_TIMEOUT ? rc : rc & 0xff;
	return primary == QUEUE_TIMEOUT || primary == SQLITE_BUSY || primary == SQLITE_LOCKED ||
		primary == SQLITE_PROTOCOL;
}

// format_id writes a UUID of version 4 as text.
static void format_id(const unsigned char *id, char text[37]) {
	snprintf(text, 37,
		"%02x%02x%02x%02x-%02x%02x-4%x%02x-%x%x%02x-%02x%02x%02x%02x%02x%02x",
		id[0], id[1], id[2], id[3], id[4], id[5], id[6] & 15, id[7], 8 + (id[8] & 3), id[8] >> 4,
		id[9], id[10], id[11], id[12], id[13], id[14], id[15]);
}

// retry_after reports whether to try again, after a short sleep.
static bool retry_after(int rc, outcome *o) {
	if (!retry_until || !is_lock(rc) || now() >= retry_until) return false;
	if (!o->wait_start) o->wait_start = call_start;
	sleep_until(now() + task.least_sleep + rand() % (task.longest_sleep - task.least_sleep));
	return true;
}

static int run_statement(sqlite3 *db, const char *sql) {
	call_start = now();
	return execute(db, sql);
}

// get_insert returns an INSERT of a row, or of several. A connection keeps both until it is closed.
static int get_insert(sqlite3 *db, bool several, sqlite3_stmt **stmt) {
	static const char *sql[] = {
		"INSERT INTO messages(msg) VALUES (?1 || ?2)",
		"INSERT INTO messages(msg) VALUES (?1 || ?2)"
		" UNION ALL SELECT value || ?2 FROM json_each(?3)",
	};
	for (*stmt = NULL; (*stmt = sqlite3_next_stmt(db, *stmt));)
		if (!strcmp(sqlite3_sql(*stmt), sql[several])) return 0;
	return sqlite3_prepare_v2(db, sql[several], -1, stmt, NULL);
}

static void close_database(sqlite3 *db) {
	for (sqlite3_stmt *stmt; (stmt = sqlite3_next_stmt(db, NULL));) sqlite3_finalize(stmt);
	sqlite3_close(db);
}

// insert inserts rows in one statement.
static int insert(sqlite3 *db, const unsigned char *ids, int count) {
	call_start = now();
	sqlite3_stmt *stmt;
	int rc = get_insert(db, count > 1, &stmt);
	if (rc) return rc;
	char first[37], *rest = malloc(count * 40L + 3), *end = rest;
	format_id(ids, first);
	*end++ = '[';
	for (int i = 1; i < count; i++) {
		if (i > 1) *end++ = ',';
		*end++ = '"';
		format_id(ids + 16 * i, end);
		end += 36;
		*end++ = '"';
	}
	strcpy(end, "]");
	sqlite3_bind_text(stmt, 1, first, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, padding, -1, SQLITE_STATIC);
	if (count > 1) sqlite3_bind_text(stmt, 3, rest, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	rc = sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt); // they point into this call
	free(rest);
	return rc;
}

static void roll_back(sqlite3 *db) {
	if (!sqlite3_get_autocommit(db)) execute(db, "ROLLBACK");
}

// insert_all does everything except COMMIT.
static int insert_all(sqlite3 *db, outcome *o) {
	o->phase = "insert";
	if (!strcmp(task.txn, "auto")) return insert(db, o->ids, task.batch);
	o->phase = "begin";
	roll_back(db); // what is left of the try before
	bool upgrade = !strcmp(task.txn, "upgrade");
	char begin[32];
	snprintf(begin, sizeof begin, "BEGIN %s", upgrade ? "" : task.txn);
	int rc = run_statement(db, begin);
	if (!rc && upgrade) {
		rc = run_statement(db, "SELECT max(rowid) FROM messages");
		sleep_until(now() + MILLISECOND);
	}
	if (rc) return rc;
	o->phase = "insert";
	for (int i = 0; !rc && i < task.batch; i++) rc = insert(db, o->ids + 16 * i, 1);
	if (rc) return rc;
	ns end = now() + task.hold_ns;
	if (task.hold_ns && !task.computes) sleep_until(end);
	while (now() < end) {
	}
	return 0;
}

static int transact(sqlite3 *db, outcome *o) {
	int rc;
	do rc = insert_all(db, o);
	while (retry_after(rc, o));
	if (!rc && !sqlite3_get_autocommit(db)) {
		o->phase = "commit";
		do rc = run_statement(db, "COMMIT");
		while (retry_after(rc, o));
	}
	if (rc && !is_lock(rc)) o->message = strdup(sqlite3_errmsg(db));
	if (rc) roll_back(db);
	return rc;
}

static void expire(int signal) { (void)signal; }

// lock_until waits for the lock of a file until an instant. SIGALRM ends the wait.
static int lock_until(int file, ns until, outcome *o) {
	if (!flock(file, LOCK_EX | LOCK_NB)) return 0;
	if (!o->wait_start) o->wait_start = call_start;
	ns left = until - now();
	if (left < MILLISECOND) left = MILLISECOND;
	// It comes again in case the first one comes before flock.
	struct itimerval timer = {
		.it_interval = {0, 1000}, .it_value = {left / 1000000000, left / 1000 % 1000000},
	}, off = {0};
	setitimer(ITIMER_REAL, &timer, NULL);
	int failed = flock(file, LOCK_EX);
	setitimer(ITIMER_REAL, &off, NULL);
	return failed ? QUEUE_TIMEOUT : 0;
}

// rest gives up the lock file, because there is nothing to write, or because a lease is over.
static void rest(void) {
	if (task.until) flock(task.lock_file, LOCK_UN);
	task.until = 0;
}

// enter_queue waits for the lock file, unless the writer has a lease. To wait for it under
// busy=lease it needs the gate: so it waits behind the next one when it comes again.
static int enter_queue(outcome *o) {
	o->phase = "queue";
	call_start = now();
	if (task.until > call_start) return 0;
	rest();
	ns until = call_start + task.timeout;
	int rc = task.policy == LEASE ? lock_until(task.gate, until, o) : 0;
	if (rc) return rc;
	rc = lock_until(task.lock_file, until, o);
	if (task.policy == LEASE) flock(task.gate, LOCK_UN);
	if (!rc) task.until = now() + task.interval;
	return rc;
}

// leave_queue gives up the lock file, unless the writer has a lease and writes again at once.
static void leave_queue(void) {
	if (task.policy != LEASE || task.think_ns || now() >= task.until) rest();
}

static int queue_and_transact(sqlite3 *db, outcome *o) {
	if (!task.queues_connected) return transact(db, o);
	int rc = enter_queue(o);
	if (rc) return rc;
	rc = transact(db, o);
	leave_queue();
	return rc;
}

static int attempt_once(outcome *o) {
	if (task.db) return transact(task.db, o);
	sqlite3 *db;
	int rc;
	o->phase = "open";
	while (call_start = now(), (rc = connect_to(&db, false))) {
		bool again = retry_after(rc, o);
		if (!again && !is_lock(rc)) o->message = strdup(sqlite3_errmsg(db));
		close_database(db);
		if (!again) return rc;
	}
	rc = queue_and_transact(db, o);
	close_database(db);
	return rc;
}

// attempt inserts a batch of rows in one transaction.
static outcome attempt(ns intended) {
	outcome o = {.intended = intended, .ids = malloc(16 * task.batch)};
	sqlite3_randomness(16 * task.batch, o.ids);
	o.start = now();
	if (o.start < intended) o.start = intended;
	retry_until = task.policy == RETRY ? o.start + task.timeout : 0;
	bool queues_first = queues() && !task.queues_connected;
	if (queues_first) o.code = enter_queue(&o);
	if (!o.code) {
		o.code = attempt_once(&o);
		if (queues_first) leave_queue();
	}
	o.end = now();
	if (is_lock(o.code)) {
		ns since = retry_until ? o.start : call_start;
		if (!o.wait_start) o.wait_start = since;
		// SQLite sleeps for at least a millisecond, so less is no wait.
		o.lock_wait = o.end - since >= MILLISECOND ? o.end - since : 0;
	}
	return o;
}

static void print_unless_0(const char *name, ns value) {
	if (value) printf("\"%s\":%lld,", name, value);
}

static void send_outcome(outcome *o) {
	printf("{\"op\":\"outcome\",\"outcome\":{\"start_ns\":%lld,", o->start);
	print_unless_0("intended_ns", o->intended);
	print_unless_0("wait_start_ns", o->wait_start);
	print_unless_0("lock_wait_ns", o->lock_wait);
	printf("\"end_ns\":%lld,\"phase\":\"%s\",\"code\":%d}", o->end, o->phase, o->code);
	if (o->message) {
		char text[MAX_TEXT];
		snprintf(text, sizeof text, "%s", o->message);
		char *quoted = query("SELECT json_quote(?1)", text, NULL);
		printf(",\"error_message\":%s", quoted);
		free(quoted);
	}
	for (int i = 0; i < task.batch; i++) {
		char id[37];
		format_id(o->ids + 16 * i, id);
		printf("%s\"%s\"", i ? "," : ",\"row_ids\":[", id);
	}
	printf("]}\n");
	free(o->message);
	free(o->ids);
}

// Rounds.

static struct { outcome *all; size_t count, room; } outcomes;

static void keep(outcome o) {
	if (outcomes.count == outcomes.room) {
		outcomes.room = outcomes.room ? 2 * outcomes.room : 1024;
		outcomes.all = realloc(outcomes.all, outcomes.room * sizeof o);
	}
	outcomes.all[outcomes.count++] = o;
}

static ns deadline;

static bool is_late(void) { return now() >= deadline; }
static bool never(void) { return false; }

static void send_counted(void) {
	printf("{\"op\":\"counted\"}\n");
	fflush(stdout);
}

static void think(bool (*over)(void)) {
	if (task.think_ns) sleep_unless(over, now() + task.think_ns);
}

// run_closed makes attempts until the deadline, and then, to keep up the load, until finish.
static void run_closed(bool burst) {
	if (burst) {
		keep(attempt(0));
		rest();
		send_counted();
		return;
	}
	for (; !is_late(); think(is_late)) keep(attempt(0));
	send_counted();
	for (; !has_request(); think(has_request)) keep(attempt(0));
	rest();
}

// run_open makes an attempt for each arrival that it takes from the file that all writers share.
static void run_open(ns release) {
	bool counted = false;
	while (true) {
		unsigned char bytes[8];
		ns intended = 0;
		bool some = read(ARRIVALS, bytes, sizeof bytes) == sizeof bytes;
		for (int i = 7; some && i >= 0; i--) intended = intended << 8 | bytes[i];
		intended = some ? release + intended : INT64_MAX / 2;
		if (!counted && intended >= deadline) {
			counted = true;
			send_counted();
		}
		bool (*over)(void) = counted ? has_request : never;
		if (intended > now()) rest();
		sleep_unless(over, intended);
		if (over()) {
			rest();
			return;
		}
		keep(attempt(intended));
	}
}

// run_streamed sends each outcome before the next attempt begins.
static void run_streamed(bool burst) {
	int attempts = 0;
	for (; burst ? attempts == 0 : !is_late(); think(is_late)) {
		outcome o = attempt(0);
		send_outcome(&o);
		fflush(stdout);
		attempts++;
	}
	printf("{\"op\":\"done\",\"attempts\":%d}\n", attempts);
}

static void close_all(void) {
	if (task.db) close_database(task.db);
	if (task.lock_file >= 0) close(task.lock_file);
	if (task.gate >= 0) close(task.gate);
	task.until = 0;
	task.db = NULL;
	task.lock_file = task.gate = -1;
	task.ready = false;
}

static void run_round(const char *start) {
	ns cpu = cpu_time(), release = get_number(start, "$.release_ns");
	char *mode = get(start, "$.mode");
	bool burst = !strcmp(mode, "burst"), sustained = !strcmp(mode, "sustained");
	deadline = get_number(start, "$.deadline_ns");
	free(mode);
	if (!burst && !sustained) return send_error("start has no mode");
	sleep_until(release);
	if (get_number(start, "$.stream")) {
		run_streamed(burst);
		return close_all();
	}
	outcomes.count = 0;
	if (sustained && strcmp(task.rate, "closed")) run_open(release);
	else run_closed(burst);
	ns attempts_cpu = cpu_time() - cpu;
	char *request = next_request(), *op = get(request, "$.op");
	close_all();
	if (strcmp(op, "finish")) {
		send_error("request %s came in the middle of a round", op);
	} else {
		for (size_t i = 0; i < outcomes.count; i++) send_outcome(&outcomes.all[i]);
		printf("{\"op\":\"done\",\"attempts\":%zu,\"cpu_ns\":%lld,\"attempts_cpu_ns\":%lld}\n",
			outcomes.count, cpu_time() - cpu, attempts_cpu);
	}
	free(request);
	free(op);
}

// open_beside opens a file beside the database.
static int open_beside(const char *ending) {
	char *path = sqlite3_mprintf("%s%s", task.database, ending);
	int file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	sqlite3_free(path);
	return file;
}

static void prepare(const char *request) {
	close_all();
	if (!read_task(request)) return;
	if (queues()) {
		task.lock_file = open_beside("-queue");
		if (task.policy == LEASE) task.gate = open_beside("-queue-gate");
		if (task.lock_file < 0 || task.policy == LEASE && task.gate < 0) {
			send_error("open the lock file: %s", strerror(errno));
			return close_all();
		}
	}
	if (!task.fresh) {
		int rc = connect_to(&task.db, true);
		if (rc) {
			send_error("connect: %s, code %d", sqlite3_errmsg(task.db), rc);
			return close_all();
		}
		set_busy(task.db);
	}
	task.ready = true;
	printf("{\"op\":\"ready\"}\n");
}

static void send_hello(void) {
	char *options = query("SELECT json_group_array(compile_options) FROM pragma_compile_options"
		" WHERE ?1", "1", NULL);
	printf("{\"op\":\"hello\",\"protocol\":%d,\"pid\":%d,\"driver\":{\"name\":\"libsqlite3 in C\","
		"\"sqlite\":\"%s\",\"compile_options\":%s,\"capabilities\":%s}}\n",
		PROTOCOL, getpid(), sqlite3_libversion(), options, capabilities);
	fflush(stdout);
	free(options);
}

int main(void) {
	sigset_t alarm;
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	struct sigaction action = {.sa_handler = expire}; // without SA_RESTART
	sigaction(SIGALRM, &action, NULL);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL); // the new thread inherits that
	pthread_t reader;
	pthread_create(&reader, NULL, read_requests, NULL);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	task.lock_file = task.gate = -1;
	srand(now());
	if (sqlite3_open(":memory:", &json)) return 1;
	for (send_hello();; fflush(stdout)) {
		char *request = next_request(), *op = get(request, "$.op");
		if (!strcmp(op, "prepare")) prepare(request);
		else if (!strcmp(op, "start") && task.ready) run_round(request);
		else send_error("request \"%s\" is unknown or comes before prepare", op);
		free(request);
		free(op);
	}
}
