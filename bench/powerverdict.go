package bench

import (
	"cmp"
	"fmt"

	"busybench/bench/powerloss/disk"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// verdict judges what an audit found.
func (l *loss) verdict(f sqlitedb.Findings) verdict {
	v := verdict{lost: len(f.Lost), returned: len(f.Rejected)}
	damage := f
	damage.Lost, damage.Rejected = nil, nil
	if len(f.Unexpected) <= l.unknown {
		damage.Unexpected = nil
	}
	if err := damage.Err(); err != nil {
		v.damage = err.Error()
		return v
	}
	v.lostTime, v.damage = l.order(f.Lost)
	return v
}

// order returns the time between the first acknowledgement that was lost and the cut. A file is
// damaged if it lacks a row of a transaction that it has in part, or has a transaction that got
// the write lock after the end of one that it lacks: SQLite promises that the newest ones are lost.
func (l *loss) order(lostRows []string) (sinceFirst int64, damage string) {
	if len(lostRows) == 0 {
		return 0, ""
	}
	lost := map[string]bool{}
	for _, id := range lostRows {
		lost[id] = true
	}
	firstEnd, lastStart := l.at, int64(0)
	for _, a := range l.attempts {
		if !a.Acknowledged() {
			continue
		}
		n := 0
		for _, id := range a.rows {
			if lost[id.String()] {
				n++
			}
		}
		switch n {
		case 0:
			lastStart = max(lastStart, cmp.Or(a.LockAcquired, a.Start))
		case len(a.rows):
			firstEnd = min(firstEnd, a.End)
		default:
			return 0, fmt.Sprintf("%d of the %d rows of a transaction are lost", n, len(a.rows))
		}
	}
	if lastStart >= firstEnd {
		return 0, "a transaction is lost, and a later one is not"
	}
	return l.at - firstEnd, ""
}

// promise is what SQLite's documentation promises for a power loss
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
type promise struct{ durable, consistent bool }

// promised returns the promise for a scenario. With journal=delete a commit is the removal of the
// journal, which only sync=extra makes durable. A cut that loses nothing breaks nothing.
func promised(s scenario.Scenario, m disk.Model) promise {
	switch {
	case m == disk.None:
		return promise{durable: true, consistent: true}
	case s.Journal == scenario.Off || s.Journal == scenario.Memory || s.Sync == "off":
		return promise{}
	case s.Sync == "normal":
		return promise{consistent: s.Journal == scenario.WAL}
	}
	return promise{durable: s.Journal != scenario.Delete || s.Sync == "extra", consistent: true}
}

// broken says which promise a verdict breaks, if any.
func (p promise) broken(v verdict) string {
	switch {
	case p.consistent && v.damage != "":
		return v.damage
	case p.durable && v.lost > 0:
		return fmt.Sprintf("%d acknowledged rows are lost", v.lost)
	case p.consistent && v.returned > 0:
		return fmt.Sprintf("%d rows of refused transactions are in the file", v.returned)
	}
	return ""
}
