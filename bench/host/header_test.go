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

func TestGoEnvShowsTheVariablesThatAreSet(t *testing.T) {
	for _, c := range []struct {
		name string
		set  map[string]string
		want string
	}{
		{"none", nil, ""},
		{"one", map[string]string{"GOMEMLIMIT": "1MiB"}, "GOMEMLIMIT=1MiB"},
		{"all", map[string]string{
			"GOGC": "50", "GOMEMLIMIT": "1GiB", "GODEBUG": "gctrace=1,madvdontneed=1",
			"GOMAXPROCS": "2",
		}, "GOGC=50 GOMEMLIMIT=1GiB GODEBUG=gctrace=1,madvdontneed=1 GOMAXPROCS=2"},
		{"empty", map[string]string{"GOGC": ""}, ""},
		{"another variable of Go", map[string]string{"GOTRACEBACK": "all"}, ""},
		{"line break", map[string]string{"GODEBUG": "a=1\nunit: x"}, `GODEBUG="a=1\nunit: x"`},
		{"bytes that are not UTF-8", map[string]string{"GODEBUG": "a=\x1b\xff"},
			`GODEBUG="a=\x1b\xff"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS"} {
				t.Setenv(name, "")
			}
			for name, value := range c.set {
				t.Setenv(name, value)
			}
			if got := GoEnv(); got != c.want {
				t.Errorf("GoEnv is %q, want %q", got, c.want)
			}
		})
	}
}
