package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"busybench/bench/nearest"
)

// Preset is what a framework or a driver does if its user configures nothing.
type Preset struct {
	Name   string
	Axes   string // for [Parse]
	Source string // URL of a page that says so
}

// Presets lists all presets. They leave out what depends on the program: exec and writers, and conn
// if connections come and go.
var Presets = []Preset{
	{"django5", "journal=delete sync=full busy=5s txn=deferred conn=fresh",
		"https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes"},
	{"rails8", "journal=wal sync=normal busy=poll:1ms txn=immediate conn=held " +
		"pragma.mmap_size=134217728 pragma.journal_size_limit=67108864 pragma.cache_size=2000",
		"https://api.rubyonrails.org/v8.0/classes/ActiveRecord/ConnectionAdapters/" +
			"SQLite3Adapter.html"},
	{"python", "journal=delete sync=full busy=5s txn=deferred conn=held",
		"https://docs.python.org/3/library/sqlite3.html#sqlite3.connect"},
	{"pocketbase", "exec=goroutine journal=wal sync=normal busy=10s txn=auto conn=pool " +
		"pragma.journal_size_limit=200000000 pragma.temp_store=MEMORY pragma.cache_size=-32000",
		"https://github.com/pocketbase/pocketbase/blob/master/core/db_connect.go"},
	{"go-database-sql", "exec=goroutine journal=delete sync=full busy=5s txn=deferred",
		"https://pkg.go.dev/github.com/mattn/go-sqlite3#SQLiteDriver.Open"},
}

// presetName begins the word that stands for the axes of a preset.
const presetName = "preset"

// expandPreset replaces a word such as "preset=django5" by the axes of the preset that are not
// given themselves.
func expandPreset(fields []string) ([]string, error) {
	i := slices.IndexFunc(fields, func(field string) bool {
		return strings.HasPrefix(field, presetName+"=")
	})
	if i < 0 {
		return fields, nil
	}
	preset, err := findPreset(strings.TrimPrefix(fields[i], presetName+"="))
	if err != nil {
		return nil, err
	}
	rest := slices.Delete(slices.Clone(fields), i, i+1)
	given := map[string]bool{}
	for _, field := range rest {
		given[axisOf(field)] = true
	}
	if given[presetName] {
		return nil, fmt.Errorf("duplicate axis %q; give it once, with one value", presetName)
	}
	for _, field := range strings.Fields(preset.Axes) {
		if !given[axisOf(field)] {
			rest = append(rest, field)
		}
	}
	return rest, nil
}

func findPreset(name string) (Preset, error) {
	byName := map[string]Preset{}
	for _, p := range Presets {
		byName[p.Name] = p
	}
	p, ok := byName[strings.ToLower(name)]
	if !ok {
		known := slices.Sorted(maps.Keys(byName))
		return p, fmt.Errorf("bad value %q for preset%s; it takes one of %s",
			name, nearest.Question(name, known), strings.Join(known, ", "))
	}
	return p, nil
}

// axisOf returns the part of a word before "=".
func axisOf(field string) string {
	name, _, _ := strings.Cut(field, "=")
	return name
}
