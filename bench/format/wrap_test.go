package format

import "testing"

func TestWrap(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a short text", "one two", "- one two"},
		{"a text that fits", "one two thr", "- one two thr"},
		{"a text that is too long", "one two three four five", "- one two\n  three four\n  five"},
		{"a word that is too long", "one incomprehensible two",
			"- one\n  incomprehensible\n  two"},
		{"several spaces", " one  two ", "- one two"},
		{"a space that is no break", "one two 95\u00a0% x", "- one two\n  95\u00a0% x"},
		{"no text", "", "- "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Wrap(c.text, 13, "- ", "  "); got != c.want {
				t.Errorf("lines are %q, want %q", got, c.want)
			}
		})
	}
}
