package format

import "testing"

func TestShellWord(t *testing.T) {
	for text, want := range map[string]string{
		"5s,queue": "5s,queue", "../a.txt": "../a.txt", "a b": "'a b'", "$x": "'$x'",
		"{a}": "'{a}'", "it's": `'it'\''s'`, "": "''",
	} {
		t.Run(text, func(t *testing.T) {
			if got := ShellWord(text); got != want {
				t.Errorf("the word is %s, want %s", got, want)
			}
		})
	}
}
