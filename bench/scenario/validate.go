package scenario

import "fmt"

// Validate rejects a scenario that no axes span, such as one of a stranger's making.
func (s Scenario) Validate() error {
	busy, err := s.Busy.MarshalText()
	if err != nil {
		return err
	}
	a, err := Parse(fmt.Sprintf("exec=%s journal=%s writers=%d busy=%s txn=%s sync=%s conn=%s rows=%d batch=%d payload=%d",
		s.Exec, s.Journal, s.Writers, busy, s.Txn, s.Sync, s.Conn, s.Rows, s.Batch, s.Payload))
	if err != nil {
		return err
	}
	if cases := a.Cases(); len(cases) != 1 || cases[0].Scenario != s {
		return fmt.Errorf("scenario %+v is none that axes can name", s)
	}
	return nil
}
