package main

import (
	"errors"
	"fmt"
)

// formats are the values of FORMAT, with what each prints.
var formats = map[string]func(report) string{
	"": report.String, "md": report.markdown, "csv": report.csv,
}

// checkFormat rejects an unknown FORMAT, and a gate whose text would be in the middle of CSV.
func checkFormat(getenv func(string) string) error {
	name := getenv("FORMAT")
	if formats[name] == nil {
		return fmt.Errorf("unknown FORMAT %q; give md or csv, or none for text", name)
	}
	if name == "csv" && getenv("GATE") != "" {
		return errors.New("GATE prints text, not CSV: give GATE or FORMAT=csv")
	}
	return nil
}
