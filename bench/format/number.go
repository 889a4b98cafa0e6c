package format

import (
	"math"
	"strconv"
	"time"
)

// Number formats a number of at least 0 with about three significant digits, and with a comma after
// each three of those before the point: "0", "0.025", "1.5", "62.5", "621", "2,151", "10,080". It
// rounds large numbers to whole ones only, so that counts are exact.
func Number(v float64) string {
	if v == math.Trunc(v) || v >= 99.95 {
		return group(strconv.FormatFloat(v, 'f', 0, 64))
	}
	text := strconv.FormatFloat(v, 'g', 3, 64)
	if short, err := strconv.ParseFloat(text, 64); err == nil && short >= 1e-4 {
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return text
}

// group puts a comma after each three digits.
func group(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Count formats a number of things, such as "1 writer" or "1,024 writers".
func Count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return Number(float64(n)) + " " + thing
}

// Seconds formats a number of seconds as [Duration] does.
func Seconds(v float64) string { return Duration(time.Duration(v * float64(time.Second))) }
