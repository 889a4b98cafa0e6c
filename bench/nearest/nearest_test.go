package nearest

import "testing"

func TestWord(t *testing.T) {
	axes := []string{"exec", "journal", "writers", "busy", "txn", "sync", "conn", "rows", "batch"}
	settings := []string{"BENCH", "AXES", "COUNT", "LABEL", "DIR", "ROUND"}
	for _, c := range []struct {
		name, word string
		known      []string
		want       string
	}{
		{"a letter too many", "writters", axes, "writers"},
		{"a missing letter", "writes", axes, "writers"},
		{"a wrong letter", "AXIS", settings, "AXES"},
		{"letters that changed places", "LABLE", settings, "LABEL"},
		{"other case", "axes", settings, "AXES"},
		{"a wrong letter in a short word", "txm", axes, "txn"},
		{"two errors in a long word", "jurnl", []string{"journals"}, ""},
		{"two errors in a word of six letters", "jurnla", axes, "journal"},
		{"two errors in a short word", "AXI", settings, ""},
		{"a word around the known one", "benchmark", []string{"bench", "test"}, "bench"},
		{"part of the known word", "immed", []string{"auto", "immediate"}, "immediate"},
		{"a part of two letters", "im", []string{"auto", "immediate"}, ""},
		{"the nearest of two", "ROUNDS", []string{"ROUND", "ROUNDS"}, "ROUNDS"},
		{"the longest of two parts", "benchmarks", []string{"ben", "bench"}, "bench"},
		{"nothing like it", "KIND", settings, ""},
		{"an empty word", "", axes, ""},
		{"no known words", "x", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Word(c.word, c.known); got != c.want {
				t.Errorf("nearest to %q is %q, want %q", c.word, got, c.want)
			}
		})
	}
}

func TestQuestion(t *testing.T) {
	known := []string{"txn", "sync"}
	if got := Question("txm", known); got != " (did you mean txn?)" {
		t.Errorf("question is %q", got)
	}
	if got := Question("hold", known); got != "" {
		t.Errorf("question is %q", got)
	}
}
