package sqlitedb

import "busybench/bench/scenario"

// ConnectGroup connects as [Connect] does, for transactions of any number of rows: [Conn.Transact]
// takes the rows of several writers. With txn=auto such a transaction begins with BEGIN IMMEDIATE.
// The connection is made under the long timeout of [WithSetupTimeout], and then has the scenario's
// busy policy.
func ConnectGroup(path string, s scenario.Scenario) (*Conn, error) {
	if s.Txn == scenario.Auto {
		s.Txn = scenario.Immediate
	}
	s.Batch = max(s.Batch, 2) // so that there is a statement for further rows
	c, err := Connect(path, WithSetupTimeout(s))
	if err == nil {
		c.SetBusy(s.Busy)
	}
	return c, err
}
