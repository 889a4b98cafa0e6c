package scenario

import (
	"strings"
	"testing"
)

func TestPresetsAreAxes(t *testing.T) {
	for _, p := range Presets {
		t.Run(p.Name, func(t *testing.T) {
			s, err := Single("preset="+p.Name+" writers=2", "exec=process conn=held")
			if err != nil {
				t.Fatal(err)
			}
			if want, err := Single(p.Axes+" writers=2", "exec=process conn=held"); s != want {
				t.Errorf("scenario is %+v, want %+v, %v", s, want, err)
			}
			if !strings.HasPrefix(p.Source, "https://") {
				t.Errorf("source is %q", p.Source)
			}
		})
	}
}

func TestAxesGivenBesideAPreset(t *testing.T) {
	for _, axes := range []string{"preset=rails8 sync=full,off", "sync=full,off preset=rails8"} {
		a := mustParse(t, axes)
		if got := a.words["sync"]; len(got) != 2 {
			t.Errorf("%s: sync is %q", axes, got)
		}
		if got := a.words["busy"]; len(got) != 1 || got[0] != "poll:1ms" {
			t.Errorf("%s: busy is %q", axes, got)
		}
	}
}

func TestBadPresets(t *testing.T) {
	for axes, want := range map[string]string{
		"preset=jango5":                "did you mean django5?",
		"preset=":                      "it takes one of django5",
		"preset=django5,rails8":        "it takes one of django5",
		"preset=django5 preset=rails8": "duplicate axis",
	} {
		t.Run(axes, func(t *testing.T) {
			if _, err := Parse(axes); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %q in it", err, want)
			}
		})
	}
}
