package main

import (
	"encoding/csv"
	"strings"
)

// csv returns a line for each result, below the names of the columns.
func (d data) csv() (string, error) {
	var text strings.Builder
	out := csv.NewWriter(&text)
	if err := out.Write(d.columns()); err != nil {
		return "", err
	}
	for _, r := range d.Results {
		if err := out.Write(d.cells(r)); err != nil {
			return "", err
		}
	}
	out.Flush()
	return text.String(), out.Error()
}
