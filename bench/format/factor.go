package format

import "strconv"

// Factor formats a ratio with two significant digits, or with three if it is near 1: "0.041",
// "0.97", "1.08", "4.6", "120".
func Factor(v float64) string {
	switch {
	case v >= 0.0995 && v < 1.995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v >= 1.995 && v < 9.95:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	text := strconv.FormatFloat(v, 'g', 2, 64)
	if rounded, err := strconv.ParseFloat(text, 64); err == nil {
		return Number(rounded)
	}
	return text
}
