package main

import (
	"encoding/json"
	"slices"
	"strings"

	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// document is the JSON of a snapshot. Keys of its rows are the columns of the CSV.
type document struct {
	Snapshot  string            `json:"snapshot"`
	Command   string            `json:"command"`
	Begun     string            `json:"begun"`
	Revisions []string          `json:"revisions"`
	Warnings  []string          `json:"warnings"`
	Header    map[string]string `json:"header"` // the lines that all results have in common
	Units     map[string]string `json:"units"`  // which direction is better, by unit
	Medians   []median          `json:"medians"`
	Rows      []map[string]any  `json:"rows"`
}

// median is the median of a row in a unit. Without an interval, Low and High are null.
type median struct {
	Name   string `json:"name"` // such as "Burst exec=process journal=wal writers=8"
	Unit   string `json:"unit"`
	Better string `json:"better"`
	Runs   int    `json:"runs"`
	Median number `json:"median"`
	Low    number `json:"low"`
	High   number `json:"high"`
	Marked bool   `json:"marked"` // not to be compared: the row refuses attempts
}

// number is a number of the CSV, null if that is empty.
type number string

// MarshalJSON implements [json.Marshaler].
func (n number) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return []byte(n), nil
}

// json returns the snapshot as one JSON object.
func (d data) json() (string, error) {
	doc := document{
		Snapshot: snapshot.Label(d.Path), Command: d.Command, Begun: d.Begun(),
		Revisions: append([]string{}, d.Revisions...), // not null
		Warnings:  append([]string{}, snapshot.Doubts(d.Snapshot)...),
		Header:    map[string]string{}, Units: map[string]string{},
		Medians: d.medians(),
	}
	for _, key := range d.HeaderKeys() {
		if d.isCommon(key) {
			doc.Header[key] = d.Results[0].GetConfig(key)
		}
	}
	for _, unit := range d.units {
		doc.Units[unitColumn(unit)] = better(unit)
	}
	for _, r := range d.Results {
		doc.Rows = append(doc.Rows, d.object(d.cells(r)))
	}
	var text strings.Builder
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	err := out.Encode(doc)
	return text.String(), err
}

// object returns the cells of a result by column. Figures are numbers, other cells are texts except
// for the run and whether it is disturbed. An empty cell is null.
func (d data) object(cells []string) map[string]any {
	object := map[string]any{}
	columns := d.columns()
	firstUnit := len(columns) - len(d.units)
	for i, name := range columns {
		switch {
		case cells[i] == "":
			object[name] = nil
		case name == "run" || i >= firstUnit:
			object[name] = number(cells[i])
		case name == "disturbed":
			object[name] = cells[i] == "true"
		default:
			object[name] = cells[i]
		}
	}
	return object
}

// medians returns the medians of all rows in all units.
func (d data) medians() (all []median) {
	for _, row := range d.Rows() {
		for _, unit := range row.Units() {
			if !slices.Contains(d.units, unit) {
				continue
			}
			samples := row.Samples(unit)
			s := snapshot.Summary(samples)
			text := func(v float64) number {
				return number(snapshot.FormatNumber(snapshot.InUnit(unit, v)))
			}
			all = append(all, median{
				Name: row.Title(), Unit: unit, Better: better(unit), Runs: len(samples),
				Median: text(s.Center), Low: text(s.Lo), High: text(s.Hi),
				Marked: row.Refuses() && snapshot.DependsOnRefusals(unit),
			})
		}
	}
	return all
}

// better returns which direction of a unit is better: "higher", "lower", or "none" if neither is.
func better(unit string) string {
	for _, u := range metrics.Units {
		if u.Name == unit {
			return u.Better
		}
	}
	return "none"
}
