package bench

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// parseFlags parses the flags. A wrong one gets one line rather than all flags of the testing
// package, which -h prints.
func parseFlags() {
	usage := flag.Usage
	flag.Usage = func() {
		isHelp := func(arg string) bool { return arg == "-h" || strings.HasSuffix(arg, "-help") }
		if slices.ContainsFunc(os.Args[1:], isHelp) {
			usage()
		}
	}
	flag.Parse()
	err := checkPatterns()
	if rest := flag.Args(); err == nil && len(rest) > 0 {
		err = fmt.Errorf("unexpected argument %q; quote axes: -axes 'exec=process writers=8'",
			rest[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		os.Exit(2)
	}
}

// checkPatterns rejects regular expressions at which the testing package would exit, before there
// is anything to clean up.
func checkPatterns() error {
	for _, name := range []string{"bench", "run", "skip"} {
		value := flag.Lookup("test." + name).Value.String()
		for _, pattern := range strings.Split(value, "/") {
			if _, err := regexp.Compile(pattern); err != nil {
				return fmt.Errorf("-%s: bad regular expression %q: %w", name, value, err)
			}
		}
	}
	return nil
}

// run runs what the flags ask for, with a header before the benchmarks, and returns the exit
// status. With -bench, tests run only if -run names them: otherwise "-bench . -count 10" would run
// all tests ten times first, hundreds of processes each.
func run(env *environment, m *testing.M) int {
	if flag.Lookup("test.bench").Value.String() == "" {
		return m.Run()
	}
	if flag.Lookup("test.run").Value.String() == "" {
		if err := flag.Set("test.run", "^$"); err != nil {
			fmt.Fprintln(os.Stderr, "busybench:", err)
			return 1
		}
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
