# See README.md, or type "make help".
#
# The settings go to the scripts through the environment. Two things could change them on the way:
# a shell, and make itself, for which a $ in a path or an expression has a meaning. So each variable
# given on the command line is replaced by its own text, with each $ kept as it is: $(value NAME) is
# that text, and $$ delays it until eval assigns it.
given := $(foreach v,$(.VARIABLES),$(if $(findstring command line,$(origin $v)),$v))
$(foreach v,$(given),$(eval override $v := $$(value $v)))
export $(given)

# The scripts refuse what they do not know (scripts/internal/command).
export BUSYBENCH_MAKE_VARIABLES := $(given)
export BUSYBENCH_MAKE_GOALS := $(MAKECMDGOALS)

# A static binary can be carried to the machine whose disk matters. Nothing here needs cgo.
export CGO_ENABLED ?= 0

scripts := help quick bench compare limit plot export report history timeline profile faults powerloss original locks claims drivers conformance

# The directory for compiled scripts.
build := .build

# Files are not targets.
files := $(filter-out $(scripts) test,$(wildcard $(MAKECMDGOALS)))

.PHONY: $(scripts) test $(files)
.DEFAULT_GOAL := help

# Each script is compiled and then executed in place of the shell, so that it gets make's signals.
# "go run" would stand between them.
$(scripts):
	@go build -o $(build)/ ./scripts/$@
	@exec $(build)/$@

# A target that does not exist. The script says so.
.DEFAULT $(files):
	@go build -o $(build)/ ./scripts/help
	@exec $(build)/help

# scripts/test removes everything that it and its children leave. Until it runs, the shell removes
# what an interrupted "go build" leaves.
test:
	@temp=$$(mktemp -d) && trap 'rm -rf "$$temp"' EXIT && trap 'exit 1' HUP INT QUIT TERM && \
	TMPDIR=$$temp GOTMPDIR=$$temp go build -o "$$temp/test" ./scripts/test && \
	exec "$$temp/test" -temp "$$temp" -parent $$PPID
