package format

import "strings"

// ShellWord returns text as one word of a shell command, in quotes only if it needs them.
func ShellWord(text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+%@"
	if text != "" && strings.Trim(text, plain) == "" {
		return text
	}
	return InQuotes(text)
}

// InQuotes returns text in single quotes of a shell.
func InQuotes(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
