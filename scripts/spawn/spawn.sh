#!/usr/bin/env bash
# How long until so many writer processes are ready, beside Python's multiprocessing with start method "spawn", in turn:
#
#     scripts/spawn/spawn.sh [writers] [passes]
#
# Writes results/spawn.txt in Go's benchmark format and prints benchstat's comparison. Needs python3.
set -euo pipefail
cd "$(dirname "$0")/../.."
writers=${1:-500} passes=${2:-10}
partial=results/spawn.partial.txt

CGO_ENABLED=0 go test -c -o .build/busybench ./bench
echo "# scripts/spawn/spawn.sh $writers $passes; $(python3 --version)" >$partial
for ((pass = 0; pass < passes; pass++)); do
	python=$(python3 scripts/spawn/spawn.py "$writers")
	ours=$(.build/busybench -test.bench Harness -test.benchtime 1x -axes "writers=$writers" |
		awk '/^Benchmark/ { for (i = 2; i <= NF; i++) if ($i == "ready-ns/writer") print $(i - 1) }')
	echo "BenchmarkReady/with=python/writers=$writers 1 $python ready-ns/writer"
	echo "BenchmarkReady/with=busybench/writers=$writers 1 $ours ready-ns/writer"
done | tee -a $partial
mv $partial results/spawn.txt
go tool benchstat -col '/with@(python busybench)' results/spawn.txt
