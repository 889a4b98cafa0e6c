package runner

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

// steps is a schedule of these steps.
func steps(all ...Step) Schedule {
	return func(s State) (Step, bool) {
		if s.Steps == len(all) {
			return Step{}, false
		}
		return all[s.Steps], true
	}
}

// byName is a run that calls the function with the name of the step.
func byName(functions map[string]runFunc) runFunc {
	return func(ctx context.Context, number int, step Step, out io.Writer) error {
		return functions[step.Name](ctx, number, step, out)
	}
}

func TestTheScheduleGoesOnAfterAnOptionalStepThatFails(t *testing.T) {
	s := settings(t, 1)
	s.schedule = steps(Step{Name: "a"}, Step{Name: "b", Optional: true}, Step{Name: "a"})
	err := runAll(s, byName(map[string]runFunc{
		"a": printing(result, nil),
		"b": printing("", errors.New("no module\nat all")),
	}))
	if err != nil {
		t.Fatal(err)
	}
	requireFile(t, s.path, "# make bench\n"+result+"# b failed: no module\n"+result)
}

func TestAStepThatIsNotOptionalEndsTheSchedule(t *testing.T) {
	s := settings(t, 1)
	s.schedule = steps(Step{Name: "a"}, Step{Name: "b"}, Step{Name: "a"})
	err := runAll(s, byName(map[string]runFunc{
		"a": printing(result, nil),
		"b": printing("", errors.New("no module")),
	}))
	requireError(t, err, "no module; what was measured until then is in")
	requireFile(t, partialPath(s), "# make bench\n"+result)
}

// printAndWait prints a text, and ends when the context does.
func printAndWait(text string) runFunc {
	return func(ctx context.Context, _ int, _ Step, out io.Writer) error {
		if _, err := io.WriteString(out, text); err != nil {
			return err
		}
		<-ctx.Done()
		return interrupted(ctx)
	}
}

func TestTheEndOfTheBudgetCompletesASnapshotWithAResult(t *testing.T) {
	for _, c := range []struct {
		name, text string
		optional   bool
		want       string // in the error; empty if there is a snapshot
	}{
		{"with a result", result, false, ""},
		{"in an optional step", result, true, ""},
		{"without a result", "sqlite: 3\n", false, "the time is over"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := settings(t, 9)
			s.schedule = func(State) (Step, bool) { return Step{Optional: c.optional}, true }
			s.config.Budget = time.Millisecond
			err := runAll(s, printAndWait(c.text))
			if c.want != "" {
				requireError(t, err, c.want)
				requireNoFile(t, s.path)
				return
			}
			if err != nil {
				t.Error(err)
			}
			requireFile(t, s.path, "# make bench\n"+c.text)
		})
	}
}
