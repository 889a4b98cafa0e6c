package main

import (
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
)

func TestAListOfValuesIsATestOfEach(t *testing.T) {
	tests, err := parseTest("x Burst journal=delete,wal writers=1,8: lock errors above 1 %")
	if err != nil || len(tests) != 4 {
		t.Fatalf("%+v, %v", tests, err)
	}
	const want = "Burst journal=wal writers=1: lock errors above 1 %"
	if got := tests[2].String(); got != want {
		t.Errorf("the third is %q, want %q", got, want)
	}
}

func TestBadClaims(t *testing.T) {
	const snapshots = "\n\nsnapshot: x\n"
	for _, c := range []struct{ name, text, want string }{
		{"an unknown paragraph", "title: x", `begins with "title"`},
		{"an unknown key", "claim: C1\nsay: x", `unknown or repeated key "say"`},
		{"a key twice", "claim: C1\nsays: x\nsays: y", `unknown or repeated key "says"`},
		{"neither test nor reason", "claim: C1\nsays: x", "give either a test"},
		{"both", "claim: C1\ntest: x Burst: lock errors\nundecidable: y", "give either a test"},
		{"no condition", "claim: C1\ntest: x Burst", "not of the form"},
		{"no benchmark", "claim: C1\ntest: x: lock errors", "not of the form"},
		{"no bound", "claim: C1\ntest: x Burst: p99-ns", "has no bound"},
		{"a bad bound", "claim: C1\ntest: x Burst: p99-ns from 1s", `bad bound "from 1s"`},
		{"a bad number", "claim: C1\ntest: x Burst: p99-ns above 1y", `bad number "1y"`},
		{"an unknown unit", "claim: C1\ntest: x Burst: p98-ns above 1s", `"p98-ns" is not a unit`},
		{"one side", "claim: C1\ntest: x Burst: ratio p99-ns a=1 above 1", "is not a pair"},
		{"an unknown snapshot", "claim: C1\ntest: y Burst: lock errors", `"y" is not declared`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readClaims(c.text + snapshots)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %s", err, c.want)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	all := readAll(t)
	for _, c := range []struct {
		name          string
		env           []string
		shown, labels []string
		err           string
	}{
		{"nothing", nil, nil, nil, ""},
		{"two claims", []string{"ID", "c07,C46"}, []string{"C07", "C46"},
			[]string{"txn", "claims-sync"}, ""},
		{"claims that share a snapshot", []string{"ID", "C46 C47"}, []string{"C46", "C47"},
			[]string{"claims-sync"}, ""},
		{"a claim that cannot be measured", []string{"ID", "C22"}, []string{"C22"}, nil, ""},
		{"a misspelt claim", []string{"ID", "C7"}, nil, nil, `there is no claim "C7"`},
		{"DIR alone", []string{"DIR", "/tmp"}, nil, nil, "DIR has an effect with ID only"},
		{"COUNT alone", []string{"COUNT", "3"}, nil, nil, "COUNT has an effect with ID only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown, labels, err := all.choose(golden.Getenv(c.env...))
			if !slices.Equal(shown, c.shown) || !slices.Equal(labels, c.labels) {
				t.Errorf("%q, %q; want %q, %q", shown, labels, c.shown, c.labels)
			}
			if (err == nil) != (c.err == "") || !strings.Contains(errorText(err), c.err) {
				t.Errorf("the error is %v, want %q", err, c.err)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
