package bench

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/bench/pattern"
	"busybench/bench/powerloss/mount"
)

// parseFlags parses the flags. A wrong one gets one line rather than all flags of the testing
// package, which -h prints.
func parseFlags() *Options {
	options := RegisterFlags(flag.CommandLine)
	flag.Usage = func() {
		isHelp := func(arg string) bool { return arg == "-h" || strings.HasSuffix(arg, "-help") }
		if slices.ContainsFunc(os.Args[1:], isHelp) {
			printHelp(os.Stderr)
		}
	}
	flag.Parse()
	err := checkPatterns()
	if err == nil && value("bench") != "" && runsNoTest() {
		err = options.checkBench()
	}
	if rest := flag.Args(); err == nil && len(rest) > 0 {
		err = fmt.Errorf("unexpected argument %q; quote axes: -axes 'exec=process writers=8'",
			rest[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		os.Exit(2)
	}
	return options
}

// printHelp prints the flags, those of the testing package last.
func printHelp(out io.Writer) {
	own, others := &flag.FlagSet{}, &flag.FlagSet{}
	own.SetOutput(out)
	others.SetOutput(out)
	flag.VisitAll(func(f *flag.Flag) {
		fs := own
		if strings.HasPrefix(f.Name, "test.") {
			fs = others
		}
		fs.Var(f.Value, f.Name, f.Usage)
		fs.Lookup(f.Name).DefValue = f.DefValue // the value may have been set
	})
	fmt.Fprintf(out, "usage: go test -bench PATTERN ./bench [flags], "+
		"or %s -test.bench PATTERN [flags]\n\nbenchmarks: %s\n\nflags:\n",
		filepath.Base(os.Args[0]), strings.Join(benchmarkNames, ", "))
	own.PrintDefaults()
	fmt.Fprintln(out, "\nflags of the testing package, without \"test.\" for go test:")
	others.PrintDefaults()
}

// value returns the value of a flag of the testing package.
func value(name string) string { return flag.Lookup("test." + name).Value.String() }

// runsNoTest reports whether -run selects no test. With -bench that is its default, see run.
func runsNoTest() bool { return value("run") == "" || value("run") == "^$" }

// lists reports whether the names of tests and benchmarks are to be printed, and nothing to be run.
func lists() bool { return value("list") != "" }

// checkPatterns rejects regular expressions at which the testing package would exit, before there
// is anything to clean up.
func checkPatterns() error {
	for _, name := range []string{"bench", "run", "skip"} {
		if _, err := pattern.Parse(value(name)); err != nil {
			return fmt.Errorf("-%s: bad regular expression %q: %w", name, value(name), err)
		}
	}
	return nil
}

// checkBench rejects a value of -bench that would run no benchmark.
func (o *Options) checkBench() error {
	given := map[string]bool{
		"limit": o.Limit.Run, "faults": o.Faults.Run, "powerloss": o.PowerLoss.Run,
	}
	if err := checkSelection(value("bench"), given); err != nil {
		return fmt.Errorf("-bench: %w", err)
	}
	if o.Limit.Run {
		if err := o.Limit.checkRate(value("bench"), o.Axes); err != nil {
			return err
		}
	}
	if err := o.SQL.read(); err != nil {
		return fmt.Errorf("-sql: %w", err)
	}
	if err := o.SQL.checkBenchmarks(value("bench")); err != nil {
		return err
	}
	if o.PowerLoss.Run {
		if err := mount.Check(); err != nil {
			return fmt.Errorf("-powerloss: %w", err)
		}
	}
	return checkTakers(value("bench"), o.Axes)
}

// run runs what the flags ask for, with a header before the benchmarks, and returns the exit
// status. With -bench, tests run only if -run names them: otherwise "-bench . -count 10" would run
// all tests ten times first, hundreds of processes each.
func run(env *environment, m *testing.M) int {
	if value("bench") == "" || lists() {
		return m.Run()
	}
	if err := setTestFlags(env); err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		return 1
	}
	after, err := before(env)
	if err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		return 1
	}
	code := m.Run()
	if err := after(); err != nil {
		waitIfExiting()
		fmt.Fprintln(os.Stderr, "busybench:", err)
		code = max(code, 1)
	}
	return code
}

// setTestFlags sets flags of the testing package that were not given: no tests, and one iteration
// of each benchmark.
func setTestFlags(env *environment) error {
	if value("run") == "" {
		if err := flag.Set("test.run", "^$"); err != nil {
			return err
		}
	}
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.benchtime" })
	if env.fixedRounds = !given; given {
		return nil
	}
	return flag.Set("test.benchtime", "1x")
}

// before prints the header and starts profiles. It returns what is to be done after the benchmarks.
func before(env *environment) (after func() error, err error) {
	machine, err := printHeader(os.Stdout, env)
	if err != nil {
		return nil, err
	}
	if err := env.profile.start(); err != nil {
		return nil, fmt.Errorf("-profile: %w", err)
	}
	return func() error {
		profileErr := env.profile.finish()
		if profileErr != nil {
			profileErr = fmt.Errorf("-profile: %w", profileErr)
		}
		exitMu.Lock() // a signal would remove a file that is just being renamed
		reportErr := env.finishReports()
		exitMu.Unlock()
		return errors.Join(profileErr, reportErr, machine.printAfter(os.Stdout))
	}, nil
}
