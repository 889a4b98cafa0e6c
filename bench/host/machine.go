package host

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// unknown is the value of a fact that this machine does not show, as in some containers.
const unknown = -1

// A run is disturbed if more than this happened beside it, or if it was throttled or stopped.
//
// At 5 % steal or 15 % of other processes, a run that uses all cores is slower by about as much,
// which is as large as the differences that comparisons look for. Work that the kernel does for a
// run does not count as other processes: neither interrupts nor its threads, such as those that
// commit a filesystem's journal. With eight writers that sync each insert, these took 7 % and 9 %
// of the time of two cores. A container does not show the threads. They count there, but do not
// reach the threshold alone. A run that uses up its CPU quota stops, possibly while a writer has
// the lock.
//
// Pressure is no reason: writers that wait for each other's cores or for the disk cause it too.
const (
	maxSteal  = 5.0  // %
	maxOthers = 15.0 // %
	// MaxDiskDrift is the largest factor between two sync rates of a disk that is taken for noise.
	MaxDiskDrift = 1.5
)

// Machine is what happened to a machine during a run. A value below 0 is unknown.
type Machine struct {
	Quota       float64       // of the control groups, in cores; infinite if there is none
	Throttled   time.Duration // kept from running by the quota, over all cores
	Steal       float64       // taken by the hypervisor, in % of the cores' time
	Others      float64       // used by processes that are not of the run, in % of the cores' time
	CPUPressure float64       // part of the time in which a process waited for a core, in %
	IOPressure  float64       // part of the time in which a process waited for a disk, in %
	Stopped     time.Duration // in which this process did not run, see [Stall]
	DiskDrift   float64       // factor between the disk's sync rates before and after, at least 1
}

// UnknownMachine returns a machine of which no fact is known.
func UnknownMachine() Machine {
	return Machine{unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown}
}

// fact is a fact about a machine as comments state it.
type fact struct {
	key, value string
	disturbs   bool
	words      string // says what happened; it has the value in place of %s
}

func (m Machine) facts() []fact {
	return []fact{
		{"quota", formatQuota(m.Quota), false, ""},
		{"throttled", formatLength(m.Throttled), m.Throttled > 0,
			"its CPU quota was used up, so that it could not run for %s (sum over cores)"},
		{"steal", formatPercent(m.Steal), m.Steal > maxSteal,
			"the hypervisor took %s of the processor time"},
		{"others", formatPercent(m.Others), m.Others > maxOthers,
			"other processes used %s of the processor time"},
		{"psi-cpu", formatPercent(m.CPUPressure), false, ""},
		{"psi-io", formatPercent(m.IOPressure), false, ""},
		{"stopped", formatLength(m.Stopped), m.Stopped > 0,
			"this process did not run for %s (it was stopped, the machine was suspended, " +
				"or no processor was free)"},
		{"disk-drift", formatFactor(m.DiskDrift), m.DiskDrift > MaxDiskDrift,
			"the disk's sync rate changed by a factor of %s"},
	}
}

// The comments on a run begin with these. The text after machinePrefix is words such as
// "steal=0.3%", of all facts. The text after disturbedPrefix is those words that make a comparison
// with other runs doubtful. Without any there is no such comment.
const (
	machinePrefix   = "# machine: "
	disturbedPrefix = "# disturbed: "
)

// Comments returns comment lines on a machine for the end of a run:
//
//	# machine: quota=none throttled=0s steal=0.3% others=34.0% psi-cpu=8.0% psi-io=2.0% ...
//	# disturbed: others=34.0%
//	# warning: do not compare this run: other processes used 34.0% of the processor time
//
// The last two are only there if the run is disturbed.
func (m Machine) Comments() (lines []string) {
	var all, disturbing, sentences []string
	for _, f := range m.facts() {
		word := f.key + "=" + f.value
		all = append(all, word)
		if f.disturbs {
			disturbing = append(disturbing, word)
			sentences = append(sentences, fmt.Sprintf(f.words, f.value))
		}
	}
	lines = []string{machinePrefix + strings.Join(all, " ")}
	if len(disturbing) > 0 {
		lines = append(lines, disturbedPrefix+strings.Join(disturbing, " "),
			"# warning: do not compare this run: "+strings.Join(sentences, "; "))
	}
	return lines
}

// ParseDisturbed returns the words of a comment that marks a disturbed run, such as
// "others=34.0% stopped=10s".
func ParseDisturbed(line string) (words string, ok bool) {
	return strings.CutPrefix(line, disturbedPrefix)
}

// ParseMachine reads a comment on a machine. Facts that it does not state are unknown.
func ParseMachine(line string) (m Machine, ok bool) {
	m = UnknownMachine()
	text, ok := strings.CutPrefix(line, machinePrefix)
	if !ok {
		return m, false
	}
	numbers := map[string]*float64{
		"quota": &m.Quota, "steal": &m.Steal, "others": &m.Others, "psi-cpu": &m.CPUPressure,
		"psi-io": &m.IOPressure, "disk-drift": &m.DiskDrift,
	}
	lengths := map[string]*time.Duration{"throttled": &m.Throttled, "stopped": &m.Stopped}
	for _, word := range strings.Fields(text) {
		key, value, _ := strings.Cut(word, "=")
		if number := numbers[key]; number != nil {
			*number = parseNumber(value)
		} else if length := lengths[key]; length != nil {
			*length = parseLength(value)
		}
	}
	return m, true
}

// noQuota stands for an infinite quota.
const noQuota = "none"

func formatQuota(cores float64) string {
	if math.IsInf(cores, 1) {
		return noQuota
	}
	return formatNumber("%.4g", cores)
}

func formatPercent(v float64) string { return formatNumber("%.1f%%", v) }

func formatFactor(v float64) string { return formatNumber("%.2f", v) }

func formatNumber(format string, v float64) string {
	if v < 0 {
		return "unknown"
	}
	return fmt.Sprintf(format, v)
}

// formatLength rounds to milliseconds, but not to 0.
func formatLength(d time.Duration) string {
	if d < 0 {
		return "unknown"
	}
	if rounded := d.Round(time.Millisecond); rounded > 0 {
		d = rounded
	}
	return d.String()
}

func parseNumber(text string) float64 {
	if text == noQuota {
		return math.Inf(1)
	}
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || math.IsNaN(v) || v < 0 {
		return unknown
	}
	return v
}

func parseLength(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return unknown
	}
	return d
}
