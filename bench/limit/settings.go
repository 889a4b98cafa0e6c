package limit

import (
	"fmt"
	"regexp"
	"time"

	"busybench/bench/format"
)

// Settings are those of all searches in a result file.
type Settings struct {
	Over        Over
	Max, Rounds int           // as in Search
	Length      time.Duration // of a round of a search over rates
	Criteria    string        // of a round that passes, such as "up to 0 lock errors and any p99"
}

// settingsText matches what [Settings.String] returns. Its beginning and its end are the same in
// older result files. No number has more than seven digits (see the flags), with or without commas.
var settingsText = regexp.MustCompile(`^([\d,]{1,9}) (?:bursts?|rounds? of (\S+))` +
	`(?: each)?(?: with)? ?(.*), up to ([\d,]{1,9}) (?:writers?|arrivals? per second)$`)

// String returns the settings as they stand in a result file, after "limit: ".
func (s Settings) String() string {
	rounds := format.Count(s.Rounds, s.Over.Trial())
	if s.Over == Rate {
		rounds += fmt.Sprintf(" of %v", s.Length)
	}
	return fmt.Sprintf("%s each with %s, up to %s", rounds, s.Criteria, s.Over.Count(s.Max))
}

// ParseSettings reads what [Settings.String] returns. It reports whether the text is such settings.
func ParseSettings(text string) (s Settings, ok bool) {
	m := settingsText.FindStringSubmatch(text)
	if m == nil {
		return s, false
	}
	s = Settings{Rounds: toInt(m[1]), Criteria: m[3], Max: toInt(m[4])}
	if m[2] != "" {
		s.Over = Rate
		s.Length, _ = time.ParseDuration(m[2]) // 0 if it is malformed
	}
	return s, true
}
