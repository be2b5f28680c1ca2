# Everything here runs as it is on Debian with Go; what else a target needs it installs itself (.ci/setup).
# testdata/ holds Go packages too, which ./... passes over.
PACKAGES := ./... ./testdata/gen ./testdata/zoo ./testdata/demo
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILT    := $(shell git log -1 --format=%cI 2>/dev/null)
LDFLAGS  := -s -w -buildid= -X main.version=$(VERSION) -X main.built=$(BUILT)
BUILD    := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)'
FUZZTIME ?= 10s
FUZZ     ?= .

# What takes exports apart: the targets that every submission fuzzes for a minute each.
DECODERS := ^Fuzz(Decode_|ParseTable|Rows|XMLScanner)

.PHONY: help build build-all run test test-wine check lint fuzz fuzz-decoders bench clean

help: ## say what can be made (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build both programs into bin/
	$(BUILD) -o bin/tramsync ./agent
	$(BUILD) -o bin/tramsync-warehouse ./warehouse

build-all: ## build the agent for all systems it runs on, into bin/OS-ARCH/
	for t in linux/amd64 linux/arm64 windows/amd64 windows/arm64 windows/386; do \
	  x=; case $$t in windows/*) x=.exe;; esac; d=bin/$$(echo $$t | tr / -); \
	  GOOS=$${t%/*} GOARCH=$${t#*/} $(BUILD) -o $$d/tramsync$$x ./agent || exit 1; \
	done

run: build ## show the main job: station, outage, warehouse (ONCE=1: end after the summary)
	go build -o bin/demo ./testdata/demo
	@bin/demo $(if $(ONCE),-once)

test: ## run every test, with the race detector and in random order
	@.ci/setup
	go test -race -shuffle=on -count=1 -timeout=20m $(PACKAGES)

test-wine: ## run the tests as a Windows build, and the Windows agent, under Wine 10 (root on Debian)
	@.ci/wine/test

check: lint ## the short loop while developing: lint, and the tests without the slow ones
	go test -short -shuffle=on -timeout=3m $(PACKAGES)

lint: ## format, vet (Linux, Windows 64 and 32 bit), staticcheck
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "not formatted: $$bad"; exit 1; }
	go vet $(PACKAGES)
	GOOS=windows GOARCH=amd64 go vet ./agent/... ./config/... ./queue/... ./sync/...
	GOOS=windows GOARCH=386 go vet ./agent/... ./config/... ./queue/... ./sync/...
	go tool staticcheck $(PACKAGES)

fuzz: ## run every fuzz target, or those that FUZZ matches, for FUZZTIME (10s) each
	@go list -f '{{.ImportPath}}' $(PACKAGES) | while read -r p; do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' | grep -E '$(FUZZ)'); do \
	    echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
	  done; done

fuzz-decoders: ## fuzz the decoders of exports for a minute each
	@$(MAKE) --no-print-directory fuzz FUZZ='$(DECODERS)' FUZZTIME=60s

bench: ## run the Go benchmarks
	go test -run '^$$' -bench . -benchmem $(PACKAGES)

clean: ## remove what was made
	rm -rf bin var
