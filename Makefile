# Every target but install, clean and help first makes sure that build dependencies
# are installed (scripts/deps.sh, silent if they are). Without cgo:
# make test CGO_ENABLED=0

GO       ?= go
PREFIX   ?= /usr/local
FUZZTIME ?= 20s
VERSION   = $(shell scripts/version.sh)
# Go's own stamp says no more, and ends the build where git refuses a clone that
# belongs to another user, as one mounted into a container.
BUILD     = $(GO) build -buildvcs=false
STAMP     = -X bnlab/cmd/internal/build.version=$(VERSION) -X bnlab/cmd/internal/build.commit=$(shell scripts/version.sh commit)

# Without the paths of this folder the same sources give the same bytes everywhere. For
# tests too: what they compile is what the program is linked from.
export GOFLAGS := $(strip $(GOFLAGS) -trimpath)

# With the tag cblas gonum's declarations of the BLAS come before all that CGO_CFLAGS
# leads to: some libraries' own, as BLIS's, lack the types that gonum uses.
ifneq (,$(findstring cblas,$(GOFLAGS)))
export CGO_CFLAGS := -I$(shell $(GO) list -f '{{.Dir}}' gonum.org/v1/netlib/blas/netlib) $(or $(CGO_CFLAGS),-O2 -g)
endif

# oneDNN is built in where its header is, unless ONEDNN=0 says no or other tags are asked
# for: the program opens the library when --backend onednn wants it.
ONEDNN ?= $(shell test "$$($(GO) env CGO_ENABLED GOOS | xargs)" = "1 linux" && $$($(GO) env CC) -E -include oneapi/dnnl/dnnl.h -x c /dev/null >/dev/null 2>&1 && echo 1 || echo 0)
ifeq (1,$(ONEDNN)$(findstring -tags,$(GOFLAGS)))
export GOFLAGS := $(GOFLAGS) -tags=onednn
endif

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

# These two pin OpenBLAS to a slower kernel than the CPU has: nothing timed
# should run under them.
UNPINNED = env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE

.PHONY: build test race lint bench fuzz torture soak mutate test-slurm test-python test-install demo install uninstall static deb deps clean help

build: deps bin/third-party-licences.txt ## build bin/bnlab
	$(BUILD) -ldflags "$(STAMP)" -o bin/bnlab ./cmd/bnlab

# What install puts beside the program, made here because sudo often has no Go.
bin/third-party-licences.txt: go.mod go.sum scripts/licences.sh | deps
	@mkdir -p bin
	@scripts/licences.sh >$@.new
	@mv $@.new $@

test: build ## run all tests, with TESTFLAGS
	$(GO) test -timeout 30m $(TESTFLAGS) ./...

race: deps ## run the tests under the race detector
	$(GO) test -race -short -timeout 30m ./...

lint: deps ## check with gofmt, go vet, staticcheck and, where installed, shellcheck
	@bad=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .) && test -z "$$bad" || { echo "not formatted by gofmt:" $$bad >&2; exit 1; }
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	if command -v shellcheck >/dev/null; then shellcheck .ci/run $$(find scripts -name '*.sh'); fi

bench: deps ## run the Go benchmarks with BENCHFLAGS, OpenBLAS free to choose its kernel
	$(UNPINNED) $(GO) test -run '^$$' -bench . $(BENCHFLAGS) ./...

# With one worker, shortening what was found may take all of the time: two seconds each.
fuzz: deps ## run each fuzz target for FUZZTIME (20s)
	@set -e; for package in $$($(GO) list ./...); do \
		targets=$$($(GO) test -list '^Fuzz' $$package); \
		for target in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "== $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 2s $$package; \
		done; \
	done

torture: deps ## kill, interrupt and damage runs, fill disks, meet hostile servers: a quarter of an hour
	BNLAB_TEST_TORTURE=1 $(GO) test -count=1 -timeout 1h -v -run 'Killed|Disturbed|StudyDamaged|AddressSpace' ./cmd/bnlab
	BNLAB_TEST_TORTURE=1 $(GO) test -count=1 -timeout 1h -v -run 'OneDNNMemory' ./model
	BNLAB_TEST_TORTURE=1 $(GO) test -race -count=1 -timeout 1h -v -run 'Load$$' ./cmd/bnlab
	$(GO) test -count=5 -timeout 30m -run 'Signal|Resume|Interrupted|Damage|SetAside|AtOnce|EveryBit|Gone|RunThreads|Keep|Again|OnTheWay|Vanished|Panic|Disk|Hostile|Broken|Mirrors|LocalErrors|Leftovers|Planted|HalfDone|ReadOnly|Bombs|Machine' ./...
	$(GO) test -count=5 -timeout 30m -run 'TestScripts/^(checkpoints|disk|hostile|interrupted|machine|together)$$' ./cmd/bnlab

soak: deps ## train one network after the other for half an hour, and watch what the process holds
	BNLAB_TEST_SOAK=30m $(GO) test -count=1 -timeout 1h -v -run Soak ./cmd/bnlab

mutate: deps ## change the code in 60 places, one at a time (MUTATEFLAGS="-n 10 -seed 2 ./model"): a test must fail each time
	$(UNPINNED) $(GO) run ./scripts/mutate $(MUTATEFLAGS)

test-slurm: build ## train a plan on a Slurm cluster of its own on this machine, disturb it, compare
	scripts/slurm/test.sh

test-python: build ## test with the real PyTorch, safetensors, pandas, TensorBoard and Python
	@python=$$(scripts/python/setup.sh) && "$$python" -m unittest discover -s scripts/python

test-install: build ## install in every way into a temporary folder, and run what is there
	scripts/test-install.sh

demo: build ## check gradients, then train 3 layers with and without BN: two minutes, no data needed
	bin/bnlab gradcheck --depth 2,3 --bn
	$(UNPINNED) bin/bnlab compare --depth 3 --seeds 1 --dataset auto
	@echo
	@echo "Try next:"
	@echo "  make test                                  all tests"
	@echo "  bin/bnlab compare --depth 9 --seeds 3      nine layers, where BN matters more"
	@echo "  bin/bnlab train --bn --save m.safetensors  train and save a network; bin/bnlab eval m.safetensors reads it"
	@echo "  bin/bnlab data fetch                       download CIFAR-10, 170 MB; or set CIFAR10_DIR=/path/to/it"
	@echo "  bin/bnlab info                             the BLAS in use, and what slows it down"
	@echo "  bin/bnlab help                             all commands"

# sudo often has no Go on its PATH: then what "make build" left is installed.
install: $(if $(shell command -v $(GO) 2>/dev/null),build) ## install program, manual page, completions and docs below $(DESTDIR)$(PREFIX)
	@test -x bin/bnlab || { echo "no bin/bnlab, and no Go to build it: run make build first" >&2; exit 1; }
	@test -r bin/third-party-licences.txt || { echo "no bin/third-party-licences.txt, and no Go to make it: run make build first" >&2; exit 1; }
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 bin/bnlab "$(DESTDIR)$(PREFIX)/bin/bnlab"
	@set -e; share="$(DESTDIR)$(PREFIX)/share"; \
	put() { install -d "$$(dirname "$$share/$$1")"; file=$$share/$$1; shift; "$$@" >"$$file"; chmod 644 "$$file"; echo "$$file"; }; \
	put man/man1/bnlab.1 bin/bnlab man; \
	put bash-completion/completions/bnlab bin/bnlab completion bash; \
	put zsh/site-functions/_bnlab bin/bnlab completion zsh; \
	put fish/vendor_completions.d/bnlab.fish bin/bnlab completion fish; \
	put doc/bnlab/LICENSE cat LICENSE; \
	put doc/bnlab/third-party-licences.txt cat bin/third-party-licences.txt; \
	find docs -type f | while read -r page; do put "doc/bnlab/$$page" cat "$$page"; done >/dev/null; echo "$$share/doc/bnlab"

uninstall: ## remove what install put there
	rm -f $(addprefix "$(DESTDIR)$(PREFIX)"/,bin/bnlab share/man/man1/bnlab.1 share/bash-completion/completions/bnlab \
		share/zsh/site-functions/_bnlab share/fish/vendor_completions.d/bnlab.fish)
	rm -rf "$(DESTDIR)$(PREFIX)/share/doc/bnlab"

# OpenBLAS and the C library inside: for machines on which nothing can be installed.
static: deps ## build bin/bnlab-static, which needs no library, and its licences beside it
	@mkdir -p bin
	@scripts/licences.sh static >bin/bnlab-static-licences.txt
	CGO_LDFLAGS="-lm -lpthread" $(BUILD) -tags netgo,osusergo \
		-ldflags '-s -w -linkmode external -extldflags "-static" $(STAMP)' -o bin/bnlab-static ./cmd/bnlab

deb: ## make a package for Debian and Ubuntu in bin/
	@scripts/deb.sh bin "$(VERSION)"

deps: ## install what a build needs, or say how to
	@scripts/deps.sh

clean: ## remove what was built
	rm -rf bin

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 13
