package main

import (
	"io"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/document"
	"busybench/scripts/internal/snapshot"
)

// writeReport sums up all runs, in a line of each table for each row of the snapshot, which usually
// is a combination of journal mode and synchronous.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	d := document.New(s)
	d.Paragraph("The power of a disk in memory was cut while writers inserted. What they had not " +
		"synced was lost: all of it, some of it, or sectors of it, in any order. Then SQLite " +
		"recovered the file, which was compared with all acknowledgements. All rows have " +
		strings.Join(d.Fixed, " ") + ".")
	d.Table([2][]string{
		{"", "", "acked", "lossy", "lost rows", "", "lost"},
		{"inserts/s", "cuts", "rows", "cuts", "median", "max", "time"},
	}, lossCells)
	d.Paragraph("Inserts/s: on the ordinary disk, which is what a setting costs. Acked rows: " +
		"acknowledged before a cut. Lossy cuts: after which such rows are not in the file. " +
		"Lost rows: their number, after the worst of what each cut could leave. Lost time: " +
		"from the acknowledgement of the first such row to the cut, the longest of all " +
		"cuts. Syncing takes no time on the disk in memory. On an ordinary disk the same " +
		"rows take longer: divide lost rows by inserts/s. With sync=off only the length of " +
		"a round bounds both: a kernel keeps what is not synced for up to half a minute.")
	d.Table([2][]string{
		{"damaged", "at most", "", "", "", "", "returned"},
		{"files", "(95 %)", "all", "random", "torn", "metadata", "rows"},
	}, damageCells)
	d.Paragraph("Damaged files: a file that cannot be read, fails integrity_check, has a " +
		"transaction in part, or lacks one that is older than one in it. At most: upper " +
		"bound on the share of cuts that damage it (Clopper-Pearson). The next four columns " +
		"are by model: all that is not synced is lost; each write and name is kept or lost; " +
		"each sector; data is kept, each name and size is kept or lost. Returned rows: in " +
		"the file although their transaction was refused.")
	d.Table([2][]string{
		{"lossy cuts", "", "refused"},
		{"at most (95 %)", "attempts", "attempts"},
	}, boundCells)
	d.Paragraph("SQLite promises that sync=full and sync=extra lose nothing, except that " +
		"journal=delete needs extra for it: there a commit is the removal of the journal, " +
		"and full does not sync the directory after it. With journal=wal sync=normal loses " +
		"the newest transactions and damages nothing. With another journal sync=normal can " +
		"damage the file, and so can sync=off. A run that breaks one of these promises " +
		"fails, so none did.")
	return d.Write(out)
}

// lossCells returns what was lost.
func lossCells(row snapshot.Row) []string {
	cells := []string{format.Number(row.Median(metrics.InsertsPerSecond))}
	cells = append(cells,
		document.Counts(row, metrics.Cuts, metrics.AckedRows, metrics.LostCuts)...)
	return append(cells,
		format.Number(row.Median(metrics.LostP50)),
		format.Number(document.Max(row, metrics.LostMax)),
		format.Seconds(document.Max(row, metrics.LostTimeMax)))
}

// damageCells returns how often the file was damaged.
func damageCells(row snapshot.Row) []string {
	cells := append(document.Counts(row, metrics.DamagedCuts), bound(row, metrics.DamagedCuts))
	return append(cells, document.Counts(row, metrics.DamagedAll, metrics.DamagedRandom,
		metrics.DamagedTorn, metrics.DamagedMetadata, metrics.ReturnedRows)...)
}

func boundCells(row snapshot.Row) []string {
	return append([]string{bound(row, metrics.LostCuts)},
		document.Counts(row, metrics.Attempts, metrics.LockErrors)...)
}

// bound returns the upper bound on the share of the cuts that a unit counts.
func bound(row snapshot.Row, unit string) string {
	n := metrics.UpperBound(int(row.Sum(unit)), int(row.Sum(metrics.Cuts)))
	return format.Number(100*n) + " %"
}
