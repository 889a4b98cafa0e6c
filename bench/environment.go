package bench

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/scratch"
	"busybench/bench/sqlitedb"
)

// environment is the options of a run with the files and directories that they name. Benchmarks get
// it from TestMain and pass it on.
type environment struct {
	Options
	work     scratch.WorkDir
	anatomy  *reportFile
	timeline timelines
	outcomes outcomesFile
	profile  profiles
	programs programs

	fixedRounds bool // -benchtime is not given
}

// roundsPerIteration returns how many rounds an iteration of a benchmark makes.
func (env *environment) roundsPerIteration(m outcome.Mode) int {
	if env.fixedRounds {
		return defaultRounds[m]
	}
	return 1
}

// defaultRounds is how many rounds a benchmark makes if -benchtime is not given. The number is
// fixed: if the time decided, a row whose first round is slow would consist of that round, and a
// fast row of many.
var defaultRounds = map[outcome.Mode]int{
	outcome.Burst: 5, outcome.Sustained: 1, outcome.ColdStart: 5,
}

// newEnvironment creates the files and directories that the options name. If one of them is wrong
// it leaves nothing behind, and the error names the flag, its value, and what would be right.
func newEnvironment(o Options) (*environment, error) {
	if err := host.CheckProc(); err != nil {
		return nil, err
	}
	if err := o.checkPaths(); err != nil {
		return nil, err
	}
	env := &environment{Options: o}
	if err := env.create(); err != nil {
		return nil, errors.Join(err, env.remove())
	}
	return env, nil
}

func (env *environment) create() (err error) {
	if env.anatomy, err = createReportFile(env.Anatomy); err != nil {
		return fmt.Errorf("-anatomy: %w", err)
	}
	if env.timeline.reportFile, err = createReportFile(env.Timeline); err != nil {
		return fmt.Errorf("-timeline: %w", err)
	}
	if env.outcomes, err = createOutcomesFile(env.Outcomes); err != nil {
		return fmt.Errorf("-outcomes: %w", err)
	}
	if env.work, err = scratch.NewWorkDir(env.Dir); err != nil {
		return fmt.Errorf("-dir: %w", err)
	}
	if err = env.checkPragmas(); err != nil {
		return fmt.Errorf("-axes: %w", err)
	}
	if env.programs, err = startDrivers(env.Axes, env.Drivers, selects("Open")); err != nil {
		return err
	}
	if err = env.SQL.check(env.Axes, env.programs); err != nil {
		return err
	}
	if env.profile, err = newProfiles(env.Profile); err != nil {
		return fmt.Errorf("-profile: %w", err)
	}
	return nil
}

// checkPragmas rejects pragmas that have no effect, before anything is measured with them.
func (env *environment) checkPragmas() error {
	checked := map[scenario.Pragmas]bool{"": true}
	axes := env.Axes.WithDefaults("conn=held").WithDefaults(scenario.Defaults)
	for _, c := range axes.Cases() {
		if checked[c.Pragmas] {
			continue
		}
		checked[c.Pragmas] = true
		db, err := newDatabase(env.work.Path, c.Scenario, env.Seed)
		if err != nil {
			return err
		}
		conn, err := sqlitedb.Connect(db.path, c.Scenario)
		if err == nil {
			err = conn.Close()
		}
		db.remove()
		if err != nil {
			return err
		}
	}
	return nil
}

// path is the value of a flag that names a file or directory.
type path struct{ flag, value string }

// checkPaths rejects paths that would break the lines of a result file, and one file for two
// reports.
func (o Options) checkPaths() error {
	reports := []path{
		{"-anatomy", o.Anatomy}, {"-timeline", o.Timeline}, {"-outcomes", o.Outcomes},
	}
	for _, p := range append([]path{{"-dir", o.Dir}, {"-profile", o.Profile}}, reports...) {
		if strings.ContainsFunc(p.value, unicode.IsControl) {
			return fmt.Errorf("%s: %q has a control character; give a path without one",
				p.flag, p.value)
		}
	}
	for i, p := range reports {
		for _, other := range reports[:i] {
			if p.value != "" && other.value != "" && sameFile(p.value, other.value) {
				return fmt.Errorf("%s and %s name the same file; give each its own",
					other.flag, p.flag)
			}
		}
	}
	return nil
}

// sameFile reports whether two paths name one file, whether it exists or not.
func sameFile(a, b string) bool { return resolve(a) == resolve(b) }

// resolve makes a path absolute and follows symbolic links in it, as far as it exists.
func resolve(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path))
	}
	return path
}

// remove removes the database files, and reports that are not finished.
func (env *environment) remove() error {
	env.anatomy.remove()
	env.timeline.remove()
	env.outcomes.remove()
	if env.work.Path == "" {
		return nil
	}
	return env.work.Remove()
}

// finishReports gives the files that flags asked for their names.
func (env *environment) finishReports() error {
	if err := env.anatomy.finish(); err != nil {
		return fmt.Errorf("-anatomy: %w", err)
	}
	if err := env.timeline.finish(); err != nil {
		return fmt.Errorf("-timeline: %w", err)
	}
	if err := env.outcomes.finish(); err != nil {
		return fmt.Errorf("-outcomes: %w", err)
	}
	return nil
}
