package bench

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/powerloss/disk"
	"busybench/bench/powerloss/mount"
	"busybench/bench/scenario"
)

// powerLoss counts what cuts of the power left.
type powerLoss struct {
	rounds *rounds
	point  *mount.Point
	base   database // each cut begins with a copy of it
	files  map[string][]byte

	attempts   int
	lockErrors int
	rows       int // acknowledged
	cuts       []cutResult
	example    string  // of damage
	rate       float64 // inserts per second on the ordinary disk
}

// cutResult is the worst that the models made of a cut.
type cutResult struct {
	verdict
	damagedBy map[disk.Model]bool
}

// runPowerLoss cuts the power of a disk under load until there are enough cuts and rows.
func runPowerLoss(env *environment, s scenario.Scenario) (p *powerLoss, err error) {
	if p, err = newPowerLoss(env, s); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if p.rate, err = ordinaryRate(env, s); err != nil {
		return nil, err
	}
	return p, p.run(env)
}

// newPowerLoss makes the database that each cut begins with, and a directory to mount a disk at.
func newPowerLoss(env *environment, s scenario.Scenario) (*powerLoss, error) {
	r, err := newRounds(env, s, outcome.Sustained)
	if err != nil {
		return nil, err
	}
	p := &powerLoss{rounds: r}
	if err := p.prepare(); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *powerLoss) prepare() (err error) {
	env := p.rounds.env
	p.base, err = createDatabase(nil, env.work.Path, p.rounds.scenario, roundSeed(env.Seed, 0))
	if err != nil {
		return err
	}
	if p.files, err = readFiles(p.base.dir); err != nil {
		return err
	}
	p.point, err = mount.NewPoint(p.base.dir + ".disk")
	return err
}

func (p *powerLoss) close() error {
	errs := []error{p.rounds.fleet.Close()}
	if p.base.dir != "" {
		p.base.remove()
	}
	if p.point != nil {
		errs = append(errs, p.point.Close())
	}
	return errors.Join(errs...)
}

// maxIdle is how many cuts in a row may find nothing acknowledged. A moment can be right after the
// release.
const maxIdle = 20

// run cuts the power until there are enough cuts and rows.
func (p *powerLoss) run(env *environment) error {
	r, idle := p.rounds, 0
	for len(p.cuts) < env.PowerLoss.Cuts || p.rows < env.PowerLoss.Rows {
		before := p.rows
		r.made++
		if err := p.cut(roundSeed(env.Seed, r.made)); err != nil {
			return fmt.Errorf("cut %d of -seed=%d: %w", r.made, env.Seed, err)
		}
		if idle++; p.rows > before {
			idle = 0
		}
		if idle == maxIdle {
			return fmt.Errorf("%w in %d rounds of up to %v; give a longer -round",
				errNothingWritten, idle, r.length)
		}
	}
	return nil
}

// ordinaryRound is the length of the round that measures what the ordinary disk takes.
const ordinaryRound = time.Second

// ordinaryRate returns how many rows a second the same writers insert on the disk of -dir.
func ordinaryRate(env *environment, s scenario.Scenario) (rate float64, err error) {
	local := *env
	local.Round = ordinaryRound
	r, err := newRounds(&local, s, outcome.Sustained)
	if err != nil {
		return 0, err
	}
	defer r.fleet.Close()
	round, err := r.next()
	if err != nil {
		return 0, fmt.Errorf("round on the ordinary disk: %w", err)
	}
	rows := 0
	for _, w := range round.Writers {
		for i, o := range round.Counted(w) {
			if o.Acknowledged() {
				rows += len(w.Rows(i))
			}
		}
	}
	return float64(rows) / time.Duration(round.Length()).Seconds(), nil
}

// readFiles returns the content of all files of a directory, by name.
func readFiles(dir string) (files map[string][]byte, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files = map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// cut makes a round that ends when the power is cut, and judges what that leaves.
func (p *powerLoss) cut(seed uint64) error {
	d := p.newDisk()
	var at int64
	var state disk.State
	round, err := p.load(d, seed, moment(seed, p.rounds.length), func() { at, state = cutPower(d) })
	if err != nil {
		return err
	}
	l := p.newLoss(round, at, seed)
	p.add(l)
	return p.judge(l, state, seed)
}

// newDisk returns a disk with the database, durable.
func (p *powerLoss) newDisk() *disk.Disk {
	d := disk.New()
	for name, content := range p.files {
		d.Add(name, content)
	}
	return d
}

// load makes a round of writers on a disk, at the end of which it calls atEnd and kills them.
func (p *powerLoss) load(
	d *disk.Disk, seed uint64, length time.Duration, atEnd func(),
) (outcome.Round, error) {
	if err := p.point.Mount(d); err != nil {
		return outcome.Round{}, err
	}
	plan := p.rounds.plan(seed)
	plan.Task.Database, plan.Length = filepath.Join(p.point.Path, databaseName), length
	round, err := p.rounds.fleet.RoundWithKills(fleet.KillPlan{Plan: plan, AtEnd: atEnd})
	return round.Round, errors.Join(err, p.point.Unmount())
}

// moment draws when the power is cut, from the release of the writers.
func moment(seed uint64, length time.Duration) time.Duration {
	return time.Duration(1 + rand.New(rand.NewPCG(seed, 0)).Int64N(int64(length)))
}

func (p *powerLoss) add(l *loss) {
	for _, a := range l.attempts {
		p.attempts++
		switch {
		case a.Acknowledged():
			p.rows += len(a.rows)
		case a.LockError():
			p.lockErrors++
		}
	}
}

func (p *powerLoss) metrics() []metrics.Metric {
	var lostRows, lostTimes []int64
	var lostCuts, damaged, returned int
	by := map[disk.Model]int{}
	for _, c := range p.cuts {
		lostRows = append(lostRows, int64(c.lost))
		lostTimes = append(lostTimes, c.lostTime)
		returned += c.returned
		if c.lost > 0 {
			lostCuts++
		}
		if c.damage != "" {
			damaged++
		}
		for m := range c.damagedBy {
			by[m]++
		}
	}
	return []metrics.Metric{
		{Unit: metrics.NsPerOp, Value: 0}, // hides the testing package's own
		{Unit: metrics.InsertsPerSecond, Value: p.rate},
		{Unit: metrics.Cuts, Value: float64(len(p.cuts))},
		{Unit: metrics.Attempts, Value: float64(p.attempts)},
		{Unit: metrics.LockErrors, Value: float64(p.lockErrors)},
		{Unit: metrics.AckedRows, Value: float64(p.rows)},
		{Unit: metrics.LostCuts, Value: float64(lostCuts)},
		{Unit: metrics.LostP50, Value: metrics.Median(lostRows)},
		{Unit: metrics.LostMax, Value: float64(metrics.Quantile(lostRows, 1))},
		{Unit: metrics.LostTimeP50, Value: metrics.Median(lostTimes)},
		{Unit: metrics.LostTimeMax, Value: float64(metrics.Quantile(lostTimes, 1))},
		{Unit: metrics.DamagedCuts, Value: float64(damaged)},
		{Unit: metrics.DamagedAll, Value: float64(by[disk.All])},
		{Unit: metrics.DamagedRandom, Value: float64(by[disk.Random])},
		{Unit: metrics.DamagedTorn, Value: float64(by[disk.Torn])},
		{Unit: metrics.DamagedMetadata, Value: float64(by[disk.Metadata])},
		{Unit: metrics.ReturnedRows, Value: float64(returned)},
	}
}
