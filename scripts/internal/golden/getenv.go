package golden

// Getenv returns a function in place of [os.Getenv], with an environment of names and values in
// turn.
func Getenv(pairs ...string) func(name string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}
