// History shows how a committed snapshot changed: it reads all versions of the file from git, and
// draws a point for each, with a line for each row. It prints a table, and marks changes.
//
// "make history" calls it from the top of the repository. Its settings are those of
// [command.History], from the environment; -h prints them.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

func main() {
	command.History.Start()
	ctx, stop := lifetime.Context()
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv); err != nil {
		command.PrintError("history", err)
		os.Exit(2)
	}
}

// run draws all pictures, stores them, and then prints the tables.
func run(ctx context.Context, stdout io.Writer, getenv func(string) string) error {
	path, err := snapshot.Resolve(getenv("LABEL"))
	if err != nil {
		return err
	}
	h, err := readHistory(ctx, path)
	if err != nil {
		return err
	}
	if err := h.choose(cmp.Or(getenv("BENCH"), ".")); err != nil {
		return err
	}
	units, err := h.units(cmp.Or(getenv("UNITS"), command.History.Default("UNITS")))
	if err != nil {
		return err
	}
	var files []snapshot.File
	var text string
	for _, unit := range units {
		c := h.chart(unit)
		file, err := c.draw(h.picturePath(unit, units))
		if err != nil {
			return err
		}
		files = append(files, file)
		text += c.tables() + fmt.Sprintf("%s is written.\n\n", file.Path)
	}
	if err := snapshot.Store(ctx, files...); err != nil {
		return err
	}
	_, err = io.WriteString(stdout, text+h.notes())
	return err
}
