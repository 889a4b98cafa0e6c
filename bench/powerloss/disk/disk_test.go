package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"testing"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// create creates a file with a content.
func create(t *testing.T, d *Disk, name, content string) *File {
	t.Helper()
	f, err := d.Create(name)
	check(t, err)
	check(t, f.WriteAt([]byte(content), 0))
	return f
}

func TestWhatIsDurable(t *testing.T) {
	for _, test := range []struct {
		name      string
		do        func(*testing.T, *Disk)
		lost, all string // the file "a" if pending changes are lost, and if they are kept
	}{
		{"a write", func(t *testing.T, d *Disk) { overwrite(t, d) }, "old", "new"},
		{"a synced write", func(t *testing.T, d *Disk) {
			check(t, overwrite(t, d).Sync())
		}, "new", "new"},
		{"a write and a synced directory", func(t *testing.T, d *Disk) {
			overwrite(t, d)
			check(t, d.SyncDir())
		}, "old", "new"},
		{"a truncation", func(t *testing.T, d *Disk) {
			check(t, open(t, d).Truncate(1))
		}, "old", "o"},
		{"a synced truncation", func(t *testing.T, d *Disk) {
			check(t, open(t, d).Truncate(1))
			check(t, open(t, d).Sync())
		}, "o", "o"},
		{"a removal", func(t *testing.T, d *Disk) { check(t, d.Remove("a")) }, "old", "-"},
		{"a synced removal", func(t *testing.T, d *Disk) {
			check(t, d.Remove("a"))
			check(t, d.SyncDir())
		}, "-", "-"},
		{"a synced file under a new name", func(t *testing.T, d *Disk) {
			check(t, create(t, d, "b", "new").Sync())
			check(t, d.Rename("b", "a"))
		}, "old", "new"},
		{"a new name of a file that is not synced", func(t *testing.T, d *Disk) {
			create(t, d, "b", "new")
			check(t, d.Rename("b", "a"))
			check(t, d.SyncDir())
		}, "", "new"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := New()
			d.Add("a", []byte("old"))
			test.do(t, d)
			state := d.Cut()
			for model, want := range map[Model]string{All: test.lost, None: test.all} {
				got := "-"
				if content, ok := state.Survivor(model, 1)["a"]; ok {
					got = string(content)
				}
				if got != want {
					t.Errorf("model %v: %q, not %q", model, got, want)
				}
			}
		})
	}
}

func open(t *testing.T, d *Disk) *File {
	t.Helper()
	f, err := d.Open("a")
	check(t, err)
	return f
}

func overwrite(t *testing.T, d *Disk) *File {
	t.Helper()
	f := open(t, d)
	check(t, f.WriteAt([]byte("new"), 0))
	return f
}

// A file of three sectors is overwritten by one write that begins in the middle of the first.
func TestWhatAModelKeeps(t *testing.T) {
	const size = 3 * Sector
	for model, want := range map[Model][]string{
		None:     {"onnn"},
		All:      {"oooo"},
		Random:   {"oooo", "onnn"},
		Torn:     {"oooo", "onnn", "onoo", "oono", "ooon", "onno", "onon", "oonn"},
		Metadata: {"onnn"},
	} {
		t.Run(model.String(), func(t *testing.T) {
			d := New()
			d.Add("a", bytes.Repeat([]byte("o"), size))
			f := open(t, d)
			check(t, f.WriteAt(bytes.Repeat([]byte("n"), size-Sector/2), Sector/2))
			state, seen := d.Cut(), map[string]bool{}
			for seed := range uint64(1000) {
				a := state.Survivor(model, seed)["a"]
				seen[string([]byte{a[0], a[Sector/2], a[Sector], a[2*Sector]})] = true
				if !bytes.Equal(a, state.Survivor(model, seed)["a"]) {
					t.Fatal("the same seed gives another survivor")
				}
			}
			slices.Sort(want)
			if got := slices.Sorted(maps.Keys(seen)); !reflect.DeepEqual(got, want) {
				t.Errorf("survivors are %q, not %q", got, want)
			}
		})
	}
}

// Of two changes each can be kept without the other, in any order.
func TestChangesBecomeDurableInAnyOrder(t *testing.T) {
	for _, model := range []Model{Random, Torn, Metadata} {
		t.Run(model.String(), func(t *testing.T) {
			d, seen := New(), map[string]bool{}
			create(t, d, "first", "")
			create(t, d, "second", "")
			state := d.Cut()
			for seed := range uint64(1000) {
				names := slices.Sorted(maps.Keys(state.Survivor(model, seed)))
				seen[string(bytes.Join(toBytes(names), []byte(" ")))] = true
			}
			if want := (map[string]bool{
				"": true, "first": true, "second": true, "first second": true,
			}); !reflect.DeepEqual(seen, want) {
				t.Errorf("survivors have the names %v", seen)
			}
		})
	}
}

func toBytes(texts []string) (all [][]byte) {
	for _, text := range texts {
		all = append(all, []byte(text))
	}
	return all
}

func TestALostWriteLeavesZeros(t *testing.T) {
	d := New()
	d.Add("a", nil)
	f := open(t, d)
	check(t, f.WriteAt([]byte("x"), Sector))
	want := append(make([]byte, Sector), 'x')
	if got := d.Cut().Survivor(None, 1)["a"]; !bytes.Equal(got, want) {
		t.Errorf("the file is %q", got)
	}
}

func TestNoOperationAfterACut(t *testing.T) {
	d := New()
	d.Add("a", []byte("old"))
	f := open(t, d)
	before := d.Cut().Survivor(None, 1)
	_, openErr := d.Open("a")
	_, createErr := d.Create("b")
	_, namesErr := d.Names()
	_, sizeErr := f.Size()
	_, readErr := f.ReadAt(make([]byte, 1), 0)
	for name, err := range map[string]error{
		"Open": openErr, "Create": createErr, "Names": namesErr, "Size": sizeErr, "ReadAt": readErr,
		"WriteAt": f.WriteAt([]byte("new"), 0), "Truncate": f.Truncate(0), "Sync": f.Sync(),
		"SyncDir": d.SyncDir(), "Remove": d.Remove("a"), "Rename": d.Rename("a", "b"),
	} {
		if !errors.Is(err, ErrOff) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := d.Cut().Survivor(None, 1); !reflect.DeepEqual(before, after) {
		t.Errorf("the disk changed from %q to %q", before, after)
	}
}

func TestNamesThatAreThereOrNot(t *testing.T) {
	d := New()
	d.Add("a", nil)
	_, openErr := d.Open("b")
	_, createErr := d.Create("a")
	for _, test := range []struct {
		name      string
		err, want error
	}{
		{"open a missing file", openErr, fs.ErrNotExist},
		{"create an existing file", createErr, fs.ErrExist},
		{"remove a missing file", d.Remove("b"), fs.ErrNotExist},
		{"rename a missing file", d.Rename("b", "c"), fs.ErrNotExist},
		{"rename a file to itself", d.Rename("a", "a"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !errors.Is(test.err, test.want) {
				t.Errorf("error is %v, not %v", test.err, test.want)
			}
		})
	}
}

func TestOldWritesAreWrittenBack(t *testing.T) {
	d := New()
	d.Add("a", nil)
	f, chunk := open(t, d), make([]byte, 1<<20)
	const writes = MaxPending>>20 + 3
	for i := range writes {
		chunk[0] = byte(i + 1)
		check(t, f.WriteAt(chunk, i<<20))
	}
	state := d.Cut()
	if n := len(f.pending); n != MaxPending>>20 {
		t.Errorf("%d writes are pending", n)
	}
	if a := state.Survivor(All, 1)["a"]; len(a) != 3<<20 || a[2<<20] != 3 {
		t.Errorf("%d bytes were written back", len(a))
	}
}

func TestParseModel(t *testing.T) {
	for _, m := range Models {
		if got, err := ParseModel(m.String()); err != nil || got != m {
			t.Errorf("%v: %v, %v", m, got, err)
		}
	}
	if _, err := ParseModel("some"); err == nil {
		t.Error("an unknown name is a model")
	}
}
