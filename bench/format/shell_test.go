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

func TestAssign(t *testing.T) {
	for value, want := range map[string]string{
		"5s,queue": "X=5s,queue", "a b": "X='a b'", "^x$": "X='^x$'", "it's": `X='it'\''s'`,
		"": "X=",
	} {
		t.Run(value, func(t *testing.T) {
			if got := Assign("X", value); got != want {
				t.Errorf("is %s, want %s", got, want)
			}
		})
	}
}
