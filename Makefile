# make run serves HLPFL here; make test says whether all is well. Both install what is missing on a fresh Debian machine.

# A fresh Go often stands outside of PATH.
export PATH := $(PATH):/usr/local/go/bin:/usr/lib/go/bin:$(HOME)/go/bin
FUZZTIME ?= 20s

.PHONY: help run build test lint generate fuzz bench soak sheets sleeves fonts

help:
	@echo "make run       serve http://localhost:8080 with demo artists, on a private PostgreSQL and Redis"
	@echo "make test      every check and test; ARGS='./store' or ARGS='-run Name' for some of them"
	@echo "make lint      golangci-lint alone"
	@echo "make generate  Go code from the templates"
	@echo "make fuzz      every fuzz target, $(FUZZTIME) each (FUZZTIME)"
	@echo "make bench     what it costs, as ratios to references measured in the same run"
	@echo "make soak      faults at full size, and Lighthouse on every theme"
	@echo "make sheets    pictures of every theme and screen, into tests/look/out"
	@echo "make sleeves   the pictures of the themes in the editor, into static/img; ARGS='-only plain' for one"
	@echo "make fonts     the fonts that artists choose, with all that belongs to them; ARGS='besley' for one"
	@echo "make build     bin/hlpfl alone"

run:
	@scripts/need run
	@$(MAKE) --no-print-directory build
	@exec bin/hlpfl serve --demo

build:
	@CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags nodynamic -ldflags "$$(scripts/ldflags)" -o bin/hlpfl .

test:
	@scripts/need test
	@CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags nodynamic -o bin/test ./scripts/test
	@bin/test $(ARGS)

lint:
	@CGO_ENABLED=0 go tool -modfile=tools/go.mod golangci-lint run

generate:
	@for room in views/*/; do go tool templ generate -path "$$room" || exit 1; done

fuzz:
	@scripts/need test
	@scripts/fuzz $(FUZZTIME)

bench:
	@scripts/need bench
	@go run ./tests/bench $(ARGS)

soak:
	@scripts/need soak
	@HLPFL_SOAK=1 go test -count=1 -timeout 30m -v ./tests/faults
	@go run ./tests/lighthouse

sheets:
	@scripts/need test
	@go run ./tests/look $(ARGS)

sleeves:
	@scripts/need test
	@go run ./tests/look -sleeves static/img $(ARGS)

fonts:
	@scripts/need fonts
	@scripts/fonts $(ARGS)
