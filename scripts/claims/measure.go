package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"busybench/bench/nearest"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// allIDs is the value of ID for all claims without a snapshot.
const allIDs = "all"

// choose reads ID. It returns the claims to print, none for all, and the labels of the snapshots
// to measure.
func (c claims) choose(getenv func(string) string) (shown, labels []string, err error) {
	ids := strings.FieldsFunc(getenv("ID"), func(r rune) bool { return r == ',' || r == ' ' })
	if len(ids) == 0 {
		for _, name := range []string{"COUNT", "DIR"} {
			if getenv(name) != "" {
				return nil, nil, fmt.Errorf("%s has an effect with ID only; give ID too", name)
			}
		}
		return nil, nil, nil
	}
	if slices.Equal(ids, []string{allIDs}) {
		return nil, c.lacking(), nil
	}
	for _, id := range ids {
		claim, err := c.find(id)
		if err != nil {
			return nil, nil, err
		}
		shown = append(shown, claim.ID)
		for _, label := range claim.labels() {
			if !slices.Contains(labels, label) {
				labels = append(labels, label)
			}
		}
	}
	return shown, labels, nil
}

// find returns the claim with an id.
func (c claims) find(id string) (claim, error) {
	var ids []string
	for _, claim := range c.Claims {
		if strings.EqualFold(claim.ID, id) {
			return claim, nil
		}
		ids = append(ids, claim.ID)
	}
	return claim{}, fmt.Errorf("ID: there is no claim %q%s; give some of %s to %s, or %s", id,
		nearest.Question(strings.ToUpper(id), ids), ids[0], ids[len(ids)-1], allIDs)
}

// lacking returns the labels of those snapshots that do not exist.
func (c claims) lacking() (labels []string) {
	for _, s := range c.Sources {
		if _, err := os.Stat(filepath.Join(snapshot.Dir, s.Label+".txt")); err != nil {
			labels = append(labels, s.Label)
		}
	}
	return labels
}

// bench is what make bench does.
var bench = runner.Config{Target: command.Bench}

// setting returns what make bench gets as the value of a setting.
func (s source) setting(name string) string {
	if name == "LABEL" {
		return s.Label
	}
	return s.Settings[name]
}

// command returns the command that makes the snapshot.
func (s source) command() (string, error) { return bench.CommandLine(s.setting) }

// measure makes a snapshot, with the DIR and the COUNT of the environment if they are given.
func (c claims) measure(
	ctx context.Context, stdout io.Writer, label string, getenv func(string) string,
) error {
	s, _ := c.source(label) // check has found it
	line, err := s.command()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stdout, line); err != nil {
		return err
	}
	settings := func(name string) string {
		if own := getenv(name); own != "" && command.Claims.Has(name) {
			return own
		}
		return s.setting(name)
	}
	done := func(context.Context, io.Writer, runner.Output) error { return nil }
	return bench.Make(ctx, settings, done)
}
