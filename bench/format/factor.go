package format

import "strconv"

// Factor formats a ratio with two significant digits, or with three if it is near 1: "0.041",
// "0.97", "1.08", "4.6", "120". Below 0.0001 it has one, as "0.00002".
func Factor(v float64) string {
	switch {
	case v >= 0.0995 && v < 1.995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v >= 1.995 && v < 9.95:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	digits := 2
	if v < 1e-4 {
		digits = 1
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil || rounded < 1e-4 { // without an exponent
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	return Number(rounded)
}
