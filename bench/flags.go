package bench

import (
	"fmt"
	"strconv"
	"time"

	"busybench/bench/scenario"
	"busybench/bench/scratch"
)

// longestRound bounds -round, so that a slip of the unit does not run for days.
const longestRound = time.Hour

// readFlags reads the flags, and then makes the files and directories that they name. Nothing is left behind by a flag that is
// wrong. An error names the flag, its value, and what would be right.
func readFlags() (s settings, err error) {
	if s.axes, err = scenario.Parse(*axesFlag); err != nil {
		return s, fmt.Errorf("-axes: %w", err)
	}
	if s.round, err = time.ParseDuration(*roundFlag); err != nil || s.round <= 0 || s.round > longestRound {
		return s, fmt.Errorf("-round: bad length %q; give a duration above 0 and up to %v, such as 1s or 250ms", *roundFlag, longestRound)
	}
	if s.seed, err = strconv.ParseUint(*seedFlag, 10, 64); err != nil {
		return s, fmt.Errorf("-seed: bad number %q; give a whole number from 0 to 18446744073709551615", *seedFlag)
	}
	if s.limit, err = readLimit(); err != nil {
		return s, err
	}
	if s.faults, err = readFaults(); err != nil {
		return s, err
	}
	defer func() {
		if err != nil {
			s.remove()
		}
	}()
	if s.anatomy, err = createReportFile(*anatomyFlag); err != nil {
		return s, fmt.Errorf("-anatomy: %w", err)
	}
	if s.timeline.reportFile, err = createReportFile(*timelineFlag); err != nil {
		return s, fmt.Errorf("-timeline: %w", err)
	}
	if s.work, err = scratch.NewWorkDir(*dirFlag); err != nil {
		return s, fmt.Errorf("-dir: %w", err)
	}
	if s.profile, err = newProfiles(*profileFlag); err != nil {
		return s, fmt.Errorf("-profile: %w", err)
	}
	return s, nil
}

// readLimit reads the flags of BenchmarkLimit.
func readLimit() (l limitSettings, err error) {
	l.wanted = *limitFlag
	err = readNumbers([]numberFlag{
		{"-limit.max", *limitMaxFlag, 1, mostOfLimit, &l.max},
		{"-limit.rounds", *limitRoundsFlag, 1, mostOfLimit, &l.rounds},
		{"-limit.errors", *limitErrorsFlag, 0, mostOfLimit, &l.errors},
	})
	if err != nil {
		return l, err
	}
	for _, f := range []struct {
		name, text string
		into       *time.Duration
	}{
		{"-limit.p99", *limitP99Flag, &l.p99},
		{"-limit.time", *limitTimeFlag, &l.time},
	} {
		if f.text == "" {
			continue
		}
		if *f.into, err = time.ParseDuration(f.text); err != nil || *f.into <= 0 {
			return l, fmt.Errorf("%s: bad duration %q; give one above 0, such as 1s or 250ms", f.name, f.text)
		}
	}
	return l, nil
}

// mostOfLimit bounds what -limit.max and its like take, as the axis writers is bounded.
const mostOfLimit = 1_000_000

// readFaults reads the flags of BenchmarkFaults.
func readFaults() (f faultSettings, err error) {
	f.wanted = *faultsFlag
	return f, readNumbers([]numberFlag{
		{"-faults.kills", *faultsKillsFlag, 1, mostOfFaults, &f.kills},
		{"-faults.rows", *faultsRowsFlag, 0, mostOfFaults, &f.rows},
	})
}

// mostOfFaults bounds what -faults.kills and its like take: the ledger of a round must fit into memory, not that of a run.
const mostOfFaults = 1_000_000_000

// numberFlag is a flag whose value is a whole number.
type numberFlag struct {
	name, text  string
	least, most int
	into        *int
}

func readNumbers(flags []numberFlag) (err error) {
	for _, f := range flags {
		if *f.into, err = strconv.Atoi(f.text); err != nil || *f.into < f.least || *f.into > f.most {
			return fmt.Errorf("%s: bad number %q; give a whole number from %d to %d", f.name, f.text, f.least, f.most)
		}
	}
	return nil
}
