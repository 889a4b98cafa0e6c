package host

import (
	"slices"
	"strings"
	"testing"
)

func TestHeaderIsTheSameTwice(t *testing.T) {
	fs, err := FindFilesystem(".")
	if err != nil {
		t.Fatal(err)
	}
	again, err := FindFilesystem(".")
	first, second := Header(fs), Header(again)
	if err != nil || !slices.Equal(first, second) {
		t.Errorf("%v, then %v, %v", first, second, err)
	}
	for _, line := range first {
		if line.Value == "" || strings.ContainsAny(line.Key+line.Value, "\n") {
			t.Errorf("header line %q: %q", line.Key, line.Value)
		}
	}
}
