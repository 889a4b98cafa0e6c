package command

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/bench/scenario"
)

func TestOverviewNamesEveryTargetAndSetting(t *testing.T) {
	text := oneLine(Overview())
	for _, target := range Targets {
		row := []string{target.Name, target.Takes, target.Doc}
		if want := oneLine(strings.Join(row, " ")); !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, Overview())
		}
		for _, s := range target.Settings {
			if !strings.Contains(text, " "+s.Name+" ") {
				t.Errorf("no variable %s in:\n%s", s.Name, Overview())
			}
		}
	}
	for _, example := range overviewExamples {
		if !strings.Contains(Overview(), "\n  "+example+"\n") {
			t.Errorf("no example %q", example)
		}
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	for _, target := range Targets {
		t.Run(target.Name, func(t *testing.T) {
			text := target.Help()
			if !strings.HasPrefix(text, "make "+target.Name+": ") {
				t.Errorf("begins with %.40q", text)
			}
			for _, s := range target.Settings {
				line := regexp.MustCompile(`(?m)^  ` + s.Name + ` +\S`)
				if !line.MatchString(text) {
					t.Errorf("no line on %s in:\n%s", s.Name, text)
				}
			}
		})
	}
}

func TestHelpNamesEveryDefault(t *testing.T) {
	for _, target := range Targets {
		t.Run(target.Name, func(t *testing.T) {
			text := oneLine(target.Help())
			for _, s := range target.Settings {
				if want := s.Doc + " (default: " + s.Default + ")"; s.Default != "" &&
					!strings.Contains(text, want) {
					t.Errorf("no %q in:\n%s", want, text)
				}
			}
		})
	}
}

// oneLine undoes line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestHelpFitsATerminal(t *testing.T) {
	texts := map[string]string{"overview": Overview()}
	for _, target := range Targets {
		texts["make "+target.Name] = target.Help()
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			for line := range strings.Lines(text) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > format.Columns {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			if n := strings.Count(text, "\n"); n > 50 {
				t.Errorf("%d lines", n)
			}
		})
	}
}

// A command in the help is one that make takes.
func TestExamplesAreCommands(t *testing.T) {
	examples := slices.Clone(overviewExamples)
	for _, target := range Targets {
		examples = append(examples, target.Examples...)
	}
	if len(overviewExamples) != 5 {
		t.Errorf("the overview has %d examples, want 5", len(overviewExamples))
	}
	for _, example := range examples {
		t.Run(example, func(t *testing.T) {
			words := splitWords(example)
			if words[0] != "make" {
				t.Fatalf("begins with %q", words[0])
			}
			if err := checkCommand(words[1:]...); err != nil {
				t.Error(err)
			}
			for _, word := range words[1:] {
				if axes, ok := strings.CutPrefix(word, "AXES="); ok {
					if _, err := scenario.Parse(axes); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

// Whoever copies an example must not replace a committed snapshot or its pictures.
func TestExamplesLeaveCommittedSnapshotsAlone(t *testing.T) {
	results := filepath.Join(scriptsDir, "..", "results")
	tracked, err := exec.Command("git", "ls-files", results).Output()
	if err != nil {
		t.Skip("not in a checkout:", err)
	}
	if len(tracked) == 0 {
		t.Fatal("there is no committed snapshot")
	}
	for _, target := range Targets {
		for _, example := range target.Examples {
			label := target.Default("LABEL")
			for _, word := range splitWords(example) {
				for _, name := range []string{"LABEL=", "OLD=", "NEW="} {
					if value, ok := strings.CutPrefix(word, name); ok {
						label = value
					}
				}
			}
			if label != "" && strings.Contains(string(tracked), "/"+label+".txt\n") {
				t.Errorf("%s uses the committed snapshot %s", example, label)
			}
		}
	}
}

// splitWords splits a command as a shell does, if quotes are its only special characters.
func splitWords(command string) (words []string) {
	for _, word := range regexp.MustCompile(`('[^']*'|[^ '])+`).FindAllString(command, -1) {
		words = append(words, strings.ReplaceAll(word, "'", ""))
	}
	return words
}

func TestDefaultAxesAreAxes(t *testing.T) {
	for _, target := range Targets {
		t.Run(target.Name, func(t *testing.T) {
			if _, err := scenario.Parse(target.Default("AXES")); err != nil {
				t.Error(err)
			}
		})
	}
}
