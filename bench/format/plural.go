package format

import "fmt"

// Plural formats a number of things, such as "1 row" or "2 rows".
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
