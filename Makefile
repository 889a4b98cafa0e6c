# See README.md. Settings go to the scripts through the environment, as they are: no shell reads them, nor does make itself,
# to which a $ in a path or an expression would mean something.
settings := BENCH AXES COUNT LABEL DIR ROUND OLD NEW BY GATE MAX ROUNDS ERRORS P99 TIME KILLS ROWS SEED
$(foreach s,$(settings),$(if $(filter-out undefined,$(origin $s)),$(eval override $s := $$(value $s))))
export $(settings)

# A static binary can be carried to the machine whose disk matters; nothing here needs cgo.
export CGO_ENABLED ?= 0

scripts := bench compare faults limit plot profile timeline

.PHONY: $(scripts) test
.DEFAULT_GOAL := test

# Built and then run by itself rather than by "go run", which would not hand on a signal.
$(scripts):
	@go build -o .build/ ./scripts/$@
	@exec .build/$@

test:
	@files=$$(gofmt -l bench scripts) && { [ -z "$$files" ] || { echo "gofmt would change: $$files"; exit 1; }; }
	go vet ./...
	go test -count=1 ./...
	CGO_ENABLED=1 go test -count=1 -race ./bench/scenario ./bench/host ./bench/writer ./bench/fleet ./bench/tally ./bench/limit ./scripts/passes
