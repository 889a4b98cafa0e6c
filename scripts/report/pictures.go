package main

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"strings"

	"busybench/bench/timeline"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/curves"
	"busybench/scripts/internal/snapshot"
)

// picture is an SVG element, which package chart has drawn and escaped.
type picture struct {
	Title string
	SVG   template.HTML
}

// newPicture takes an SVG file.
func newPicture(title, svg string) (picture, error) {
	_, element, ok := strings.Cut(svg, "<svg ")
	if !ok {
		return picture{}, fmt.Errorf("the picture of %s has no svg element", title)
	}
	return picture{title, template.HTML("<svg " + element)}, nil
}

// drawCurves draws what make plot draws, if the snapshot has any of it.
func drawCurves(s *snapshot.Snapshot) (pictures []picture, err error) {
	source, err := curves.Load(s.Path, snapshot.Writing)
	if err != nil {
		return nil, nil // no such benchmarks, or not comparable: the tables show all
	}
	files, err := curves.Job{Source: source, By: source.ChooseBy()}.Draw()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		p, err := newPicture(file.Title, file.Text)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, p)
	}
	return pictures, nil
}

// drawTimelines draws the rounds that make timeline stored beside the snapshot, if it did. Notes
// say which are not drawn.
func drawTimelines(path string) (pictures []picture, notes []string, err error) {
	file, err := os.Open(snapshot.Sibling(path, "trace.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	rounds, err := timeline.ReadTrace(file)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file.Name(), err)
	}
	for _, round := range rounds {
		draws := []func(io.Writer, timeline.Timeline) error{chart.DrawTimeline}
		if round.HasFigures() {
			draws = append(draws, chart.DrawTracks)
		}
		for _, draw := range draws {
			p, err := drawRound(round, draw)
			if errors.Is(err, chart.ErrTooMany) {
				notes = append(notes, fmt.Sprintf("%s is not drawn: %v.", round.Name, err))
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			pictures = append(pictures, p)
		}
	}
	return pictures, notes, nil
}

func drawRound(
	round timeline.Timeline, draw func(io.Writer, timeline.Timeline) error,
) (picture, error) {
	var svg strings.Builder
	if err := draw(&svg, round); err != nil {
		return picture{}, err
	}
	return newPicture(round.Name, svg.String())
}
