package tally

import "busybench/bench/writer"

// Spent are the units of what callers spent their time on, in the order of an attempt.
var Spent = []string{"open-%", "wait-%", "begin-%", "insert-%", "commit-%", "close-%"}

// spent is what callers spent their time on, in ns. Its parts add up to all of it.
type spent struct{ open, wait, begin, insert, commit, close int64 }

// add adds an attempt. Until the writer has the write lock, all that is neither connecting nor beginning a transaction is
// waiting. An attempt that gave up without the lock waited to its end, and one that failed with it
// spent the rest on the phase that it ended in.
func (s *spent) add(o writer.Outcome) {
	s.open += o.Open
	s.begin += o.Begin
	before := o.End - o.Start - o.Open - o.Begin
	if o.Got == 0 {
		s.wait += before
		return
	}
	in := o.In
	if in == 0 {
		in = o.LetGo
	}
	s.wait += before - (o.End - o.Got)
	s.insert += in - o.Got
	s.commit += o.LetGo - in
	s.close += o.End - o.LetGo
}

func (s *spent) figures() (figures []Figure) {
	parts := []int64{s.open, s.wait, s.begin, s.insert, s.commit, s.close}
	var all int64
	for _, part := range parts {
		all += part
	}
	for i, part := range parts {
		figures = append(figures, Figure{Spent[i], ratio(100*float64(part), float64(all))})
	}
	return figures
}
