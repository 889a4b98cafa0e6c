package docs

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
)

var update = flag.Bool("update", false, "write the generated tables into "+reference)

// tables are the generated parts of the reference, by the name in their markers.
var tables = map[string]func() string{
	"axes":     axesTable,
	"presets":  presetsTable,
	"units":    unitsTable,
	"flags":    flagsTable,
	"targets":  targetsTable,
	"settings": settingsTable,
}

func TestReferenceIsCurrent(t *testing.T) {
	have := read(t, reference)
	want := have
	for name, table := range tables {
		begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->\n"
		before, rest, ok := strings.Cut(want, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("%s has no lines %q and %q", reference, begin, end)
		}
		want = before + begin + "\n" + table() + "\n" + end + after
	}
	if have == want {
		return
	}
	if *update {
		if err := os.WriteFile(filepath.Join(root, reference), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is not current; run go generate ./bench (-file +code):\n%s",
		reference, cmp.Diff(have, want))
}

// markdownTable returns a table with these cells.
func markdownTable(head []string, rows [][]string) string {
	var out strings.Builder
	write := func(cells []string) {
		for _, cell := range cells {
			out.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
		}
		out.WriteString("|\n")
	}
	write(head)
	out.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, row := range rows {
		write(row)
	}
	return out.String()
}

// code formats text as code, and nothing as nothing.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func presetsTable() string {
	var rows [][]string
	for _, p := range scenario.Presets {
		rows = append(rows, []string{code(p.Name), code(p.Axes), "[source](" + p.Source + ")"})
	}
	return markdownTable([]string{"preset", "stands for", ""}, rows)
}

func axesTable() string {
	var rows [][]string
	for _, a := range scenario.Describe() {
		rows = append(rows, []string{code(a.Name), a.Values, code(a.Default), a.Doc})
	}
	return markdownTable([]string{"axis", "values", "default", "is"}, rows)
}

func unitsTable() string {
	var rows [][]string
	for _, u := range metrics.Units {
		rows = append(rows, []string{code(u.Name), u.Of, u.Better, u.Doc})
	}
	return markdownTable([]string{"unit", "of", "better", "is"}, rows)
}

func flagsTable() string {
	var rows [][]string
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	bench.RegisterFlags(flags)
	flags.VisitAll(func(f *flag.Flag) {
		argument, usage := flag.UnquoteUsage(f)
		if f.DefValue != "" && !isBool(f) {
			usage += " (default " + f.DefValue + ")"
		}
		rows = append(rows, []string{code(strings.TrimSpace("-" + f.Name + " " + argument)), usage})
	})
	return markdownTable([]string{"flag", "is"}, rows)
}

func targetsTable() string {
	var rows [][]string
	for _, target := range command.Targets {
		rows = append(rows, []string{code("make " + target.Name), target.Doc, target.Takes})
	}
	return markdownTable([]string{"command", "for", "takes"}, rows)
}

// settingsTable has a row for each setting, with the targets that have it. What it is stands behind
// the targets' names if they differ in it.
func settingsTable() string {
	var rows [][]string
	for _, name := range settingNames() {
		var of, docs []string
		targets := map[string][]string{} // by doc
		for _, target := range command.Targets {
			i := slices.IndexFunc(target.Settings, func(s command.Setting) bool {
				return s.Name == name
			})
			if i < 0 {
				continue
			}
			s := target.Settings[i]
			of = append(of, strings.TrimSuffix(target.Name+" ("+code(s.Default)+")", " ()"))
			if targets[s.Doc] == nil {
				docs = append(docs, s.Doc)
			}
			targets[s.Doc] = append(targets[s.Doc], target.Name)
		}
		if len(docs) > 1 {
			for i, doc := range docs {
				docs[i] = strings.Join(targets[doc], ", ") + ": " + doc
			}
		}
		rows = append(rows,
			[]string{code(name), strings.Join(of, ", "), strings.Join(docs, "<br>")})
	}
	return markdownTable([]string{"setting", "of (default)", "is"}, rows)
}

// settingNames returns the names of all settings, each once.
func settingNames() (names []string) {
	for _, target := range command.Targets {
		for _, s := range target.Settings {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

func TestEachSettingHasOneRow(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(settingsTable()) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " ")
		if seen[name] {
			t.Errorf("%s has two rows", name)
		}
		seen[name] = true
	}
	if len(seen) < 20 {
		t.Errorf("the table has %d rows", len(seen))
	}
}
