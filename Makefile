# See README.md. The settings go to the scripts through the environment. Two things could change
# them on the way: a shell, and make itself, for which a $ in a path or an expression has a meaning.
settings := BENCH AXES COUNT LABEL DIR ROUND OLD NEW BY GATE MAX ROUNDS ERRORS P99 TIME KILLS ROWS \
	SEED WRITERS EXEC JOURNAL BUSY TXN BATCH UNITS

# For each setting that is given: replace it by its own text, with each $ kept as it is.
# $(value NAME) is that text, and $$ delays it until eval assigns it.
$(foreach s,$(settings),$(if $(filter-out undefined,$(origin $s)), \
	$(eval override $s := $$(value $s))))
export $(settings)

# A static binary can be carried to the machine whose disk matters. Nothing here needs cgo.
export CGO_ENABLED ?= 0

scripts := quick bench compare faults limit original plot profile timeline

# The directory for compiled scripts.
build := .build

.PHONY: $(scripts) test
.DEFAULT_GOAL := test

# Each script is compiled and then executed in place of the shell, so that it gets make's signals.
# "go run" would stand between them.
$(scripts):
	@go build -o $(build)/ ./scripts/$@
	@exec $(build)/$@

# scripts/test removes everything that it and its children leave. Until it runs, the shell removes
# what an interrupted "go build" leaves.
test:
	@temp=$$(mktemp -d) && trap 'rm -rf "$$temp"' EXIT && trap 'exit 1' HUP INT QUIT TERM && \
	TMPDIR=$$temp GOTMPDIR=$$temp go build -o "$$temp/test" ./scripts/test && \
	exec "$$temp/test" -temp "$$temp" -parent $$PPID
