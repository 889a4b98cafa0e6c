// Package readcheck checks what a reader sees of the built-in table.
//
// The checks follow from what writers do: each transaction adds a batch of rows of one length, and
// no row is ever changed or deleted. So rowids have no gaps, and the largest one is the number of
// rows.
package readcheck

import (
	"fmt"

	"github.com/google/uuid"

	"busybench/bench/scenario"
)

// Checker checks the reads of one reader, in their order. Make one with [New].
type Checker struct {
	rows, batch int64 // of the scenario
	bulk        int64 // rows that an intruder may add once
	length      int64 // of a row, in bytes
	seen        int64 // rows in the last read
}

// New returns a checker of reads in a round of a scenario.
func New(s scenario.Scenario) *Checker {
	return &Checker{
		rows: int64(s.Rows), batch: int64(s.Batch), bulk: int64(s.Intruder.Rows),
		length: int64(len(uuid.Nil.String()) + s.Payload),
	}
}

// Choose returns the rowid of a row that was seen before, or 0 if there is none. draw returns a
// random number from 0 to below n.
func (c *Checker) Choose(draw func(n int64) int64) int64 {
	if c.seen == 0 {
		return 0
	}
	return 1 + draw(c.seen)
}

// CheckPoint checks a read of the row that [Checker.Choose] returned, of some bytes, in a table
// with a number of rows.
func (c *Checker) CheckPoint(row, bytes, rows int64) error {
	if err := c.checkRows(rows); err != nil {
		return err
	}
	if row > 0 && bytes != c.length {
		return fmt.Errorf("read check: row %d has %d bytes, not %d", row, bytes, c.length)
	}
	return nil
}

// CheckScan checks a number of rows, which have some bytes together, and the number of rows that a
// later statement of the same transaction sees.
func (c *Checker) CheckScan(rows, bytes, later int64) error {
	if bytes != rows*c.length {
		return fmt.Errorf("read check: %d rows have %d bytes, not %d each", rows, bytes, c.length)
	}
	return c.CheckSnapshot(rows, later)
}

// CheckSnapshot checks the numbers of rows that two statements of one transaction see.
func (c *Checker) CheckSnapshot(first, second int64) error {
	if first != second {
		return fmt.Errorf("read check: one transaction sees %d rows, and then %d", first, second)
	}
	return c.checkRows(first)
}

// checkRows checks a number of rows.
func (c *Checker) checkRows(rows int64) error {
	if before := max(c.rows, c.seen); rows < before {
		return fmt.Errorf("read check: %d rows, fewer than the %d before", rows, before)
	}
	added := rows - c.rows
	torn := added % c.batch
	if torn != 0 && c.bulk > 0 && added >= c.bulk {
		torn = (added - c.bulk) % c.batch
	}
	if torn != 0 {
		return fmt.Errorf("read check: %d rows, which has %d of a transaction of %d",
			rows, torn, c.batch)
	}
	c.seen = rows
	return nil
}
