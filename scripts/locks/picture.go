package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"busybench/bench/format"
	"busybench/bench/timeline"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// draw stores a picture of when each process held the write lock, for each database.
func draw(ctx context.Context, out io.Writer, results []result, label string) error {
	path, err := snapshot.Path(label)
	if err != nil {
		return err
	}
	for i, r := range results {
		name := "svg"
		if len(results) > 1 {
			name = fmt.Sprintf("%d.svg", i+1)
		}
		var svg strings.Builder
		if err := chart.DrawHolds(&svg, r.picture()); err != nil {
			return err
		}
		file := snapshot.File{Path: snapshot.Sibling(path, name), Text: svg.String()}
		if err := snapshot.Store(ctx, file); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s is written.\n", file.Path); err != nil {
			return err
		}
	}
	return nil
}

// picture returns what is drawn.
func (r result) picture() chart.Holds {
	w := r.watch
	picture := chart.Holds{
		Title: "Who held the write lock of " + filepath.Base(r.db.name),
		Subtitle: fmt.Sprintf("%s in %s: the write lock was held in %s %% of them.",
			format.Count(w.looks, "look"), format.Duration(w.last),
			format.Number(100*w.share(w.taken))),
		Length: int64(max(w.last, time.Millisecond)),
	}
	for _, u := range w.usages() {
		row := chart.HoldRow{Name: r.commands.process(u.pid)}
		for _, h := range w.holds {
			if h.pid == u.pid {
				row.Spans = append(row.Spans, timeline.Span{From: int64(h.from), To: int64(h.to)})
			}
		}
		picture.Rows = append(picture.Rows, row)
	}
	return picture
}
