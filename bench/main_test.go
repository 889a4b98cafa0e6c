package bench

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/scenario"
	"busybench/bench/scratch"
	"busybench/bench/writer"
)

// The flags are text, because the flag package answers a value that it cannot read itself with
// all of the testing package's flags.
var (
	axesFlag     = flag.String("axes", "", "what to run, as `axis=value[,value] ...`; default "+scenario.Defaults)
	dirFlag      = flag.String("dir", ".", "existing `directory` on the disk to measure; database files go into a fresh one below it")
	roundFlag    = flag.String("round", "1s", "`length` of a sustained round")
	anatomyFlag  = flag.String("anatomy", "", "`file` to write the anatomy of the lock errors into, a JSON object a line for each result")
	timelineFlag = flag.String("timeline", "", "`file` to write the last round of each result into, as trace events for browsers' trace viewers")
	profileFlag  = flag.String("profile", "", "`directory` to write profiles into, of the processor time of every process, writers and this one, and of this one's waits")
	seedFlag     = flag.String("seed", "1", "seed of the row ids, a whole `number`")
)

// The flags of BenchmarkLimit.
var (
	limitFlag       = flag.Bool("limit", false, "run BenchmarkLimit too, which takes minutes")
	limitMaxFlag    = flag.String("limit.max", "1024", "BenchmarkLimit: the largest `number` of writers to try")
	limitRoundsFlag = flag.String("limit.rounds", "5", "BenchmarkLimit: `number` of bursts for each number of writers")
	limitErrorsFlag = flag.String("limit.errors", "0", "BenchmarkLimit: the most lock errors in a burst that passes")
	limitP99Flag    = flag.String("limit.p99", "", "BenchmarkLimit: the longest p99 `duration` of a burst that passes; default any")
	limitTimeFlag   = flag.String("limit.time", "", "BenchmarkLimit: after this `duration` no search is made more precise, so that the rest come soon; default never")
)

// The flags of BenchmarkFaults.
var (
	faultsFlag      = flag.Bool("faults", false, "run BenchmarkFaults too, which kills writers")
	faultsKillsFlag = flag.String("faults.kills", "100", "BenchmarkFaults: kill at least so many writers, a `number`")
	faultsRowsFlag  = flag.String("faults.rows", "100000", "BenchmarkFaults: and go on until so many rows are acknowledged, a `number`")
)

// given is what the flags say, once TestMain has read them.
var given settings

type settings struct {
	axes     scenario.Axes
	work     scratch.WorkDir
	anatomy  *reportFile
	timeline timelines
	profile  profiles
	round    time.Duration
	seed     uint64
	limit    limitSettings
	faults   faultSettings
}

// TestMain makes this program a writer where it was started as one. Otherwise it reads the flags,
// runs, and leaves nothing behind, however it ends.
func TestMain(m *testing.M) {
	if os.Getenv(fleet.WriterVariable) != "" {
		writer.Serve(os.Stdin, os.Stdout, profiledExit())
		return
	}
	flag.Parse()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM) // before there is anything to leave behind
	var err error
	if given, err = readFlags(); err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		os.Exit(2)
	}
	go endOnSignal(signals)
	code := run(m)
	ending.Lock()
	os.Exit(end(code))
}

// ending is held by whoever ends the program: TestMain in the end, or a signal before. The other
// then waits for an exit that is sure to come, and says nothing of what broke meanwhile.
var ending sync.Mutex

// silentIfEnding does not return once a signal is ending the program. Call it before reporting an
// error that may be of that making.
func silentIfEnding() {
	ending.Lock()
	ending.Unlock()
}

// fatal ends a benchmark with an error.
func fatal(b *testing.B, err error) {
	b.Helper()
	silentIfEnding()
	b.Fatal(err)
}

// remove removes the database files, and reports that are not finished.
func (s settings) remove() error {
	s.anatomy.remove()
	s.timeline.remove()
	return s.work.Remove()
}

// end removes what must not be left behind and returns the exit status.
func end(code int) int {
	if err := given.remove(); err != nil {
		fmt.Fprintln(os.Stderr, "busybench: remove database files:", err)
		return max(code, 1)
	}
	return code
}

// run runs what the flags ask for, benchmarks with a header before them. With -bench, tests run
// only where -run names them: otherwise "-bench . -count 10" would run all of them ten times
// first, processes by the hundred.
func run(m *testing.M) int {
	if flag.Lookup("test.bench").Value.String() == "" {
		return m.Run()
	}
	if flag.Lookup("test.run").Value.String() == "" {
		if err := flag.Set("test.run", "^$"); err != nil {
			fmt.Fprintln(os.Stderr, "busybench:", err)
			return 1
		}
	}
	disk, err := printHeader(os.Stdout, *dirFlag, given.work.Path)
	if err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		return 1
	}
	if err := given.profile.start(); err != nil {
		fmt.Fprintln(os.Stderr, "busybench: -profile:", err)
		return 1
	}
	code := m.Run()
	if err := given.profile.finish(); err != nil {
		fmt.Fprintln(os.Stderr, "busybench: -profile:", err)
		code = max(code, 1)
	}
	if err := finishReports(); err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		code = max(code, 1)
	}
	if err := disk.printAfter(os.Stdout); err != nil {
		silentIfEnding()
		fmt.Fprintln(os.Stderr, "busybench:", err)
		return max(code, 1)
	}
	return code
}

// finishReports gives the files that flags asked for their names.
func finishReports() (err error) {
	ending.Lock() // a signal would remove a file that is getting its name
	defer ending.Unlock()
	if err = given.anatomy.finish(); err != nil {
		return fmt.Errorf("-anatomy: %w", err)
	}
	if err = given.timeline.finish(); err != nil {
		return fmt.Errorf("-timeline: %w", err)
	}
	return nil
}

// endOnSignal ends writers and removes database files on SIGINT or SIGTERM, and exits as a shell
// reports a death by that signal.
func endOnSignal(signals <-chan os.Signal) {
	s := <-signals
	ending.Lock()
	fleet.KillAll()
	code := end(128 + int(s.(syscall.Signal)))
	fmt.Fprintf(os.Stderr, "busybench: stopped by a signal (%v)\n", s)
	os.Exit(code)
}
