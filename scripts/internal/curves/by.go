package curves

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/nearest"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// CheckBy fails if a snapshot cannot be drawn along an axis. The error says along which it can be.
func CheckBy(by string, s *Source) error {
	if by == "" {
		return nil
	}
	var reason string
	all := s.values(by)
	header := snapshot.Setting(s.rows[0].Results[0], by)
	switch isAxis := scenario.IsAxis(by); {
	case strings.ContainsAny(by, "=, "):
		reason = "give the name of one axis, without values"
	case by == "writers":
		reason = "the number of writers is the X axis already"
	case len(all) > 1:
		return nil
	case len(all) == 1:
		reason = fmt.Sprintf("%s has only %s=%s", s.Path, by, all[0])
	case isAxis && header != "":
		reason = fmt.Sprintf("%s has only %s=%s", s.Path, by, header)
	case isAxis:
		reason = s.Path + " has no values of it"
	default:
		reason = "there is no such axis" + nearest.Question(by, scenario.Names())
	}
	return fmt.Errorf("BY=%s: %s; %s", by, reason, s.choices())
}

// values returns the values of an axis in the benchmark that has the most.
func (s *Source) values(axis string) (longest []string) {
	for _, name := range s.Benchmarks() {
		if all := values(s.rowsOf(name), axis); len(all) > len(longest) {
			longest = all
		}
	}
	return longest
}

// choices says along which axes a snapshot can be drawn.
func (s *Source) choices() string {
	var all []string
	for _, axis := range varying(s.rows) {
		if values := s.values(axis); axis != "writers" && len(values) > 1 {
			all = append(all, fmt.Sprintf("BY=%s (%s)", axis, strings.Join(values, ", ")))
		}
	}
	if all == nil {
		return snapshot.Label(s.Path) + " has no other axis with several values"
	}
	return "possible are " + strings.Join(all, ", ")
}

// ChooseBy returns the axis along which a snapshot is drawn if none is asked for: none if the
// number of writers varies, and otherwise the first other one whose panels fit.
func (s *Source) ChooseBy() string {
	if len(s.values("writers")) > 1 {
		return ""
	}
	for _, axis := range varying(s.rows) {
		isExtra := !slices.Contains(scenario.AlwaysNamed, axis) && scenario.IsAxis(axis)
		if isExtra && len(s.values(axis)) > 1 && s.fits(axis) {
			return axis
		}
	}
	return ""
}

// fits reports whether all panels of a picture along an axis fit into it.
func (s *Source) fits(axis string) bool {
	for _, name := range s.Benchmarks() {
		rows := s.rowsOf(name)
		b := panelBuilder{benchmark: name, figure: figures[0], layout: newLayout(axis, rows)}
		b.addSource(s)
		if len(b.panels) > maxPanels {
			return false
		}
	}
	return true
}
