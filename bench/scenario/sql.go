package scenario

// ForSQL returns the scenario as SQL files run it. Their transactions have several statements, so
// txn=auto, which has no BEGIN, is as txn=immediate.
func (s Scenario) ForSQL() Scenario {
	if s.Txn == Auto {
		s.Txn = Immediate
	}
	return s
}
