// Package protocol is the line protocol between the benchmark, which is the parent, and writer
// processes. Any program that speaks it can be a writer.
//
// A writer reads requests from standard input and writes responses to standard output. Each is a
// JSON object on a line of its own, and its "op" says what it is. What a writer prints on standard
// error is shown to the user if the writer exits unexpectedly.
//
//	from the writer   {"op":"hello","protocol":4,"pid":4711}
//	to the writer     {"op":"prepare","task":{"scenario":{...},"database":"/path","writer":0,"seed":1}}
//	from the writer   {"op":"ready"}
//	to the writer     {"op":"start","mode":"burst","release_ns":T}
//	from the writer   {"op":"outcome","outcome":{...},"row_ids":["..."]}
//	                  ... one line for each attempt
//	from the writer   {"op":"done","attempts":1,"cpu_ns":1234567}
//
// # Order
//
// The writer sends hello once, with the version of the protocol and its process id. Then prepare
// and start follow each other any number of times, with a new database each time. After done the
// writer has closed its connection. Instead of ready or done a writer may send
// {"op":"error","error":"..."}, which ends the benchmark.
//
// At the end of standard input the writer exits at once, whatever it is doing.
//
// # Task
//
// The scenario of a task holds the axes by name: exec, journal, writers, busy, txn, sync, conn,
// rows, batch and payload. Busy is the axis's word: "none", "block", "5s", "retry", "queue:60s".
// "writer" is the number of this writer in the round, from 0.
//
// Each row's msg column starts with the row id, a random UUID in text form. A writer in another
// language may draw ids as it likes and ignore the seed. Under busy=queue a writer holds an
// exclusive flock(2) on the lock file, which is named after the database with "-queue" appended,
// from before it opens the database until its last act.
//
// # Start
//
// All instants are nanoseconds of CLOCK_MONOTONIC, which all processes of a machine share. The
// writer itself sleeps until release_ns. In mode "burst" it makes one attempt. In mode "sustained"
// it begins attempts until deadline_ns and finishes the last one. With "stream":true it sends each
// outcome before it begins the next attempt, so that the parent knows what was acknowledged to a
// writer that is killed. Otherwise it keeps all outcomes until the round is over.
//
// # Outcome
//
// An outcome describes one attempt:
//
//	start_ns           the writer's first act in the attempt
//	open_duration_ns   how long connecting took, if it did not wait for a lock
//	begin_duration_ns  how long the transaction took to begin, if it did not wait for a lock
//	wait_start_ns      when the writer began to wait for the write lock
//	lock_acquired_ns   when it had the write lock
//	commit_start_ns    when its rows were in the table and the commit began
//	lock_released_ns   when it released the write lock
//	end_ns             when the caller had its answer
//	lock_wait_ns       how long a lock error was waited for
//	phase              where the attempt ended: queue, open, begin, insert, commit or close
//	code               the extended SQLite result code; 0 if the rows are acknowledged, -1 if the
//	                   queue timed out
//
// Durations are in nanoseconds. A field whose value is 0 or unknown is left out, except start_ns,
// end_ns, phase and code. "row_ids" lists the ids of the attempt, one for each row of the batch,
// whether the attempt succeeded or not. If the code is neither 0 nor a lock error, the line has
// SQLite's text as "error_message".
//
// # Done
//
// "attempts" counts the outcome lines. "cpu_ns" is the processor time that the writer used since
// start. "failed_holds" lists the times in which the writer held the write lock in a transaction
// that failed and was retried within an attempt, as {"from_ns":T,"to_ns":T}. After a start with
// "stream" done has neither.
package protocol
