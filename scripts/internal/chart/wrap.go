package chart

import (
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// wrap breaks texts into lines that are at most as wide as the space. It breaks them at spaces but
// not at U+00A0, and within a word only if that is too long for a line.
func wrap(style text.Style, space vg.Length, texts ...string) (lines []string) {
	for _, t := range texts {
		line := ""
		for word := range strings.SplitSeq(t, " ") {
			longer := strings.TrimPrefix(line+" "+word, " ")
			if line != "" && style.Width(longer) > space {
				lines = append(lines, line)
				longer = word
			}
			for {
				head := fit(style, space, longer)
				if head == longer {
					break
				}
				lines = append(lines, head)
				longer = longer[len(head):]
			}
			line = longer
		}
		lines = append(lines, line)
	}
	return lines
}

// fit returns as much of a text's beginning as fits, at least a character.
func fit(style text.Style, space vg.Length, text string) string {
	_, first := utf8.DecodeRuneInString(text)
	end := 0
	for i := range text {
		if style.Width(text[:i]) > space {
			return text[:max(end, first)]
		}
		end = i
	}
	if style.Width(text) > space {
		return text[:max(end, first)]
	}
	return text
}

// shorten returns a text that fits, if necessary with an ellipsis at its end.
func shorten(style text.Style, space vg.Length, text string) string {
	if fit(style, space, text) == text {
		return text
	}
	const ellipsis = "…"
	return fit(style, space-style.Width(ellipsis), text) + ellipsis
}
