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

// Assign returns a shell's assignment of a value. There is nothing behind NAME= without a value.
func Assign(name, value string) string {
	if value == "" {
		return name + "="
	}
	return name + "=" + ShellWord(value)
}

// InQuotes returns text in single quotes of a shell.
func InQuotes(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
