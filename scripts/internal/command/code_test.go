package command

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The tests in this file compare the targets with the Makefile and with the code of the scripts.

const scriptsDir = "../.."

func TestTheMakefileHasTheTargets(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(scriptsDir, "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?m)^scripts := (.*)$`).FindSubmatch(text)
	if list == nil {
		t.Fatal("the Makefile has no list of scripts")
	}
	got := append(strings.Fields(string(list[1])), "test")
	var want []string
	for _, target := range Targets {
		want = append(want, target.Name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the Makefile has %q, want %q", got, want)
	}
}

func TestEachScriptIsATarget(t *testing.T) {
	mains, err := filepath.Glob(filepath.Join(scriptsDir, "*", "main.go"))
	if err != nil || len(mains) == 0 {
		t.Fatalf("scripts are %q, %v", mains, err)
	}
	for _, path := range mains {
		name := filepath.Base(filepath.Dir(path))
		if !slices.ContainsFunc(Targets, func(t Target) bool { return t.Name == name }) {
			t.Errorf("scripts/%s is not a target", name)
		}
	}
}

// A setting that is read and not declared would be refused. One that is declared and not read would
// have no effect.
func TestScriptsReadTheSettingsOfTheirTargets(t *testing.T) {
	runner := readCode(t, "internal", "runner")
	snapshot := readCode(t, "internal", "snapshot")
	for _, target := range Targets {
		t.Run(target.Name, func(t *testing.T) {
			script := readCode(t, target.Name)
			for _, name := range script.reads {
				if !target.Has(name) && !foreign.MatchString(name) {
					t.Errorf("the script reads %s, which the target does not declare", name)
				}
			}
			known := script.reads
			if slices.Contains(script.imports, "busybench/scripts/internal/runner") {
				known = append(known, runner.reads...)
			} else {
				known = append(known, snapshot.reads...)
			}
			for _, s := range target.Settings {
				if !slices.Contains(known, s.Name) {
					t.Errorf("the target declares %s, which the script does not read", s.Name)
				}
			}
		})
	}
}

func TestSharedCodeReadsOnlySettings(t *testing.T) {
	for _, name := range slices.Concat(
		readCode(t, "internal", "runner").reads, readCode(t, "internal", "snapshot").reads,
	) {
		if len(owners(name)) == 0 {
			t.Errorf("%s is not a setting of any target", name)
		}
	}
}

// code is what the files of a package say about settings.
type code struct {
	imports []string
	reads   []string // the settings that are read from the environment or become flags
}

// capitals matches the name of a setting.
var capitals = regexp.MustCompile(`^[A-Z][A-Z0-9]*$`)

// readCode reads the files of a package, without its tests.
func readCode(t *testing.T, path ...string) (c code) {
	t.Helper()
	dir := filepath.Join(append([]string{scriptsDir}, path...)...)
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Go file in %s: %v", dir, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, c.add)
	}
	return c
}

func (c *code) add(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		c.imports = append(c.imports, literal(n.Path))
	case *ast.CallExpr:
		if len(n.Args) > 0 && readsSetting(n.Fun) {
			c.addRead(n.Args[0])
		}
	case *ast.CompositeLit:
		if isSettingWithAxis(n.Elts) {
			c.addRead(n.Elts[0])
		}
		for _, e := range n.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok && isName(pair.Key, "Name") {
				c.addRead(pair.Value)
			}
		}
	}
	return true
}

// isSettingWithAxis reports whether the elements are a setting and its axis, as {"EXEC", "exec"}.
func isSettingWithAxis(elements []ast.Expr) bool {
	return len(elements) == 2 && literal(elements[1]) != "" &&
		literal(elements[1]) == strings.ToLower(literal(elements[0]))
}

func (c *code) addRead(e ast.Expr) {
	if text := literal(e); capitals.MatchString(text) {
		c.reads = append(c.reads, text)
	}
}

// readsSetting reports whether a function takes the name of a setting.
func readsSetting(f ast.Expr) bool {
	if s, ok := f.(*ast.SelectorExpr); ok {
		f = s.Sel
	}
	return isName(f, "getenv", "Getenv", "get", "Default", "Has")
}

func isName(e ast.Expr, names ...string) bool {
	id, ok := e.(*ast.Ident)
	return ok && slices.Contains(names, id.Name)
}

// literal returns the value of a string literal, or an empty text.
func literal(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		text, _ := strconv.Unquote(lit.Value) // an error leaves it empty
		return text
	}
	return ""
}
