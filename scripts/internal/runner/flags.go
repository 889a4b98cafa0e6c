package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// statusBadFlags is the exit status of the test binary if its flags are wrong.
const statusBadFlags = 2

// checkFlags lets the test binary check its flags. It lists tests and benchmarks whose names are
// empty, that is none, and so runs none. The error names the settings as the user knows them.
func (s Settings) checkFlags(ctx context.Context, binary string, args []string) error {
	stderr := &head{max: 8 << 10}
	if s.bench == "" { // each step has its own; without any the binary does not check all flags
		args = append(args, "-test.bench=^$")
	}
	cmd := exec.CommandContext(ctx, binary, append(args, "-test.list=^$")...)
	err := execute(ctx, cmd, io.Discard, stderr)
	var exit *exec.ExitError
	switch {
	case err == nil || errors.Is(err, errInterrupted):
		return err
	case errors.As(err, &exit) && exit.ExitCode() == statusBadFlags:
		return errors.New(s.withVariables(withoutPrefix(stderr.String())))
	}
	return failure(err, "the benchmarks", stderr.String())
}

// listTime is how long a binary may take to list a benchmark.
const listTime = 10 * time.Second

// checkBinary rejects a file that does not list one of the benchmarks.
func checkBinary(ctx context.Context, path string) error {
	listing, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	stdout := &head{max: 8 << 10}
	cmd := exec.CommandContext(listing, path, "-test.list=^BenchmarkBurst$")
	err := execute(listing, cmd, stdout, io.Discard)
	if ctx.Err() != nil {
		return err
	}
	lists := slices.Contains(strings.Split(stdout.String(), "\n"), "BenchmarkBurst")
	if err != nil || !lists {
		return notBinary(path)
	}
	return nil
}

// withoutPrefix returns what the test binary printed without its name in front.
func withoutPrefix(stderr string) string {
	return strings.TrimPrefix(strings.TrimSpace(stderr), "busybench: ")
}

// invalidValue and flagPrefix match errors about a flag, of the flag package and of the benchmarks.
var (
	invalidValue = regexp.MustCompile(`^invalid value (".*") for flag -(\S+): `)
	flagPrefix   = regexp.MustCompile(`^-([a-z0-9.]+): `)
)

// withVariables replaces the flag that an error is about by the make variable for it.
func (s Settings) withVariables(text string) string {
	if m := invalidValue.FindStringSubmatch(text); m != nil {
		if name := s.variable(m[2]); name != "" {
			return fmt.Sprintf("bad %s %s: %s", name, m[1], text[len(m[0]):])
		}
	}
	if m := flagPrefix.FindStringSubmatch(text); m != nil {
		if name := s.variable(m[1]); name != "" {
			return name + ": " + text[len(m[0]):]
		}
	}
	return text
}

// variable returns the make variable for a flag, or an empty text if there is none.
func (s Settings) variable(flag string) string {
	for _, o := range s.config.Options {
		if strings.TrimPrefix(o.Flag, "-") == flag {
			return o.Name
		}
	}
	return map[string]string{
		"dir": "DIR", "axes": "AXES", "round": "ROUND", "seed": "SEED", "bench": "BENCH",
		"driver": "DRIVER", "sql": "SQL",
	}[flag]
}
