package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       int
	}{
		{"an empty line has none", "", 0},
		{"a tab counts 4", "\tx", 5},
		{"a tab counts 4 at any place", "xx\t\tx", 11},
		{"a letter of two bytes counts 1", "±é", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := columns(c.line); got != c.want {
				t.Errorf("%q has %d columns, want %d", c.line, got, c.want)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	const (
		head        = "package p\n\n"
		at3         = "a.go:3: 101 columns; use at most 100"
		unformatted = "a.go is not formatted; run gofmt -w a.go"
	)
	// comment is a comment of the given width.
	comment := func(width int) string { return "//" + strings.Repeat("x", width-2) + "\n" }
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a line of 100 columns is no problem", head + comment(100), nil},
		{"a line of 101 columns is named by its number", head + comment(101),
			[]string{at3}},
		{"each long line is named", head + comment(101) + "\n" + comment(120),
			[]string{at3, "a.go:5: 120 columns; use at most 100"}},
		{"a tab counts 4 columns", head + "func f() {\n\t" + comment(97) + "}\n",
			[]string{"a.go:4: 101 columns; use at most 100"}},
		{"the last line needs no newline", head + strings.TrimSuffix(comment(101), "\n"),
			[]string{unformatted, at3}},
		{"a line that gofmt would change", head + "var  x int\n",
			[]string{unformatted}},
		{"a file that is not Go", head + "func 3() {}\n",
			[]string{"a.go: 3:6: expected 'IDENT', found 3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems("a.go", []byte(c.text)); !slices.Equal(got, c.want) {
				t.Errorf("problems are %q, want %q", got, c.want)
			}
		})
	}
}

func TestStartsGoroutine(t *testing.T) {
	for body, want := range map[string]bool{
		"go f()":                      true,
		"func() { go f() }()":         true,
		"group.Go(f)":                 true,
		"time.AfterFunc(1, f)":        true,
		"f()":                         false,
		"Go(f)":                       false,
		"_ = \"go f()\" // go f()":    false,
		"this is not valid; go f() }": false,
	} {
		t.Run(body, func(t *testing.T) {
			text := []byte("package p\nfunc f() {\n" + body + "\n}\n")
			if got := startsGoroutine(text); got != want {
				t.Errorf("is %v, want %v", got, want)
			}
		})
	}
}

func TestReadSource(t *testing.T) {
	const serial, concurrent = "package p\n", "package p\n\nfunc f() { go f() }\n"
	root := t.TempDir()
	for path, text := range map[string]string{
		"go.mod":                 "module m\n",
		"a/a.go":                 concurrent,
		"a/b/b.go":               serial,
		"a/b/b_test.go":          concurrent,
		"a/z.go":                 concurrent,
		"c/c.go":                 serial,
		"c/c.txt":                "a text that is not Go",
		"c/testdata/x.go":        "not Go",
		"c/_old/x.go":            "not Go",
		".build/x.go":            "not Go",
		"nested/go.mod":          "module n\n",
		"nested/d/concurrent.go": concurrent,
		"nested/d/wide.go":       serial + "\n//" + strings.Repeat("x", 99) + "\n",
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	got, err := readSource(".")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"./a", "./a/b"}; !slices.Equal(got.concurrent, want) {
		t.Errorf("packages with goroutines are %q, want %q", got.concurrent, want)
	}
	want := []string{"nested/d/wide.go:3: 101 columns; use at most 100"}
	if !slices.Equal(got.problems, want) {
		t.Errorf("problems are %q, want %q", got.problems, want)
	}
}

func TestCCompilerIsTheFirstWordOfCC(t *testing.T) {
	for cc, want := range map[string]string{
		"": "gcc", "clang": "clang", " ccache gcc -m64": "ccache",
	} {
		t.Run(cc, func(t *testing.T) {
			t.Setenv("CC", cc)
			if got := cCompiler(); got != want {
				t.Errorf("is %q, want %q", got, want)
			}
		})
	}
}
