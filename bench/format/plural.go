package format

import "fmt"

// Plural formats a number of things, such as "1 row" or "1024 rows", with the number's digits alone,
// as in names and in the header of a result file. In reports [Count] is easier to read.
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
