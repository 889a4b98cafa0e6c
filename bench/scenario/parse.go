package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"busybench/bench/nearest"
)

// Parse parses axes of the form key=value[,value...], separated by white space, such as
//
//	exec=process journal=delete,wal writers=64,500
//
// Values that are words may have capital letters, as in SQLite's own documentation, except those of
// busy. A word such as preset=django5 stands for the axes of a preset ([Presets]); axes that are
// given beside it come first. An error quotes the word that is wrong and says what would be right.
func Parse(text string) (Axes, error) {
	a, err := parse(text)
	if err == nil {
		return a, nil
	}
	joined := strings.Join(strings.Fields(spaced.ReplaceAllString(text, "$1")), " ")
	if _, joinedErr := parse(joined); joinedErr == nil {
		return Axes{}, fmt.Errorf("%q has a space before or after \"=\" or \",\"; "+
			"did you mean %q?", text, joined)
	}
	return Axes{}, err
}

// spaced matches a separator within an axis with the white space around it.
var spaced = regexp.MustCompile(`\s*([=,])\s*`)

func parse(text string) (Axes, error) {
	a := Axes{words: map[string][]string{}}
	fields, err := expandPreset(strings.Fields(text))
	if err != nil {
		return Axes{}, err
	}
	for _, field := range fields {
		name, list, ok := strings.Cut(field, "=")
		if !ok {
			const format = "%q is not of the form axis=value[,value...]; the axes are %s"
			return Axes{}, fmt.Errorf(format, field, axisNames())
		}
		ax, ok := findAxis(name)
		if !ok {
			if strings.HasPrefix(name, PragmaPrefix) {
				return Axes{}, checkPragma(name)
			}
			const format = "unknown axis %q in %q%s; the axes are %s"
			return Axes{}, fmt.Errorf(format, name, field, nearest.Question(name, Names()),
				axisNames())
		}
		if a.words[name] != nil {
			const format = "duplicate axis %q; give it once, its values separated by commas"
			return Axes{}, fmt.Errorf(format, name)
		}
		words, err := ax.parse(list)
		if err != nil {
			return Axes{}, err
		}
		a.words[name] = words
	}
	return a, nil
}

// Check rejects axes given by a user that have no effect together: a place of the queue without a
// value queue of busy, a time within a transaction that has no BEGIN, a pause with a rate of
// arrivals, a kind of read without readers, checkpoints of a log that does not exist, and what a
// cold start cannot have.
func (a Axes) Check() error {
	if places := a.words["queue"]; places != nil && !slices.ContainsFunc(a.words["busy"], isQueue) {
		return fmt.Errorf("axis \"queue\" (%s) has no effect without busy=queue or busy=queue:D; "+
			"give busy such a value too", strings.Join(places, ","))
	}
	given := a.WithDefaults(Defaults)
	holds := slices.DeleteFunc(slices.Clone(given.words["hold"]), isNoPause)
	if len(holds) > 0 && slices.Contains(given.words["txn"], Auto) {
		return fmt.Errorf("axis \"hold\" (%s) needs a transaction with BEGIN, but txn is %s; "+
			"give txn other values, such as immediate", strings.Join(holds, ","), Auto)
	}
	pauses := slices.DeleteFunc(slices.Clone(given.words["think"]), isNoPause)
	rates := slices.DeleteFunc(slices.Clone(given.words["rate"]), isClosed)
	if len(pauses) > 0 && len(rates) > 0 {
		return fmt.Errorf("axis \"think\" (%s) has no effect with a rate of arrivals (%s); give "+
			"one of the two", strings.Join(pauses, ","), strings.Join(rates, ","))
	}
	reads := slices.DeleteFunc(slices.Clone(given.words["read"]), isPoint)
	if len(reads) > 0 && !slices.ContainsFunc(given.words["readers"], isAbove0) {
		return fmt.Errorf("axis \"read\" (%s) has no effect without readers; "+
			"give readers a value above 0 too", strings.Join(reads, ","))
	}
	if err := given.checkCheckpoints(); err != nil {
		return err
	}
	return a.checkColdStart()
}

// checkCheckpoints rejects checkpoints without a write-ahead log, and two settings of the same.
func (a Axes) checkCheckpoints() error {
	isAuto := func(word string) bool { return word == Auto }
	given := slices.DeleteFunc(slices.Clone(a.words["checkpoint"]), isAuto)
	isWAL := func(word string) bool { return word == WAL }
	others := slices.DeleteFunc(slices.Clone(a.words["journal"]), isWAL)
	const pragma = PragmaPrefix + "wal_autocheckpoint"
	switch {
	case len(given) == 0:
		return nil
	case len(others) > 0:
		return fmt.Errorf("axis \"checkpoint\" (%s) has no effect with journal=%s; "+
			"give journal=wal", strings.Join(given, ","), strings.Join(others, ","))
	case a.Has(pragma):
		return fmt.Errorf("axis \"checkpoint\" (%s) also sets %s; give one of the two",
			strings.Join(given, ","), pragma)
	}
	return nil
}

func isPoint(word string) bool { return word == Point }

// isAbove0 reports whether a value of readers is not 0.
func isAbove0(word string) bool { return strings.Trim(word, "+0") != "" }

func isClosed(word string) bool { return word == Closed }

// isQueue reports whether a value of busy is a queue.
func isQueue(word string) bool {
	var b Busy
	return b.UnmarshalText([]byte(word)) == nil && b.Queues()
}

// isNoPause reports whether a value of hold or think is no time.
func isNoPause(word string) bool {
	var p Pause
	return p.UnmarshalText([]byte(word)) == nil && p == Pause{}
}

// parse returns the values of a list. It rejects words that are not values of the axis, and
// duplicate values even if they are spelled differently.
func (ax axis) parse(list string) (words []string, err error) {
	seen := map[Scenario]bool{}
	for _, word := range strings.Split(list, ",") {
		if lower := strings.ToLower(word); slices.Contains(ax.words, lower) {
			word = lower
		}
		var s Scenario
		if !ax.set(&s, word) {
			return nil, ax.badValue(word)
		}
		if seen[s] {
			const format = "duplicate value %q for axis %q; give each value once"
			return nil, fmt.Errorf(format, word, ax.name)
		}
		seen[s] = true
		words = append(words, word)
	}
	return words, nil
}

func (ax axis) badValue(word string) error {
	return fmt.Errorf("bad value %q for axis %q%s; it takes %s",
		word, ax.name, ax.question(word), ax.accepts)
}

// synchronous lists SQLite's numbers for the values of the sync axis
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
var synchronous = map[string]string{"0": Off, "1": Normal, "2": Full, "3": Extra}

// question asks for the value that a bad one probably means, if there is one.
func (ax axis) question(word string) string {
	if ax.name == "busy" {
		if question := timeoutQuestion(word); question != "" {
			return question
		}
	}
	if level := synchronous[word]; ax.name == "sync" && level != "" {
		return fmt.Sprintf(" (did you mean %s?)", level)
	}
	return nearest.Question(word, ax.words)
}
