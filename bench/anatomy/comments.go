package anatomy

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"busybench/bench/outcome"
)

// headFormat, kindFormat, longFormat and blameFormat are the comments on a benchmark, on a kind of
// lock error, on the long waits of a benchmark, and on whom to blame for either.
const (
	headFormat  = "# %s: %d of %d %s ended in a lock error\n"
	kindFormat  = "#   %d x %s in %s, waited %s (median %s, max %s): %s\n"
	longFormat  = "# %s: %d of %d %s after over 1s of waiting (median %s, max %s)\n"
	blameFormat = "#     meanwhile: %v\n"
)

// nouns are what participants of each role do, and successes what they do without an error.
var (
	nouns = map[outcome.Role]string{
		outcome.Writer: "attempts", outcome.Reader: "reads", outcome.Checkpointer: "checkpoints",
		outcome.Intruder: "intrusions",
	}
	successes = map[outcome.Role]string{
		outcome.Writer: "attempts acknowledged", outcome.Reader: "reads done",
		outcome.Checkpointer: "checkpoints done", outcome.Intruder: "intrusions done",
	}
)

// roleOf returns the role that a text belongs to, the writer if it belongs to none.
func roleOf(text string, texts map[outcome.Role]string) outcome.Role {
	for role, t := range texts {
		if t == text {
			return role
		}
	}
	return outcome.Writer
}

// WriteComments writes a report as lines that benchstat ignores. It writes nothing if there are
// neither lock errors nor long waits.
func (r Report) WriteComments(out io.Writer) error {
	var text strings.Builder
	if r.LockErrors > 0 {
		fmt.Fprintf(&text, headFormat, r.Benchmark, r.LockErrors, r.Attempts, nouns[r.Role])
	}
	for _, e := range r.Kinds {
		fmt.Fprintf(&text, kindFormat, e.Count, e.Name, e.where(), e.Waited.Describe(),
			duration(e.Median), duration(e.Max), e.Advice)
		if !isColdStart(e.Phase) { // it does not report when it holds the write lock
			text.WriteString(r.blameComment(e.Blame))
		}
	}
	if l := r.LongWaits; l.Count > 0 {
		fmt.Fprintf(&text, longFormat,
			r.Benchmark, l.Count, r.Attempts, successes[r.Role], duration(l.Median),
			duration(l.Max))
		text.WriteString(r.blameComment(l.Blame))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// blameComment returns the comment on whom to blame, or none if that is unknown.
func (r Report) blameComment(b Blame) string {
	if r.HoldersUnknown {
		return ""
	}
	return fmt.Sprintf(blameFormat, b)
}

var (
	headComment = regexp.MustCompile(
		`^# (Benchmark\S+): (\d+) of (\d+) (\S+) ended in a lock error$`)
	kindComment = regexp.MustCompile(
		`^#   (\d+) x (\S+) in (\S+|\S[^,]* \(line \d+\)), waited (0|partly|the whole timeout)` +
			` \(median (\S+), max (\S+)\): (.*)$`)
	longComment = regexp.MustCompile(
		`^# (Benchmark\S+): (\d+) of (\d+) (\S+ \S+) after over 1s of waiting` +
			` \(median (\S+), max (\S+)\)$`)
	blameComment = regexp.MustCompile(`^#     meanwhile: (.*)$`)
)

// Comments collects reports from the lines that [Report.WriteComments] wrote, now or before they
// had blame. Reports on the same benchmark, of several runs, are kept apart.
type Comments struct {
	Reports []Report
	open    bool // the last line belonged to the last report
}

// Add takes the next line of a result file, without its newline. Lines of other kinds end a report.
// The entries have no code, only its name, and times with three significant digits.
func (c *Comments) Add(line string) {
	if m := headComment.FindStringSubmatch(line); m != nil {
		c.Reports = append(c.Reports, Report{
			Benchmark: m[1], Role: roleOf(m[4], nouns), LockErrors: number(m[2]),
			Attempts: number(m[3]),
		})
		c.open = true
		return
	}
	if m := longComment.FindStringSubmatch(line); m != nil {
		c.addLongWaits(m)
		return
	}
	if !c.open {
		return
	}
	last := &c.Reports[len(c.Reports)-1]
	if m := kindComment.FindStringSubmatch(line); m != nil {
		last.Kinds = append(last.Kinds, newEntry(m))
	} else if m := blameComment.FindStringSubmatch(line); m != nil {
		last.setBlame(parseBlame(m[1]))
	} else {
		c.open = false
	}
}

// addLongWaits adds a match of longComment. The report is the last one, if it is on the same
// benchmark and role, and otherwise one without lock errors.
func (c *Comments) addLongWaits(m []string) {
	n := len(c.Reports)
	role := roleOf(m[4], successes)
	if !c.open || c.Reports[n-1].Benchmark != m[1] || c.Reports[n-1].Role != role {
		c.Reports = append(c.Reports, Report{Benchmark: m[1], Role: role, Attempts: number(m[3])})
		c.open = true
		n++
	}
	c.Reports[n-1].LongWaits =
		LongWaits{Count: number(m[2]), Median: length(m[5]), Max: length(m[6])}
}

// setBlame sets the blame of what was read last.
func (r *Report) setBlame(b Blame) {
	if r.LongWaits.Count > 0 {
		r.LongWaits.Blame = b
	} else if n := len(r.Kinds); n > 0 {
		r.Kinds[n-1].Blame = b
	}
}

// newEntry returns the entry of a match of kindComment.
func newEntry(m []string) Entry {
	entry := Entry{Count: number(m[1]), Name: m[2], Median: length(m[5]), Max: length(m[6]),
		Advice: m[7]}
	// Both have fixed texts; an unknown one leaves the zero value.
	if _ = entry.Phase.UnmarshalText([]byte(m[3])); strings.HasSuffix(m[3], ")") {
		entry.Statement = m[3]
	}
	for _, w := range []WaitShare{NoWait, PartialWait, FullWait} {
		if w.Describe() == m[4] {
			entry.Waited = w
		}
	}
	return entry
}

// where returns the phase, or the statement of an SQL file.
func (e Entry) where() string { return cmp.Or(e.Statement, e.Phase.String()) }

// number parses digits. A number that is too large for an int becomes the largest one.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// length parses a duration, in ns. It returns 0 if the text is none.
func length(text string) int64 {
	d, _ := time.ParseDuration(text)
	return int64(d)
}

// Combine adds up reports on one role in one benchmark, of several runs. The kinds are in the order
// of their counts. The times of a kind are those of the report with the most errors of that kind,
// and so are its holders. The rest of the blame adds up. Long waits do likewise.
func Combine(reports []Report) (sum Report) {
	type key struct {
		name, statement string
		phase           outcome.Phase
		waited          WaitShare
	}
	largest, all := map[key]Entry{}, map[key]*Entry{}
	sum.LongWaits = combineLongWaits(reports)
	for _, r := range reports {
		sum.Benchmark, sum.Role = r.Benchmark, r.Role
		sum.Attempts += r.Attempts
		sum.LockErrors += r.LockErrors
		for _, e := range r.Kinds {
			k := key{e.Name, e.Statement, e.Phase, e.Waited}
			if all[k] == nil {
				all[k] = new(Entry)
			}
			all[k].Count += e.Count
			all[k].Blame.add(e.Blame)
			if e.Count > largest[k].Count {
				largest[k] = e
			}
		}
	}
	for k, e := range largest {
		holders := e.Blame.Holders
		e.Count, e.Blame = all[k].Count, all[k].Blame
		e.Blame.Holders = holders
		sum.Kinds = append(sum.Kinds, e)
	}
	slices.SortFunc(sum.Kinds, func(x, y Entry) int {
		return cmp.Or(-cmp.Compare(x.Count, y.Count), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Phase, y.Phase), cmp.Compare(x.Waited, y.Waited),
			cmp.Compare(x.Statement, y.Statement))
	})
	return sum
}

// combineLongWaits adds up the long waits of several runs.
func combineLongWaits(reports []Report) (sum LongWaits) {
	var largest LongWaits
	for _, r := range reports {
		l := r.LongWaits
		sum.Count += l.Count
		sum.Max = max(sum.Max, l.Max)
		sum.Blame.add(l.Blame)
		if l.Count > largest.Count {
			largest = l
		}
	}
	sum.Median, sum.Blame.Holders = largest.Median, largest.Blame.Holders
	return sum
}
