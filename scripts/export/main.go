// Export prints the data of a snapshot for other programs, as CSV or JSON, or tables of its medians
// in Markdown.
//
// "make export" calls it from the top of the repository. Its settings are those of
// [command.Export], from the environment; -h prints them.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

func main() {
	command.Export.Start()
	if err := run(os.Stdout, os.Getenv); err != nil {
		command.PrintError("export", err)
		os.Exit(2)
	}
}

// formats are the values of FORMAT, with what each prints.
var formats = map[string]func(data) (string, error){
	"csv": data.csv, "json": data.json, "md": data.markdown,
}

// run prints nothing if it fails.
func run(stdout io.Writer, getenv func(string) string) error {
	name := cmp.Or(getenv("FORMAT"), command.Export.Default("FORMAT"))
	print := formats[name]
	if print == nil {
		return fmt.Errorf("unknown FORMAT %q; give csv, json or md", name)
	}
	path, err := snapshot.Resolve(getenv("LABEL"))
	if err != nil {
		return err
	}
	s, err := snapshot.Read(path)
	if err != nil {
		return err
	}
	if err := s.Select(cmp.Or(getenv("BENCH"), ".")); err != nil {
		return err
	}
	selected, err := snapshot.ParseUnits(getenv("UNITS"), s)
	if err != nil {
		return err
	}
	text, err := print(newData(s, selected, getenv("UNITS") == ""))
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, text)
	return err
}
