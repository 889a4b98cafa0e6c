package bench

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"time"

	"busybench/bench/drivers"
	"busybench/bench/limit"
	"busybench/bench/scenario"
)

// Options holds the values of the flags.
type Options struct {
	Axes     scenario.Axes
	Dir      string           // existing directory on the disk to measure
	Round    time.Duration    // length of a sustained round
	Seed     uint64           // of the row ids
	Anatomy  string           // file to write, or empty
	Timeline string           // file to write, or empty
	Outcomes string           // file to write, or empty
	Profile  string           // directory to write into, or empty
	Drivers  drivers.Commands // of -driver
	SQL      sqlFile          // of -sql
	Limit    LimitOptions
	Faults   FaultOptions

	PowerLoss PowerLossOptions
}

// LimitOptions say what BenchmarkLimit searches for, when a round passes, and how far to search.
type LimitOptions struct {
	Run    bool
	Over   limit.Over
	Max    int // 0 for the default
	Rounds int
	Errors ErrorBound
	P99    time.Duration // 0 for any
	Time   time.Duration // 0 for no limit
}

// FaultOptions say how long BenchmarkFaults goes on.
type FaultOptions struct {
	Run         bool
	Kills, Rows int
}

// PowerLossOptions say how long BenchmarkPowerLoss goes on.
type PowerLossOptions struct {
	Run        bool
	Cuts, Rows int
}

// Bounds of flags, so that a slip of the unit does not run for days.
const (
	maxRound  = time.Hour
	maxLimit  = 1_000_000     // as the axis writers
	maxFaults = 1_000_000_000 // only a round's ledger must fit into memory, not a run's
)

// RegisterFlags defines the flags. The options hold their values once fs is parsed.
func RegisterFlags(fs *flag.FlagSet) *Options {
	o := &Options{Dir: ".", Round: time.Second, Seed: 1, Drivers: drivers.Commands{}}
	fs.Func("axes", "what to run, as `axis=value[,value] ...` (default "+scenario.Defaults+")",
		func(text string) (err error) {
			if o.Axes, err = scenario.Parse(text); err != nil {
				return err
			}
			return o.Axes.Check()
		})
	fs.StringVar(&o.Dir, "dir", o.Dir, "existing `directory` on the disk to measure")
	durationFlag(fs, &o.Round, "round", "`length` of a sustained round (default 1s)", maxRound)
	fs.Func("seed", "seed of the row ids, a whole `number` (default 1)", o.parseSeed)
	fs.StringVar(&o.Anatomy, "anatomy", "",
		"`file` to write lock errors by kind into, a JSON object a line for each result")
	fs.StringVar(&o.Timeline, "timeline", "",
		"`file` to write the last round of each result into, as trace events")
	fs.StringVar(&o.Outcomes, "outcomes", "",
		"`file` to write every attempt of Burst, Sustained and Open into, as CSV")
	fs.StringVar(&o.Profile, "profile", "",
		"`directory` to write profiles of this process and of every writer process into")
	fs.Func("driver", "program that writes for a value of the axis driver, as `NAME=COMMAND`; it "+
		"speaks the protocol of go doc ./bench/protocol; may be given several times",
		o.Drivers.Add)
	fs.StringVar(&o.SQL.path, "sql", "",
		"SQL `file` whose transactions, reads and checks take the place of the built-in ones in "+
			"Burst, Sustained, Limit and Faults; go doc ./bench/workload describes it")
	o.Limit.register(fs)
	o.Faults.register(fs)
	o.PowerLoss.register(fs)
	return o
}

func (o *Options) parseSeed(text string) (err error) {
	if o.Seed, err = strconv.ParseUint(text, 10, 64); err != nil {
		return errors.New("give a whole number from 0 to 18446744073709551615")
	}
	return nil
}

func (l *LimitOptions) register(fs *flag.FlagSet) {
	l.Rounds = 5
	fs.BoolVar(&l.Run, "limit", false, "run BenchmarkLimit, which takes minutes")
	fs.Func("limit.over",
		"BenchmarkLimit: `what` to search for: writers, whose rounds are bursts, or rate, the "+
			"arrivals per second of sustained rounds (default writers)",
		func(text string) error { return l.Over.UnmarshalText([]byte(text)) })
	numberFlag(fs, &l.Max, "limit.max", fmt.Sprintf("BenchmarkLimit: max `number` of writers "+
		"(default %d), or of arrivals per second (default %d)",
		defaultMax[limit.Writers], defaultMax[limit.Rate]), 1, maxLimit)
	numberFlag(fs, &l.Rounds, "limit.rounds",
		"BenchmarkLimit: `number` of rounds for each number of writers or rate (default 5)",
		1, maxLimit)
	fs.Func("limit.errors", "BenchmarkLimit: max `number` of lock errors in a round that passes, "+
		"or a share of its attempts such as 1% (default 0)", l.Errors.set)
	durationFlag(fs, &l.P99, "limit.p99",
		"BenchmarkLimit: max p99, a `duration`, of a round that passes: of N attempts N/100 may "+
			"take longer, rounded down, so none of up to 99 (default any)", 0)
	durationFlag(fs, &l.Time, "limit.time",
		"BenchmarkLimit: `duration` after which no search is refined (default none)", 0)
}

func (f *FaultOptions) register(fs *flag.FlagSet) {
	f.Kills, f.Rows = 100, 100_000
	fs.BoolVar(&f.Run, "faults", false, "run BenchmarkFaults, which kills writers")
	numberFlag(fs, &f.Kills, "faults.kills",
		"BenchmarkFaults: min `number` of writers to kill (default 100)", 1, maxFaults)
	numberFlag(fs, &f.Rows, "faults.rows",
		"BenchmarkFaults: min `number` of acknowledged rows (default 100000)", 0, maxFaults)
}

func (p *PowerLossOptions) register(fs *flag.FlagSet) {
	p.Cuts, p.Rows = 40, 20_000
	fs.BoolVar(&p.Run, "powerloss", false,
		"run BenchmarkPowerLoss, which cuts the power of a disk in memory; needs /dev/fuse, and "+
			"root or fusermount3")
	numberFlag(fs, &p.Cuts, "powerloss.cuts",
		"BenchmarkPowerLoss: min `number` of cuts (default 40)", 1, maxFaults)
	numberFlag(fs, &p.Rows, "powerloss.rows",
		"BenchmarkPowerLoss: min `number` of acknowledged rows (default 20000)", 0, maxFaults)
}

// durationFlag defines a flag that takes a duration above 0 and, if max is not 0, up to max.
func durationFlag(fs *flag.FlagSet, into *time.Duration, name, usage string, max time.Duration) {
	right := "give a duration above 0, such as 1s or 250ms"
	if max > 0 {
		right = fmt.Sprintf("give a duration above 0 and up to %v, such as 1s or 250ms", max)
	}
	fs.Func(name, usage, func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 || max > 0 && d > max {
			return errors.New(right)
		}
		*into = d
		return nil
	})
}

// numberFlag defines a flag that takes a whole number from min to max.
func numberFlag(fs *flag.FlagSet, into *int, name, usage string, min, max int) {
	fs.Func(name, usage, func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < min || n > max {
			return fmt.Errorf("give a whole number from %d to %d", min, max)
		}
		*into = n
		return nil
	})
}
