package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"busybench/scripts/internal/snapshot"
)

// All is measured before a report is stored, so a name that cannot be used is found first.
func TestAReportThatCannotBeStoredIsRejectedBeforeTheBuild(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string) error
		want string
	}{
		{"a directory", func(_ *testing.T, path string) error { return os.Mkdir(path, 0o700) },
			"x.report.txt is a directory; give another LABEL"},
		{"a file without write permission", func(t *testing.T, path string) error {
			if os.Geteuid() == 0 {
				t.Skip("root may write to all files")
			}
			return os.WriteFile(path, nil, 0o400)
		}, "x.report.txt is not writable; give another LABEL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := settings(t, 1)
			t.Chdir(filepath.Dir(s.path))
			s.config.Files = []string{ReportFile}
			s.config.build = func(context.Context, string, io.Writer) (string, error) {
				t.Error("builds the benchmarks")
				return "", errors.New("must not build")
			}
			if err := c.make(t, snapshot.Sibling(s.path, ReportFile)); err != nil {
				t.Fatal(err)
			}
			err := s.run(t.Context(), io.Discard, io.Discard, nil)
			requireError(t, err, "LABEL=x: ")
			requireError(t, err, c.want)
			requireNoFile(t, partialPath(s))
			requireNoFile(t, buildDir)
		})
	}
}
