// Package workload reads SQL files: a schema, and transactions of the user's own that take the
// place of the built-in insert.
//
// A file is SQL in sections. A section begins with a line that is a comment of one word:
//
//	-- connect   run on each new connection of a writer or reader, such as PRAGMA foreign_keys=on
//	-- setup     schema and data, run once for each fresh file
//	-- write     one transaction; several sections are chosen by weight (-- write weight=3)
//	-- read      what a reader runs, in one transaction
//	-- check     queries after the round, whose rows have two columns that must be equal
//
// Each file has one -- write section or more; the others may be left out. Several sections of one
// kind are run one after the other, except for -- write. All other comments are comments.
//
// No section begins or ends a transaction: the axis txn says how a transaction begins. Since it has
// several statements, txn=auto is as txn=immediate. The last statement inserts the row of the
// ledger. With batch=N a transaction runs a -- write section and this statement N times.
//
// # Parameters
//
// Parameters are those of SQLite, which takes the parentheses as a part of the name. They have no
// spaces:
//
//	:id           the id of the ledger's row, a UUID, the same in a whole -- write section
//	:n            number of the run of a section by this writer or reader, from 0
//	:random(A,B)  a whole number from A to B, each equally often
//	:zipf(A,B)    a whole number from A to B, the smallest most often (exponent 1.1)
//	:text(N)      N random letters, digits, _ and -
//	:NAME         the column NAME of an earlier statement of the section
//	:acknowledged in -- check: number of runs of -- write sections that were acknowledged
//
// A parameter that stands twice in a statement has one value in both places. Another statement
// draws anew. To use a drawn value in several statements, select it:
//
//	SELECT :random(1,1000) AS account;
//
// The columns of a statement's first row, of a SELECT or a RETURNING clause, are parameters of the
// statements that follow in the section, by their names; NULL if there was no row. Draws follow
// from the id, and so from -seed; those of readers from -seed alone.
//
// # Retries
//
// Under busy=retry a transaction that met a lock is rolled back and run again, with the same draws.
// With "-- write retry=writes" the statements that only read are not run again, and what they had
// read is used. Many programs make this mistake, and lose updates by it.
package workload
