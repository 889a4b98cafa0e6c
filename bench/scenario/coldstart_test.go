package scenario

import (
	"strings"
	"testing"
)

func TestCheckOfAColdStart(t *testing.T) {
	for axes, want := range map[string]string{
		"order=pragma-first":                            "",
		"order=pragma-first busy=block":                 "",
		"order=timeout-first,pragma-first busy=none,5s": "",
		"order=pragma-first busy=none,retry":            "no effect with busy=none,retry",
		"order=timeout-first busy=retry:1s":             "no effect with busy=retry:1s",
		"busy=none file=abandoned":                      "",
		"file=abandoned rows=1":                         "",
		"file=hot,wal rows=0":                           "",
		"file=wal,abandoned rows=5,0":                   "file=abandoned needs rows",
	} {
		t.Run(axes, func(t *testing.T) {
			err := mustParse(t, axes).Check()
			if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %q", err, want)
			}
		})
	}
}
