#!/usr/bin/env bash
# Compares how long it takes until N writer processes are ready with Python's multiprocessing, start
# method "spawn". The two alternate:
#
#     scripts/spawn/spawn.sh [writers] [runs] [label]
#
# Writes results/LABEL.txt (label: latest-spawn) in Go's benchmark format and prints benchstat's
# comparison. It needs python3.
set -euo pipefail
writers=${1:-500} runs=${2:-10} label=${3:-latest-spawn}
usage="usage: scripts/spawn/spawn.sh [writers] [runs] [label]"
if [[ ${1:-} == -h || ${1:-} == --help ]]; then
	echo "$usage (default: 500 10 latest-spawn)"
	exit
fi
if (($# > 3)); then
	echo "unexpected argument \"$4\"; $usage" >&2
	exit 2
fi
for number in "$writers" "$runs"; do
	if [[ ! $number =~ ^[1-9][0-9]{0,5}$ ]]; then
		echo "bad number \"$number\"; give a whole number from 1 to 999999; $usage" >&2
		exit 2
	fi
done
cd "$(dirname "$0")/../.."
if [[ ! $label =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]]; then
	echo "bad label \"$label\"; give letters, digits, dots, hyphens and underscores" >&2
	exit 1
fi
result=results/$label.txt
if [[ -e $result && $(head -n 1 "$result") != "# scripts/spawn/spawn.sh "* ]]; then
	echo "$result exists and is not a result of this script; give another label" >&2
	exit 1
fi

if ! command -v python3 >/dev/null; then
	echo "spawn.sh needs python3, which is not in PATH" >&2
	exit 1
fi

mkdir -p .build
work=$(mktemp -d .build/spawn-XXXXXX)
# After a signal the script removes its files and exits when the command that it waits for ends.
# Ctrl-C reaches that command too.
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT QUIT TERM PIPE
partial=$work/spawn.txt

CGO_ENABLED=0 go test -c -o "$work/busybench" ./bench
echo "# scripts/spawn/spawn.sh $writers $runs $label; $(python3 --version)" >"$partial"
for ((run = 0; run < runs; run++)); do
	python=$(python3 scripts/spawn/spawn.py "$writers")
	ours=$("$work/busybench" -test.bench Harness -test.benchtime 1x -axes "writers=$writers" |
		awk '/^Benchmark/ { for (i = 2; i <= NF; i++)
			if ($i == "ready-ns/writer") print $(i - 1) }')
	echo "BenchmarkReady/with=python/writers=$writers 1 $python ready-ns/writer"
	echo "BenchmarkReady/with=busybench/writers=$writers 1 $ours ready-ns/writer"
done | tee -a "$partial"
mv "$partial" "$result"
go tool benchstat -col '/with@(python busybench)' "$result"
