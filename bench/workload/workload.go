package workload

import (
	"fmt"
	"regexp"
	"strconv"
)

// Workload is an SQL file. [Parse] returns one. It reaches the participants through the protocol,
// without the sections that only the benchmark runs.
type Workload struct {
	Name    string      `json:"name"` // of the file, for messages
	Connect []Statement `json:"connect,omitempty"`
	Setup   []Statement `json:"-"`
	Write   []Write     `json:"write"`
	Read    []Statement `json:"read,omitempty"`
	Check   []Statement `json:"-"`
}

// Write is a kind of transaction.
type Write struct {
	Weight     int         `json:"weight"`               // how often it is chosen, among all
	KeepReads  bool        `json:"keep_reads,omitempty"` // retry=writes
	Statements []Statement `json:"statements"`
}

// Statement is a statement of a section.
type Statement struct {
	Line int    `json:"line"` // of the file, at which it begins
	SQL  string `json:"sql"`
	// Name says what it does, such as "insert orders"; empty before the file is checked.
	Name string `json:"-"`
	// Parameters are the names of its parameters in SQLite, such as ":id"; none before the file is
	// checked.
	Parameters []string `json:"parameters,omitempty"`
	// ReadsOnly is true if it writes nothing; false before the file is checked.
	ReadsOnly bool `json:"reads_only,omitempty"`
}

// Statement returns the statement of a -- write or -- read section that begins at a line, or nil.
func (w *Workload) Statement(line int) *Statement {
	sections := [][]Statement{w.Read}
	for _, s := range w.Write {
		sections = append(sections, s.Statements)
	}
	for _, statements := range sections {
		for i, s := range statements {
			if s.Line == line {
				return &statements[i]
			}
		}
	}
	return nil
}

// Place is a statement of a file as messages name it.
type Place struct {
	Name string
	Line int // 0 if it is none
}

// Place returns the statement of a -- write or -- read section that begins at a line.
func (w *Workload) Place(line int) Place {
	if w == nil || line == 0 {
		return Place{}
	}
	name := "statement"
	if s := w.Statement(line); s != nil && s.Name != "" {
		name = s.Name
	}
	return Place{name, line}
}

// String returns the name and the line, such as "insert orders (line 12)", or an empty text.
func (p Place) String() string {
	if p.Line == 0 {
		return ""
	}
	return fmt.Sprintf("%s (line %d)", p.Name, p.Line)
}

// placeText matches the text of a place.
var placeText = regexp.MustCompile(`^(.*) \(line (\d+)\)$`)

// ParsePlace parses what [Place.String] returns. It returns the zero value for any other text.
func ParsePlace(text string) Place {
	m := placeText.FindStringSubmatch(text)
	if m == nil {
		return Place{}
	}
	line, err := strconv.Atoi(m[2])
	if err != nil {
		return Place{} // too large
	}
	return Place{m[1], line}
}

// Lines returns the lines of the statements of all -- write sections.
func (w *Workload) Lines() (lines []int) {
	for _, section := range w.Write {
		for _, s := range section.Statements {
			lines = append(lines, s.Line)
		}
	}
	return lines
}

// Offset returns the number of statements in the -- write sections before one.
func (w *Workload) Offset(section int) (n int) {
	for _, s := range w.Write[:section] {
		n += len(s.Statements)
	}
	return n
}

// Choose returns the index of a -- write section, by weight. draw returns a whole number from 0 to
// below n.
func (w *Workload) Choose(draw func(n int64) int64) int {
	if len(w.Write) == 1 {
		return 0
	}
	sum := int64(0)
	for _, s := range w.Write {
		sum += int64(s.Weight)
	}
	left := draw(sum)
	for i, s := range w.Write {
		if left -= int64(s.Weight); left < 0 {
			return i
		}
	}
	return 0 // draw returned too large a number
}
