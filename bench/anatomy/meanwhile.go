package anatomy

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"busybench/bench/format"
)

// String describes the blame in a phrase, such as "41 holders, longest 312ms: writer 12, commit;
// lock held 23 %, idle 77 % of 35.1s", and for waits for readers also "; up to 3 readers, longest
// 2s: reader 1, read".
func (b Blame) String() string {
	text := b.describeHolders()
	if b.Waited != 0 {
		text += fmt.Sprintf("; lock %s of %s", b.describeShares(), duration(b.Waited))
	}
	if b.Readers > 0 {
		text += fmt.Sprintf(readersMark+"%s, longest %v", format.Count(b.Readers, "reader"),
			b.LongestRead)
	}
	return text
}

// readersMark begins the part of the text that is about readers.
const readersMark = "; up to "

func (h Holder) String() string {
	return fmt.Sprintf("%s: %s %d, %s", duration(h.Held), h.Role, h.Number, h.Step)
}

func (b Blame) describeHolders() string {
	text := format.Count(b.Holders, "holder")
	if b.MaxHolders != b.Holders {
		text += fmt.Sprintf(" (median; max %d)", b.MaxHolders)
	}
	if b.MaxHolders > 0 {
		text += fmt.Sprintf(", longest %v", b.Longest)
	}
	return text
}

func duration(ns int64) string { return format.Duration(time.Duration(ns)) }

// Words for the parts of a wait.
const (
	heldWord    = "held"
	ownWord     = "held by itself"
	unknownWord = "unknown"
	idleWord    = "idle"
)

// describeShares returns the parts of the time waited that are at least 1 %. The percentages of all
// parts add up to 100.
func (b Blame) describeShares() string {
	var parts []string
	names := []string{heldWord, ownWord, unknownWord, idleWord}
	for i, percent := range percentages([]int64{b.Held, b.Own, b.Unknown, b.Idle}) {
		if percent > 0 {
			parts = append(parts, fmt.Sprintf("%s %d %%", names[i], percent))
		}
	}
	return strings.Join(parts, ", ")
}

// percentages returns the shares of the parts in their sum as whole numbers that add up to 100: all
// are rounded down, and those with the largest remainders get the rest.
func percentages(parts []int64) []int {
	var sum float64
	for _, part := range parts {
		sum += float64(part)
	}
	percent, remainders, rest := make([]int, len(parts)), make([]float64, len(parts)), 100
	order := make([]int, len(parts))
	for i, part := range parts {
		exact := 100 * float64(part) / sum
		percent[i], order[i] = int(exact), i
		remainders[i] = exact - float64(percent[i])
		rest -= percent[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return -cmp.Compare(remainders[a], remainders[b])
	})
	for _, i := range order[:rest] {
		percent[i]++
	}
	return percent
}

var (
	holdersPhrase = regexp.MustCompile(`^(\d+) holders?(?: \(median; max (\d+)\))?`)
	longestPhrase = regexp.MustCompile(`, longest (\S+): (\S+) (\d+), ([^;]+)(?:;|$)`)
	sharesPhrase  = regexp.MustCompile(`; lock (.*) of (\S+)$`)
	readersPhrase = regexp.MustCompile(`^(\d+) readers?, longest (\S+): (\S+) (\d+), ([^;]+)$`)
	sharePhrase   = regexp.MustCompile(`(\D+) (\d+) %(?:, |$)`)
)

// parseBlame reads what [Blame.String] wrote. The times have the precision of the text.
func parseBlame(text string) (b Blame) {
	text, readers, _ := strings.Cut(text, readersMark)
	if m := holdersPhrase.FindStringSubmatch(text); m != nil {
		b.Holders = number(m[1])
		b.MaxHolders = max(b.Holders, number(m[2]))
	}
	if m := longestPhrase.FindStringSubmatch(text); m != nil {
		b.Longest = parseHolder(m[1:])
	}
	if m := sharesPhrase.FindStringSubmatch(text); m != nil {
		b.Waited = length(m[2])
		b.parseShares(m[1])
	}
	if m := readersPhrase.FindStringSubmatch(readers); m != nil {
		b.Readers, b.LongestRead = number(m[1]), parseHolder(m[2:])
	}
	return b
}

// parseHolder reads the parts of what [Holder.String] wrote.
func parseHolder(parts []string) Holder {
	h := Holder{Held: length(parts[0]), Number: number(parts[2]), Step: parts[3]}
	_ = h.Role.UnmarshalText([]byte(parts[1])) // an unknown role leaves the zero value
	return h
}

// parseShares reads what describeShares wrote. What is missing for the whole goes to idle.
func (b *Blame) parseShares(text string) {
	parts := map[string]*int64{heldWord: &b.Held, ownWord: &b.Own, unknownWord: &b.Unknown}
	for _, m := range sharePhrase.FindAllStringSubmatch(text, -1) {
		if part := parts[m[1]]; part != nil {
			*part = int64(float64(b.Waited) * float64(number(m[2])) / 100)
		}
	}
	b.Idle = b.Waited - b.Held - b.Own - b.Unknown
}
