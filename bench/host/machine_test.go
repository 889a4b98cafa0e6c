package host

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quiet is a machine at the thresholds: a little more of anything disturbs.
func quiet() Machine {
	return Machine{Quota: math.Inf(1), Throttled: 0, Steal: maxSteal, Others: maxOthers,
		CPUPressure: 100, IOPressure: 100, Stopped: 0, DiskDrift: MaxDiskDrift}
}

func TestARunIsDisturbedAboveAThreshold(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Machine)
		words  string // of the mark; none if empty
		want   []string
	}{
		{"at all thresholds", func(*Machine) {}, "", nil},
		{"everything is unknown", func(m *Machine) { *m = UnknownMachine() }, "", nil},
		{"a quota that is not used up", func(m *Machine) { m.Quota = 0.1 }, "", nil},
		{"throttled", func(m *Machine) { m.Throttled = 1500 * time.Microsecond },
			"throttled=2ms", []string{"CPU quota", "for 2ms"}},
		{"throttled for less than a millisecond", func(m *Machine) { m.Throttled = 100 },
			"throttled=100ns", []string{"CPU quota"}},
		{"steal", func(m *Machine) { m.Steal = 7.25 }, "steal=7.2%",
			[]string{"hypervisor took 7.2% of"}},
		{"other processes", func(m *Machine) { m.Others = 34 }, "others=34.0%",
			[]string{"other processes used 34.0% of the processor time"}},
		{"stopped", func(m *Machine) { m.Stopped = 10 * time.Second }, "stopped=10s",
			[]string{"did not run for 10s"}},
		{"another disk rate", func(m *Machine) { m.DiskDrift = 1.6 }, "disk-drift=1.60",
			[]string{"factor of 1.60"}},
		{"two reasons", func(m *Machine) { m.Steal, m.Stopped = 50, time.Minute },
			"steal=50.0% stopped=1m0s", []string{"50.0%", "did not run for 1m0s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := quiet()
			c.change(&m)
			lines := m.Comments()
			if c.words == "" {
				if len(lines) != 1 {
					t.Errorf("comments are %q, want one", lines)
				}
				return
			}
			if len(lines) != 3 {
				t.Fatalf("comments are %q, want three", lines)
			}
			if words, ok := ParseDisturbed(lines[1]); !ok || words != c.words {
				t.Errorf("mark is %q, want %q", lines[1], c.words)
			}
			for _, want := range append(c.want, "# warning: do not compare this run: ") {
				if !strings.Contains(lines[2], want) {
					t.Errorf("warning is %q, want %q in it", lines[2], want)
				}
			}
		})
	}
}

func TestMachineIsReadAsItWasWritten(t *testing.T) {
	const text = "# machine: quota=0.1 throttled=1.767s steal=0.5% others=80.2% psi-cpu=70.4% " +
		"psi-io=29.6% stopped=0s disk-drift=1.09"
	busy := Machine{Quota: 0.1, Throttled: 1767 * time.Millisecond, Steal: 0.5, Others: 80.2,
		CPUPressure: 70.4, IOPressure: 29.6, Stopped: 0, DiskDrift: 1.09}
	if got := busy.Comments()[0]; got != text {
		t.Errorf("comment is\n%s, want\n%s", got, text)
	}
	for name, m := range map[string]Machine{
		"all facts": busy, "no quota": quiet(), "unknown": UnknownMachine(),
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := ParseMachine(m.Comments()[0])
			if diff := cmp.Diff(m, got); diff != "" || !ok {
				t.Error(diff)
			}
		})
	}
}

func TestParseMachineOfOtherLines(t *testing.T) {
	steal := UnknownMachine()
	steal.Steal = 3
	for _, c := range []struct {
		name, line string
		want       Machine
		ok         bool
	}{
		{"another comment", "# disk after: 991 appends", UnknownMachine(), false},
		{"facts that are not known yet", "# machine: governor=powersave steal=3.0%", steal, true},
		{"missing facts", "# machine: steal=3%", steal, true},
		{"no facts", "# machine: ", UnknownMachine(), true},
		{"malformed facts", "# machine: steal=NaN others=x throttled=3 stopped=-1s quota",
			UnknownMachine(), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := ParseMachine(c.line)
			if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
				t.Errorf("%v, %s", ok, diff)
			}
		})
	}
}

func TestCommentsOfAMachineAreLines(t *testing.T) {
	m := Machine{0.5, time.Second, 99, 99, 99, 99, time.Second, 99}
	if slices.ContainsFunc(m.Comments(), func(line string) bool {
		return !strings.HasPrefix(line, "# ") || strings.Contains(line, "\n")
	}) {
		t.Errorf("comments are %q", m.Comments())
	}
}
