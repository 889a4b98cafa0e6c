package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Defaults are the values of every axis that a benchmark's user does not name, but for conn,
// whose default each benchmark chooses for itself.
const Defaults = "exec=goroutine,process journal=delete,wal writers=1,8,64,256 busy=5s txn=auto sync=full rows=0 batch=1 payload=0"

// maxPayload keeps a row below SQLite's default limit of 1,000,000,000 bytes for one string
// (https://www.sqlite.org/limits.html), with room for the id.
const maxPayload = 999_999_000

// maxBatch is how many rows one INSERT can take at one parameter each: SQLite's default limit of
// parameters to a statement (https://www.sqlite.org/limits.html, SQLITE_MAX_VARIABLE_NUMBER).
const maxBatch = 32766

// axis is one thing that varies.
type axis struct {
	name    string
	accepts string // what its values may be, for people
	set     func(s *Scenario, word string) bool
}

// axes are all there are, in the order in which they stand in a benchmark's name.
var axes = []axis{
	choice("exec", func(s *Scenario) *string { return &s.Exec }, Goroutine, Process),
	choice("journal", func(s *Scenario) *string { return &s.Journal },
		Delete, "truncate", "persist", "memory", WAL, "off"),
	number("writers", func(s *Scenario) *int { return &s.Writers }, 1, 1_000_000),
	{"busy", busyWords, func(s *Scenario, word string) bool { return s.Busy.UnmarshalText([]byte(word)) == nil }},
	choice("txn", func(s *Scenario) *string { return &s.Txn }, Auto, Deferred, Immediate, Exclusive, Upgrade),
	choice("sync", func(s *Scenario) *string { return &s.Sync }, "off", "normal", "full", "extra"),
	choice("conn", func(s *Scenario) *string { return &s.Conn }, Fresh, Held, Pool),
	number("rows", func(s *Scenario) *int { return &s.Rows }, 0, 1_000_000_000),
	number("batch", func(s *Scenario) *int { return &s.Batch }, 1, maxBatch),
	number("payload", func(s *Scenario) *int { return &s.Payload }, 0, maxPayload),
}

// AlwaysNamed are the axes that stand in every benchmark's name, in this order, even if they have
// one value.
var AlwaysNamed = []string{"exec", "journal", "writers"}

func choice(name string, field func(*Scenario) *string, words ...string) axis {
	return axis{name, strings.Join(words, ", "), func(s *Scenario, word string) bool {
		*field(s) = word
		return slices.Contains(words, word)
	}}
}

func number(name string, field func(*Scenario) *int, least, most int) axis {
	accepts := fmt.Sprintf("whole numbers from %d to %d", least, most)
	return axis{name, accepts, func(s *Scenario, word string) bool {
		n, err := strconv.Atoi(word)
		*field(s) = n
		return err == nil && n >= least && n <= most
	}}
}

// Axes holds the values given for some axes, as words, in the order they were given.
type Axes struct {
	words map[string][]string
}

// Parse reads axes written as key=value[,value...], separated by white space, such as
//
//	exec=process journal=delete,wal writers=64,500
//
// An error names the word that is wrong and lists what would be right.
func Parse(text string) (Axes, error) {
	a := Axes{words: map[string][]string{}}
	for _, field := range strings.Fields(text) {
		name, list, ok := strings.Cut(field, "=")
		if !ok {
			return Axes{}, fmt.Errorf("%q is not of the form axis=value[,value...]; the axes are %s", field, names())
		}
		i := slices.IndexFunc(axes, func(ax axis) bool { return ax.name == name })
		if i < 0 {
			return Axes{}, fmt.Errorf("unknown axis %q in %q; the axes are %s", name, field, names())
		}
		if a.words[name] != nil {
			return Axes{}, fmt.Errorf("axis %q is given twice; give its values once, separated by commas", name)
		}
		words := strings.Split(list, ",")
		if err := axes[i].check(words); err != nil {
			return Axes{}, err
		}
		a.words[name] = words
	}
	return a, nil
}

// check refuses words that the axis does not take and values that stand twice, in whatever spelling.
func (ax axis) check(words []string) error {
	seen := map[Scenario]bool{}
	for _, word := range words {
		var s Scenario
		if !ax.set(&s, word) {
			return fmt.Errorf("bad value %q for axis %q; it takes %s", word, ax.name, ax.accepts)
		}
		if seen[s] {
			return fmt.Errorf("value %q of axis %q is given twice; give each value once", word, ax.name)
		}
		seen[s] = true
	}
	return nil
}

func names() string {
	var all []string
	for _, ax := range axes {
		all = append(all, ax.name)
	}
	return strings.Join(all, ", ")
}

// Or returns a with the axes that it lacks taken from defaults, text that [Parse] reads. It
// panics where the defaults are not in order, since they are part of the program.
func (a Axes) WithDefaults(defaults string) Axes {
	filled, err := Parse(defaults)
	if err != nil {
		panic(err)
	}
	maps.Copy(filled.words, a.words)
	return filled
}

// With returns a with the axes of text, which [Parse] reads, in place of its own.
func (a Axes) Override(text string) Axes {
	return Axes{}.WithDefaults(text).WithDefaults(a.String())
}

// String writes a in the form that [Parse] reads.
func (a Axes) String() string {
	var fields []string
	for _, ax := range axes {
		if words := a.words[ax.name]; words != nil {
			fields = append(fields, ax.name+"="+strings.Join(words, ","))
		}
	}
	return strings.Join(fields, " ")
}
