package bench

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/outcome"
	"busybench/bench/powerloss/disk"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// lossOf returns a cut at the instant 100 with attempts of two rows, whose ids are numbers.
func lossOf(attempts ...outcome.Outcome) *loss {
	l := &loss{at: 100}
	for i, o := range attempts {
		l.attempts = append(l.attempts, attempt{o, []uuid.UUID{rowID(2 * i), rowID(2*i + 1)}})
	}
	return l
}

func rowID(number int) uuid.UUID { return uuid.UUID{15: byte(number + 1)} }

func TestVerdict(t *testing.T) {
	ids := func(numbers ...int) (texts []string) {
		for _, n := range numbers {
			texts = append(texts, rowID(n).String())
		}
		return texts
	}
	inTurn := lossOf(outcome.Outcome{Start: 10, End: 20}, outcome.Outcome{Start: 30, End: 40},
		outcome.Outcome{Start: 50, End: 60})
	atOnce := lossOf(outcome.Outcome{Start: 10, End: 60},
		outcome.Outcome{Start: 20, End: 50, Trace: outcome.Trace{LockAcquired: 30}})
	unknown := lossOf()
	unknown.unknown = 2
	for _, test := range []struct {
		name     string
		loss     *loss
		findings sqlitedb.Findings
		lost     int
		lostTime int64
		damage   string // part of it
	}{
		{"nothing is lost", inTurn, sqlitedb.Findings{}, 0, 0, ""},
		{"the newest is lost", inTurn, sqlitedb.Findings{Lost: ids(4, 5)}, 2, 40, ""},
		{"the two newest are lost", inTurn, sqlitedb.Findings{Lost: ids(2, 3, 4, 5)}, 4, 60, ""},
		{"all are lost", inTurn, sqlitedb.Findings{Lost: ids(0, 1, 2, 3, 4, 5)}, 6, 80, ""},
		{"an older one is lost", inTurn, sqlitedb.Findings{Lost: ids(0, 1)}, 2, 0, "a later one"},
		{"a part is lost", inTurn, sqlitedb.Findings{Lost: ids(5)}, 1, 0, "1 of the 2 rows"},
		{"one of two at once is lost", atOnce, sqlitedb.Findings{Lost: ids(0, 1)}, 2, 40, ""},
		{"the page structure is broken", inTurn,
			sqlitedb.Findings{Integrity: []string{"Page 3: never used"}}, 0, 0, "never used"},
		{"a transaction in flight is there in part", inTurn,
			sqlitedb.Findings{Torn: ids(9)}, 0, 0, "torn"},
		{"an unknown row", inTurn, sqlitedb.Findings{Unexpected: ids(9)}, 0, 0, "unexpected"},
		{"a row of a driver with ids of its own", unknown,
			sqlitedb.Findings{Unexpected: ids(8, 9)}, 0, 0, ""},
		{"more of them than are in flight", unknown,
			sqlitedb.Findings{Unexpected: ids(7, 8, 9)}, 0, 0, "unexpected"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.loss.verdict(test.findings)
			if v.lost != test.lost || v.lostTime != test.lostTime ||
				!strings.Contains(v.damage, test.damage) ||
				(v.damage != "") != (test.damage != "") {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestWhatSQLitePromises(t *testing.T) {
	lost, damaged := verdict{lost: 1}, verdict{damage: "malformed"}
	returned := verdict{returned: 1}
	for _, test := range []struct {
		journal, sync string
		model         disk.Model
		verdict       verdict
		broken        bool
	}{
		{"delete", "extra", disk.All, lost, true},
		{"delete", "full", disk.All, lost, false},
		{"delete", "full", disk.All, damaged, true},
		{"delete", "full", disk.All, returned, true},
		{"delete", "full", disk.None, lost, true},
		{"truncate", "full", disk.All, lost, true},
		{"persist", "normal", disk.Torn, damaged, false},
		{"wal", "full", disk.All, lost, true},
		{"wal", "normal", disk.All, lost, false},
		{"wal", "normal", disk.Torn, damaged, true},
		{"wal", "normal", disk.Torn, returned, true},
		{"wal", "off", disk.Torn, damaged, false},
		{"wal", "off", disk.None, damaged, true},
		{"wal", "off", disk.None, verdict{}, false},
		{"memory", "full", disk.All, damaged, false},
		{"off", "extra", disk.All, lost, false},
	} {
		t.Run(test.journal+" "+test.sync+" "+test.model.String(), func(t *testing.T) {
			s := scenario.Scenario{Journal: test.journal, Sync: test.sync}
			if got := promised(s, test.model).broken(test.verdict); (got != "") != test.broken {
				t.Errorf("%+v breaks %q", test.verdict, got)
			}
		})
	}
}
