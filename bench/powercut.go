package bench

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/powerloss/disk"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// cutPower cuts the power of a disk, and returns an instant before it. What a writer acknowledged
// before that instant reached the disk before the cut: a commit returns when the disk has answered,
// and all processes share the clock. What it acknowledged later may have reached it or not, however
// soon this process reads the acknowledgement.
func cutPower(d *disk.Disk) (at int64, state disk.State) {
	at = clock.Now()
	return at, d.Cut()
}

// attempt is an attempt that ended before the power was cut.
type attempt struct {
	outcome.Outcome
	rows []uuid.UUID
}

// loss is a cut with what was acknowledged before it.
type loss struct {
	at       int64
	attempts []attempt
	ledger   sqlitedb.Ledger
	// inFlight are the transactions that may be in the file or not: of attempts that ended after
	// the cut, or did not end.
	inFlight [][]uuid.UUID
	// unknown is how many rows may be in the file without being in inFlight: those of attempts that
	// a driver with ids of its own has not reported.
	unknown int
}

func (p *powerLoss) newLoss(r outcome.Round, at int64, seed uint64) *loss {
	s := p.rounds.scenario
	l := &loss{at: at, ledger: sqlitedb.Ledger{}}
	for id := range p.base.ledger {
		l.ledger[id] = true
	}
	if s.Driver == scenario.Zombiezen {
		l.inFlight = inFlightRows(r, seed, s.Batch)
	} else {
		l.unknown = s.Writers * s.Batch
	}
	for _, w := range r.Writers {
		for i, o := range w.Outcomes {
			if o.End > at {
				l.inFlight = append(l.inFlight, w.Rows(i))
				continue
			}
			l.attempts = append(l.attempts, attempt{o, w.Rows(i)})
			for _, id := range w.Rows(i) {
				l.ledger[id] = o.Acknowledged()
			}
		}
	}
	return l
}

// verdict is what a cut did to the file under a model.
type verdict struct {
	damage   string // why the file is damaged, empty if it is not
	lost     int    // acknowledged rows
	lostTime int64  // from the acknowledgement of the first of these to the cut, in ns
	returned int    // rows of refused transactions
}

// worse returns the worse of each of two verdicts.
func (v verdict) worse(w verdict) verdict {
	if v.damage == "" {
		v.damage = w.damage
	}
	return verdict{
		v.damage, max(v.lost, w.lost), max(v.lostTime, w.lostTime), max(v.returned, w.returned),
	}
}

// judge judges what each model leaves. What SQLite does not promise is counted, and a broken
// promise is an error.
func (p *powerLoss) judge(l *loss, state disk.State, seed uint64) error {
	result := cutResult{damagedBy: map[disk.Model]bool{}}
	var seen []survivor
	for _, m := range disk.Models {
		next, err := p.survive(l, state.Survivor(m, seed), seen)
		if err != nil {
			return fmt.Errorf("model %v: %w", m, err)
		}
		seen = append(seen, next)
		if broken := promised(p.rounds.scenario, m).broken(next.verdict); broken != "" {
			return fmt.Errorf("model %v: %s", m, broken)
		}
		if next.damage != "" {
			result.damagedBy[m] = true
			p.note(m, next.damage)
		}
		result.verdict = result.worse(next.verdict)
	}
	p.cuts = append(p.cuts, result)
	return nil
}

// note keeps the first damage of a run as an example.
func (p *powerLoss) note(m disk.Model, damage string) {
	if p.example == "" {
		damage = strings.ReplaceAll(damage, "\n", "; ") // a comment is one line
		p.example = fmt.Sprintf("-seed=%d: cut %d, model %v: %s",
			p.rounds.env.Seed, p.rounds.made, m, damage)
	}
}

// survivor is what a model leaves.
type survivor struct {
	files map[string][]byte
	verdict
}

// survive judges the files that a model leaves, unless another model left the same.
func (p *powerLoss) survive(
	l *loss, files map[string][]byte, seen []survivor,
) (next survivor, err error) {
	for _, other := range seen {
		if maps.EqualFunc(files, other.files, bytes.Equal) {
			return other, nil
		}
	}
	v, err := p.recover(l, files)
	return survivor{files, v}, err
}

// recover writes the files that are left to the ordinary disk, lets SQLite recover them, and
// compares the file with the ledger.
func (p *powerLoss) recover(l *loss, files map[string][]byte) (v verdict, err error) {
	dir, err := os.MkdirTemp(p.rounds.env.work.Path, "survivor-")
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for name, content := range files {
		if isIndex(name) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return v, err
		}
	}
	path := filepath.Join(dir, databaseName)
	findings, err := sqlitedb.AuditCopy(path, l.ledger, l.inFlight...)
	if err != nil {
		return verdict{damage: strings.ReplaceAll(err.Error(), path, databaseName)}, nil
	}
	return l.verdict(findings), nil
}

// isIndex reports whether a file is the index of a write-ahead log, which is shared memory. SQLite
// makes a new one after a power loss.
func isIndex(name string) bool { return name == databaseName+"-shm" }
