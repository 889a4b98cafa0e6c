#!/usr/bin/env bash
# Interrupts "make test" at random moments and checks that it leaves no process and no file.
#
#   scripts/test/interrupts.sh
#   COUNT=5 LONGEST=60 SEED=7 scripts/test/interrupts.sh
#
#   COUNT    number of interrupts (default 20)
#   LONGEST  the moments are uniform between 0 and this many seconds (default 150); "make test" must
#            take longer than that
#   SEED     seed of the moments, a number up to 32767 (default: another one each time)
#
# In turn it sends SIGINT to the process group, as Ctrl-C does, SIGTERM to make, SIGHUP to the
# group, as a closed terminal does, SIGQUIT to the group, and SIGKILL to make. Processes are found
# by a variable in their environment. Files are found in TMPDIR, which is a new directory each time,
# and in the checkout, where "git status" before and after must be equal.
#
# It prints one line for each interrupt. The exit status is 1 if anything was left, or if "make
# test" ended before its interrupt. A signal to it ends the running "make test" too.
set -eu
if (($# > 0)); then
	echo "unexpected argument \"$1\"; settings are the variables COUNT, LONGEST and SEED" >&2
	exit 2
fi
set -m # each job gets its own process group, and does not ignore SIGINT
cd "$(dirname "$0")/../.."
count=${COUNT:-20} longest=${LONGEST:-150} seed=${SEED:-$((RANDOM))}
for number in "$count" "$longest" "$seed"; do
	if [[ ! $number =~ ^[0-9]{1,5}$ ]]; then
		echo "bad number \"$number\" in COUNT, LONGEST or SEED; give a whole number" >&2
		exit 2
	fi
done
RANDOM=$seed
root=$(mktemp -d)

# finish ends the jobs, which signals to the script do not reach in their groups, and removes all
# files.
finish() {
	for job in $(jobs -p); do
		kill -TERM -- "-$job" 2>/dev/null || true
	done
	wait
	rm -rf "$root"
}
trap finish EXIT
trap 'exit 1' HUP INT QUIT TERM

signals=(INT TERM HUP QUIT KILL)

files() { git status --porcelain --ignored --untracked-files=all; }

# processes prints the ids of the processes that have the variable of an interrupt.
processes() {
	for environ in $(grep -lzxs "BUSYBENCH_INTERRUPT=$1" /proc/[0-9]*/environ); do
		basename "$(dirname "$environ")"
	done
}

echo "$count interrupts with SEED=$seed LONGEST=$longest"
status=0
for ((i = 1; i <= count; i++)); do
	signal=${signals[(i - 1) % ${#signals[@]}]}
	after=$((RANDOM % longest)).$((RANDOM % 900 + 100))
	mark=$$.$i
	mkdir "$root/$i"
	before=$(files)
	BUSYBENCH_INTERRUPT=$mark TMPDIR=$root/$i make test >"$root/output" 2>&1 </dev/null &
	make=$!
	sleep "$after" & # a signal interrupts wait, but not a command
	wait $!
	result=
	kill -0 $make 2>/dev/null || result+=" make test ended before: $(tail -n 1 "$root/output")"
	case $signal in
	INT | HUP | QUIT) kill -$signal -- -$make ;;
	*) kill -$signal $make ;;
	esac 2>/dev/null || true
	wait $make 2>/dev/null || true
	# After SIGKILL of make its children need time to clean up.
	for ((n = 0; n < 300; n++)); do
		[ -n "$(processes $mark)" ] || break
		sleep 0.1
	done
	for pid in $(processes $mark); do
		result+=" process $pid ($(tr '\0' ' ' <"/proc/$pid/cmdline"))"
		kill -KILL "$pid" || true
	done
	left=$(ls -A "$root/$i")
	[ -z "$left" ] || result+=" in TMPDIR: ${left//$'\n'/ }"
	changed=$(diff <(echo "$before") <(echo "$(files)") | grep '^[<>]' || true)
	[ -z "$changed" ] || result+=" in the checkout: ${changed//$'\n'/ }"
	[ -z "$result" ] || status=1
	echo "$i: SIG$signal after $after s: left${result:- nothing}"
done
exit $status
