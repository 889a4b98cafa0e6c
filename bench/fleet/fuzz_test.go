package fleet

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// For any responses of a writer Collect returns an error or a consistent report: as many attempts
// as the writer says, each with its rows.
func FuzzCollect(f *testing.F) {
	const failedHold = `{"op":"done","attempts":1,"failed_holds":[{"from_ns":9,"to_ns":1}]}`
	for _, seed := range []string{
		"", "hello",
		attempt,
		attempt + `{"op":"done","attempts":1,"cpu_ns":7}`,
		`{"op":"done"}`,
		attempt + attempt + done,
		`{"op":"error","error":"no disk"}`,
		`{"op":"outcome"}`,
		`{"op":"outcome","outcome":{}}`,
		attempt + failedHold,
		strings.Replace(attempt, "insert", "unknown", 1),
		strings.Replace(attempt, `"code":0`, `"code":1e99`, 1),
		`{"op":["done"]}`, "{}{}{}", "\xff\xfe",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := &process{
			program:   &program{cmd: &exec.Cmd{}, wait: func() {}},
			responses: json.NewDecoder(strings.NewReader(text)),
			rows:      1,
		}
		report, err := p.Collect(time.Now().Add(time.Minute))
		if err != nil {
			return
		}
		if len(report.IDs) != len(report.Outcomes) {
			t.Errorf("%d attempts with %d rows", len(report.Outcomes), len(report.IDs))
		}
		for i := range report.Outcomes {
			rows := report.Rows(i)
			if len(rows) != 1 || rows[0] == uuid.Nil && !strings.Contains(text, "00000000") {
				t.Errorf("attempt %d has rows %v", i, rows)
			}
		}
	})
}
