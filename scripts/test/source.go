package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxColumns is the maximum width of a line of Go.
const maxColumns = 100

// source is the result of checking a module's Go files.
type source struct {
	problems []string
	// concurrent lists the packages of which a file, or a test, starts goroutines, such as
	// "./bench".
	concurrent []string
}

// readSource reads every Go file below root, except those that the go command ignores. Files of a
// nested module are checked, but its packages are not listed: "go test" cannot test them from here.
func readSource(root string) (s source, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && isIgnored(entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s.problems = append(s.problems, problems(path, text)...)
		dir := filepath.Dir(path)
		if startsGoroutine(text) && !isNested(root, dir) {
			s.concurrent = append(s.concurrent, "./"+dir)
		}
		return nil
	})
	slices.Sort(s.concurrent)
	s.concurrent = slices.Compact(s.concurrent)
	return s, err
}

// isIgnored reports whether "./..." leaves out directories of this name.
func isIgnored(name string) bool {
	return name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// isNested reports whether a directory belongs to another module than root does.
func isNested(root, dir string) bool {
	for ; dir != root; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

// problems returns what is wrong with the layout of a Go file.
func problems(path string, text []byte) (problems []string) {
	if formatted, err := format.Source(text); err != nil {
		problems = append(problems, fmt.Sprintf("%s: %v", path, err))
	} else if !bytes.Equal(formatted, text) {
		problems = append(problems, fmt.Sprintf("%s is not formatted; run gofmt -w %s", path, path))
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if n := columns(strings.TrimSuffix(line, "\n")); n > maxColumns {
			problems = append(problems,
				fmt.Sprintf("%s:%d: %d columns; use at most %d", path, number, n, maxColumns))
		}
	}
	return problems
}

// columns returns the width of a line, in which a tab counts 4.
func columns(line string) int {
	return utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
}

// startsGoroutine reports whether a Go file has a go statement, or a call of a method or function
// that runs its argument in a goroutine: Go (of errgroup.Group and sync.WaitGroup) or AfterFunc. It
// is false for a file that is not valid Go.
func startsGoroutine(text []byte) (found bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.SelectorExpr)
			found = found || ok && (f.Sel.Name == "Go" || f.Sel.Name == "AfterFunc")
		}
		return !found
	})
	return found
}
