# Everything here does its own set-up: Scripts/setup.sh installs the system libraries that are
# missing. 'make help' lists the targets.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
# Where the package is built: another folder keeps two builds apart.
SCRATCH ?= .build

FUZZ_ITERATIONS ?= 5000000
FUZZ_SEED ?= $(shell date +%s)

# Further options of the compiler.
SWIFT_FLAGS ?=

swift_build := $(SWIFT) build --scratch-path $(SCRATCH) $(SWIFT_FLAGS)
swift_test := $(SWIFT) test --scratch-path $(SCRATCH) $(SWIFT_FLAGS) --disable-xctest
lacuna := $(SCRATCH)/release/lacuna

# Installed, the program must not need the compiler's own folder: it carries Swift's library. Tests
# cannot be linked so, which is why this build has a place of its own.
install_build := $(SWIFT) build -c release --scratch-path $(SCRATCH)/install \
	--static-swift-stdlib --product lacuna
installed := $(SCRATCH)/install/release/lacuna

bin := $(DESTDIR)$(PREFIX)/bin
share := $(DESTDIR)$(PREFIX)/share
man_page := $(share)/man/man1/lacuna.1
bash_completion := $(share)/bash-completion/completions/lacuna
zsh_completion := $(share)/zsh/site-functions/_lacuna
fish_completion := $(share)/fish/vendor_completions.d/lacuna.fish

# What the benchmarks run (all parts where none is named), on whose images, with how many threads.
PARTS ?=
DATA ?= ../shared/data
THREADS ?= 2
bench_environment := $(CURDIR)/.build/benchmarks-venv

# What household methods and lacuna are compared on: holes, and features where there are class folders. Options that both
# parts know; with those of one part, name that part (benchmarks/household/run_holes.py --help, run_features.py --help).
TRAIN ?= fixtures/digits
TEST ?= fixtures/digits-holdout
PEER_PARTS ?= holes $(if $(wildcard $(TRAIN)/*/.),features)
PEER_OPTIONS ?= --minutes 1
peers_environment := $(CURDIR)/.build/peers-venv

service_environment := $(CURDIR)/.build/service-venv
service_python := PYTHONDONTWRITEBYTECODE=1 $(service_environment)/bin/python
CHROMIUM ?= /usr/bin/chromium
REQUESTS ?= 100000
KILLS ?= 50
SEED ?= 0

.PHONY: all build bench bench-quick demo test test-c test-debug test-poisoned test-onednn3 sanitize fuzz fuzz-short snapshots lint format \
	augmentation-figures peers serve-demo service-clients service-page service-load service-hostile service-kills service-soak \
	shard-kills man setup install uninstall clean help

all: build

## build: compile lacuna (release) into .build/release/lacuna; the default
build: setup
	$(swift_build) -c release --product lacuna

## demo: fill the holes in the shipped digits with the shipped model
demo: build
	@mkdir -p out/demo
	$(lacuna) impute fixtures/digits-holdout --masks fixtures/masks \
	  --model fixtures/models/digits-pixelcnn.safetensors --samples 3 \
	  --contact-sheet out/demo/sheet.png --output out/demo/filled --overwrite
	@echo
	@echo "The filled digits, three of each:  out/demo/filled"
	@echo "All of them on one sheet:          out/demo/sheet.png"

## serve-demo: serve the shipped model; open the address that it prints
serve-demo: build
	$(lacuna) serve --model fixtures/models/digits-pixelcnn.safetensors

## test: run every test on the release build
test: setup
	$(swift_build) -c release --build-tests
	$(swift_test) -c release --skip-build

## test-debug: run every test on the debug build (slow: unoptimised kernels)
test-debug: setup
	$(swift_build) --build-tests
	$(swift_test) --skip-build

## test-poisoned: run every test with NaN in all memory that is not in use, in a build of its own
test-poisoned: setup
	$(MAKE) test SCRATCH=$(SCRATCH)/poisoned SWIFT_FLAGS="-Xswiftc -DPOISONED"

## test-onednn3: test the oneDNN shim against the system's oneDNN and against oneDNN 3.2
test-onednn3: setup
	Scripts/onednn3.sh

## test-c: run the C targets' own tests with sanitizers
test-c: setup
	Scripts/sanitize.sh

## sanitize: the same, and a minute of fuzzing
sanitize: test-c
	Scripts/codec_fuzz.sh 1000000 1

## fuzz: decode mutated images with sanitizers for minutes (FUZZ_ITERATIONS=, FUZZ_SEED=)
fuzz: setup
	Scripts/codec_fuzz.sh $(FUZZ_ITERATIONS) $(FUZZ_SEED)

## fuzz-short: the same for seconds, always with the same mutations
fuzz-short: setup
	Scripts/codec_fuzz.sh 100000 1

## snapshots: record the expected help, listings and messages anew; read the difference
snapshots: setup
	$(swift_build) -c release --build-tests
	LACUNA_RECORD_SNAPSHOTS=1 $(swift_test) -c release --skip-build

## man: write man/lacuna.1 from man/lacuna.1.in and the options that the program declares
man: build
	python3 Scripts/make_man_page.py "$(lacuna)"

## augmentation-figures: measure whether augmentation helps (hours; benchmarks/augmentation.md)
augmentation-figures: build
	LACUNA="$(lacuna)" python3 benchmarks/augmentation.py

## lint: check the form of all sources
lint:
	Scripts/lint.sh

## format: format the Swift sources in place
format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

## bench: measure beside PyTorch and write benchmarks/RESULTS.md (PARTS=, DATA=, THREADS=)
bench: build
	benchmarks/environment.sh $(bench_environment)
	PYTHONDONTWRITEBYTECODE=1 $(bench_environment)/bin/python benchmarks/run.py $(PARTS) \
	  --binary $(lacuna) --data $(DATA) --threads $(THREADS) $(if $(QUICK),--quick)

## bench-quick: the same in minutes, with few rounds, into .build/benchmarks/quick
bench-quick:
	$(MAKE) bench QUICK=1

## peers: fill holes and learn few labels, by household methods and by lacuna (TRAIN=, TEST=, PEER_PARTS=, PEER_OPTIONS=)
peers: build $(peers_environment)/installed
	for part in $(PEER_PARTS); do \
	  PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=$(THREADS) \
	    $(peers_environment)/bin/python benchmarks/household/run_$$part.py \
	    --binary $(lacuna) --threads $(THREADS) --train $(TRAIN) --test $(TEST) $(PEER_OPTIONS); \
	done

## service-clients: ask 'lacuna serve' by clients of other services, as they are (minutes)
service-clients: build $(service_environment)/installed
	$(service_python) Scripts/service/clients.py $(lacuna)

## service-page: use the service's page in chromium (CHROMIUM=), into out/page
service-page: build $(service_environment)/installed
	$(service_python) Scripts/service/page.py $(lacuna) $(CHROMIUM) out/page

## service-load: images a second and latency of the service with 1, 8 and 64 clients (LOAD=options)
service-load: build
	python3 Scripts/service/load.py $(lacuna) $(LOAD)

## service-hostile: mutated requests, slow clients, bombs, a thousand connections (REQUESTS=100000)
service-hostile: build
	python3 Scripts/service/hostile.py $(lacuna) $(REQUESTS)

## shard-kills: kill shards and merges at random, resume, and compare with one run (KILLS=50, SEED=0)
shard-kills: build
	python3 Scripts/shards/kills.py $(lacuna) $(KILLS) $(SEED)

## service-kills: SIGTERM, SIGHUP and SIGKILL under load
service-kills: build
	python3 Scripts/service/kills.py $(lacuna)

## service-soak: memory of the service under an hour of good and bad clients (MINUTES=60)
service-soak: build
	python3 Scripts/service/soak.py $(lacuna) $(if $(MINUTES),--minutes $(MINUTES))

$(service_environment)/installed: Scripts/service/requirements.txt
	python3 -m venv $(service_environment)
	$(service_environment)/bin/pip install --quiet -r $<
	touch $@

$(peers_environment)/installed: benchmarks/household/requirements.txt
	python3 -m venv $(peers_environment)
	$(peers_environment)/bin/pip install --quiet -r $<
	touch $@

## setup: install the system libraries that are missing (apt); says nothing where all are there
setup:
	@Scripts/setup.sh

## install: install program, man page and shell completions (PREFIX=/usr/local, DESTDIR=)
install: setup
	$(install_build)
	install -d "$(bin)" "$(dir $(man_page))" "$(dir $(bash_completion))" \
	  "$(dir $(zsh_completion))" "$(dir $(fish_completion))"
	install -m 755 -s "$(installed)" "$(bin)/lacuna"
	install -m 644 man/lacuna.1 "$(man_page)"
	"$(installed)" --generate-completion-script bash > "$(bash_completion)"
	"$(installed)" --generate-completion-script zsh > "$(zsh_completion)"
	"$(installed)" --generate-completion-script fish > "$(fish_completion)"
	chmod 644 "$(bash_completion)" "$(zsh_completion)" "$(fish_completion)"

## uninstall: remove what install put there (the same PREFIX= and DESTDIR=)
uninstall:
	rm -f "$(bin)/lacuna" "$(man_page)" "$(bash_completion)" "$(zsh_completion)" \
	  "$(fish_completion)"

## clean: remove everything that was built and the demo's pictures
clean:
	$(SWIFT) package --scratch-path $(SCRATCH) clean
	rm -rf $(SCRATCH)/install .build/sanitized .build/onednn3 .build/benchmarks out/demo

## help: list the targets
help:
	@sed -nE 's/^## ([a-z0-9-]+): (.*)/\1\t\2/p' $(MAKEFILE_LIST) | \
	  while IFS=$$'\t' read -r name text; do printf '  %-21s %s\n' "$$name" "$$text"; done
