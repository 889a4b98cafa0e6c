package fleet

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// Whatever a writer in another language says, a round is an error or has what was promised: as many attempts as it says, each with its rows.
func FuzzCollect(f *testing.F) {
	const one = `{"op":"outcome","row_ids":["f81d4fae-7dec-41d0-a765-00a0c91e6bf6"],"outcome":{"start_ns":1,"end_ns":2,"wait_start_ns":1,"code":0,"phase":"insert"}}` + "\n"
	for _, seed := range []string{
		"", "hello", one, one + `{"op":"done","attempts":1,"cpu_ns":7}`, `{"op":"done"}`, one + one + `{"op":"done","attempts":1}`,
		`{"op":"error","error":"I am ill"}`, `{"op":"outcome"}`, `{"op":"outcome","outcome":{}}`, one + `{"op":"done","attempts":1,"failed_holds":[{"from_ns":9,"to_ns":1}]}`,
		strings.Replace(one, "insert", "dance", 1), strings.Replace(one, `"code":0`, `"code":1e99`, 1), `{"op":["done"]}`, "{}{}{}", "\xff\xfe",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := &process{cmd: &exec.Cmd{}, responses: json.NewDecoder(strings.NewReader(text)), batch: 1, wait: func() {}}
		report, err := p.Collect(time.Now().Add(time.Minute))
		if err != nil {
			return
		}
		if len(report.IDs) != len(report.Outcomes) {
			t.Errorf("%d attempts with %d rows", len(report.Outcomes), len(report.IDs))
		}
		for i := range report.Outcomes {
			if rows := report.Rows(i); len(rows) != 1 || rows[0] == uuid.Nil && !strings.Contains(text, "00000000") {
				t.Errorf("attempt %d has rows %v", i, rows)
			}
		}
	})
}
