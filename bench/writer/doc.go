// Package writer is one writer: it connects, makes its attempts, and keeps an outcome of each.
// A goroutine runs it directly; a process runs it behind [Serve], which speaks the line
// protocol below. Both run the same code.
//
// # The line protocol
//
// A writer process reads JSON objects on standard input, one a line, and writes JSON objects on
// standard output, one a line. The "op" of each says what it is. Anything the process prints on
// standard error is shown to the user if it dies.
//
//	from the writer   {"op":"hello","protocol":3,"pid":4711}
//	to the writer     {"op":"prepare","task":{"scenario":{...},"database":"/path","writer":0,"seed":1}}
//	from the writer   {"op":"ready"}
//	to the writer     {"op":"start","at":T,"until":U}
//	from the writer   {"op":"outcome","outcome":{"start":t0,"open":d,"asked":t1,"got":t2,"in":t3,"letgo":t4,"end":t5,"code":0,"phase":"commit"},"rows":["..."]}
//	                  ... one line for each attempt
//	from the writer   {"op":"done","attempts":1,"cpu":1234567}
//
// The writer says hello once, with the version of the protocol and its process id. Then prepare
// and start may follow each other any number of times, with another database each time; done
// means that the writer has closed its connection. In place of ready or done a writer may answer
// {"op":"error","error":"..."}, which ends the benchmark.
//
// The task's scenario holds the axes by name: exec, journal, writers, busy, txn, sync, conn, rows,
// batch and payload, with busy as its word ("none", "block", "5s", "retry", "queue:60s"). The writer
// is the number of this writer in the round, from 0. Row ids are random UUIDs in text form at the head
// of the msg column; a writer in another language may draw them as it likes, seed or not. Under
// busy=queue a writer holds an exclusive flock(2) on the file whose name is the database's with
// "-queue" at its end, from before it touches the database until its last act.
//
// All instants are nanoseconds of CLOCK_MONOTONIC, which all processes of a machine share. The
// writer sleeps until T by itself. With "until" 0 it makes one attempt (a burst); otherwise it
// begins attempts until U has come (a sustained round), and finishes the last.
//
// Of an outcome, start is the writer's first act in the attempt and end is when the caller would have its
// answer; asked is when the writer began to wait for the write lock, got when it had it, in when its rows were in the table
// and the commit began, letgo when it let the lock go, the last three left out where it never came to that.
// Open is how long connecting took and begin how long it took to begin the transaction, both in nanoseconds and
// left out where there was nothing of the kind or it had to wait for a lock. Phase is where the attempt ended (queue, open, begin,
// insert, commit or close), code the extended SQLite result code, 0 where the rows are acknowledged,
// -1 where a queue's bound was over. A lock error has "waited", how long it was waited for in
// nanoseconds. Where the code is neither 0 nor a lock error the line has a "message" beside the
// outcome. The rows are the ids of the attempt, one for each row of the batch, whatever came of them.
//
// In done, cpu is the processor time in nanoseconds that the writer used since start. Where the
// writer held the write lock in tries that failed and were repeated, done has them too, as
// "vain":[{"from":t,"to":t}].
//
// A start with "stream":true asks for each outcome line at once, before the next attempt begins, so that it is known what was
// acknowledged to a writer that is killed. Done has neither cpu nor vain then.
//
// The end of standard input is the end of the writer, at once, whatever it is doing.
package writer
