package main

import (
	"cmp"
	"fmt"
	"strings"

	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

// settings are the values of the axes along which quick compares, as words of the axes. Conn is
// empty if the benchmarks choose it: a new connection for each attempt of a burst, an open one in
// a sustained round.
type settings struct{ journal, txn, busy, conn string }

// matrix is what is measured: today's settings and the usual improvements, in every combination.
type matrix struct {
	scenario scenario.Scenario // of today
	today    settings
	sql      string // path of an SQL file, or empty

	journals, txns, busys, conns []string // the values, today's first
}

// maxWriters limits today's writers. Starting more takes most of the time.
const maxWriters = 500

// settingAxes are the make variables that become axes.
var settingAxes = []struct{ setting, axis string }{
	{"EXEC", "exec"}, {"JOURNAL", "journal"}, {"WRITERS", "writers"}, {"BUSY", "busy"},
	{"TXN", "txn"}, {"BATCH", "batch"},
}

// readMatrix reads today's settings.
func readMatrix(getenv func(string) string) (matrix, error) {
	var words []string
	for _, s := range settingAxes {
		value := getenv(s.setting)
		if s.setting == "TXN" && value == "" && getenv("SQL") != "" {
			value = scenario.Deferred
		}
		value = cmp.Or(value, command.Quick.Default(s.setting))
		if strings.ContainsAny(value, ", ") {
			return matrix{}, fmt.Errorf("%s=%q is more than one value; give today's", s.setting,
				value)
		}
		word := s.axis + "=" + value
		if _, err := scenario.Parse(word); err != nil {
			return matrix{}, fmt.Errorf("%s: %w", s.setting, err)
		}
		words = append(words, word)
	}
	today, err := scenario.Single(strings.Join(words, " "), "conn=held")
	if err != nil {
		return matrix{}, err
	}
	if today.Writers > maxWriters {
		return matrix{}, fmt.Errorf("WRITERS=%d does not fit into a minute; give at most %d, "+
			"or use make bench", today.Writers, maxWriters)
	}
	m := newMatrix(today)
	m.sql = getenv("SQL")
	return m, nil
}

// newMatrix adds the improvements that today's settings lack. BEGIN IMMEDIATE is one only for
// transactions that may read before they write. They are not measured with a queue as well, since
// there is no time for so many combinations.
func newMatrix(today scenario.Scenario) matrix {
	m := matrix{
		scenario: today,
		journals: []string{today.Journal},
		txns:     []string{today.Txn},
		busys:    []string{today.Busy.String()},
		conns:    []string{""},
	}
	if today.Journal != scenario.WAL {
		m.journals = append(m.journals, scenario.WAL)
	}
	reads := today.Txn == scenario.Deferred || today.Txn == scenario.Upgrade
	if reads {
		m.txns = append(m.txns, scenario.Immediate)
	}
	if today.Exec == scenario.Goroutine {
		m.conns = []string{scenario.Held, scenario.Pool}
	}
	switch {
	case today.Busy.Policy == scenario.None:
		m.busys = append(m.busys, scenario.DefaultTimeout.String())
	case today.Busy.Policy != scenario.Queue && today.Exec == scenario.Process && !reads:
		m.busys = append(m.busys, scenario.Queue)
	}
	m.today = m.all()[0]
	return m
}

// all returns every combination, today's first.
func (m matrix) all() (all []settings) {
	for _, journal := range m.journals {
		for _, txn := range m.txns {
			for _, busy := range m.busys {
				for _, conn := range m.conns {
					all = append(all, settings{journal, txn, busy, conn})
				}
			}
		}
	}
	return all
}

// axes returns the value of -axes for the whole matrix.
func (m matrix) axes() string {
	text := m.fixedAxes()
	for _, a := range m.varied() {
		if a.values[0] != "" {
			text += fmt.Sprintf(" %s=%s", a.name, strings.Join(a.values, ","))
		}
	}
	return text
}

// axesOf returns the value of -axes for one combination of a search, which chooses the number of
// writers itself.
func (m matrix) axesOf(s settings) string {
	text := "exec=" + m.scenario.Exec
	if m.scenario.Batch > 1 {
		text += fmt.Sprintf(" batch=%d", m.scenario.Batch)
	}
	text += fmt.Sprintf(" journal=%s txn=%s busy=%s", s.journal, s.txn, s.busy)
	if s.conn != "" {
		text += " conn=" + s.conn
	}
	return text
}

func (m matrix) fixedAxes() string {
	text := fmt.Sprintf("exec=%s writers=%d", m.scenario.Exec, m.scenario.Writers)
	if m.scenario.Batch > 1 {
		text += fmt.Sprintf(" batch=%d", m.scenario.Batch)
	}
	return text
}

type variedAxis struct {
	name   string
	values []string
}

func (m matrix) varied() []variedAxis {
	return []variedAxis{
		{"journal", m.journals}, {"txn", m.txns}, {"busy", m.busys}, {"conn", m.conns},
	}
}

// settingsOf returns the combination that a row measured.
func (m matrix) settingsOf(row snapshot.Row) settings {
	values := map[string]string{}
	for _, a := range m.varied() {
		if a.values[0] != "" {
			values[a.name] = row.Value(a.name)
		}
	}
	return settings{values["journal"], values["txn"], values["busy"], values["conn"]}
}

// changes returns how many values differ.
func (s settings) changes(other settings) (n int) {
	for _, differ := range []bool{
		s.journal != other.journal, s.txn != other.txn, s.busy != other.busy, s.conn != other.conn,
	} {
		if differ {
			n++
		}
	}
	return n
}
