# `make help` lists every target below that has a `##` comment. Long recipes live in tools/.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
UV := $(VENV)/bin/uv
BUILD := .build
STUBS := $(BUILD)/python
HEAVY_COMPUTATION := $(BUILD)/bin/heavy_computation
ENGINES := $(BUILD)/bin/measure_engines
CALLER := $(BUILD)/bin/call_at_rate

# Compiled dependencies outlive a fresh clone.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/decoupled/cargo-target
CARGO := cargo
# What libFuzzer needs to see which way an input went. As cargo-fuzz has it, with no sanitizer: those need a nightly Rust.
COVERAGE_FOR_FUZZING := --cfg fuzzing -Cpasses=sancov-module \
	$(addprefix -Cllvm-args=-sanitizer-coverage-,level=4 inline-8bit-counters pc-table trace-compares)
IN_HEAVY_COMPUTATION := --manifest-path heavy_computation/Cargo.toml --locked --quiet
NPM := npm --prefix client --silent

# Each is done again only when one of the files it is made from has changed.
PREREQUISITES_CHECKED := $(BUILD)/stamps/prerequisites
PYTHON_INSTALLED := $(BUILD)/stamps/python
STUBS_GENERATED := $(BUILD)/stamps/stubs
CLIENT_INSTALLED := client/node_modules/.package-lock.json
CLIENT_BUILT := client/dist/index.html
PEERS_INSTALLED := $(BUILD)/stamps/bench_peers
LOAD_TOOL_INSTALLED := system_tests/load/node_modules/.package-lock.json
LIGHTHOUSE_INSTALLED := system_tests/lighthouse/node_modules/.package-lock.json

PYTHON_PATHS := backend_server/src mailer/src local_stack/src system_tests/src $(STUBS)
HEAVY_COMPUTATION_SOURCES = $(wildcard heavy_computation/Cargo.* heavy_computation/build.rs) \
	$(shell find heavy_computation/src proto/heavy_computation -type f)
CLIENT_SOURCES = $(wildcard client/*.json client/*.ts client/index.html) \
	$(shell find client/src client/public client/messages client/project.inlang client/first-script client/early-list client/early-requests client/service-worker \
		-type f \
		-not -path '*/generated/*' -not -path '*/paraglide/*' -not -path '*/cache/*')

LINTS := lint_python lint_contracts lint_heavy_computation lint_client lint_yaml
TESTS := test_backend_server test_mailer test_heavy_computation test_client test_local_stack test_deploy test_system

##@ Run it

help: ## List what make can do
	@tools/help.sh $(MAKEFILE_LIST)

up: build ## Build what is needed and run the whole system until Ctrl-C
	@exec $(PYTHON) -m local_stack up --end-with-parent

demo: $(PYTHON_INSTALLED) ## Fill the running system with members and posts
	@$(PYTHON) -m local_stack demo

##@ Check it

test: build chromium ## Run every check and every test
	@tools/in_turn.sh $(LINTS) $(TESTS)

lint: $(STUBS_GENERATED) $(CLIENT_INSTALLED) ## Run every linter and type checker
	@tools/in_turn.sh $(LINTS)

format: $(PYTHON_INSTALLED) $(CLIENT_INSTALLED) ## Format everything
	$(PYTHON) -m ruff check --quiet --fix .
	$(PYTHON) -m ruff format --quiet .
	$(VENV)/bin/buf format --write proto
	$(CARGO) fmt --manifest-path heavy_computation/Cargo.toml
	$(NPM) run format

conformance: $(PYTHON_INSTALLED) ## Check the system at URL=… (the API, with its prefix) against the specification
	@test -n "$(URL)" || { echo "Say which system: make conformance URL=http://localhost:8080/api"; exit 2; }
	$(PYTHON) -m pytest system_tests/specification --url "$(URL)" $(if $(INBOX_URL),--inbox-url "$(INBOX_URL)")

fuzz: build ## Send the API whatever Schemathesis makes up, for MINUTES=10
	$(PYTHON) -m system_tests.fuzzing --minutes $(or $(MINUTES),10)

fuzz-search: $(PREREQUISITES_CHECKED) ## Search for whatever libFuzzer makes up, for MINUTES=10
	@mkdir -p $(BUILD)/fuzz/search
	RUSTFLAGS="$(COVERAGE_FOR_FUZZING)" $(CARGO) run --release --locked --quiet \
		--manifest-path heavy_computation/fuzz/Cargo.toml --target $$(rustc -vV | sed -n 's/^host: //p') --bin search -- \
		-dict=heavy_computation/fuzz/search.dict -max_len=600 -len_control=0 -max_total_time=$$((60 * $(or $(MINUTES),10))) -print_final_stats=1 \
		-artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/search

deploy-test: $(PYTHON_INSTALLED) chromium ## Install, try out and operate the deployment with Docker (half an hour)
	@docker info >/dev/null 2>&1 || { echo "No Docker answers here: make deploy-test needs Docker Engine with Compose 2.24 or newer."; exit 2; }
	$(PYTHON) -m pytest --timeout 3600 --rootdir . deploy/docker_tests $(OPTIONS)

sbom: $(PYTHON_INSTALLED) ## Write what each image is made of (CycloneDX) and under which licences, into .build/sbom
	@cd deploy && $(abspath $(PYTHON)) -m supply_chain.bill_of_materials $(abspath $(BUILD))/sbom

audit: $(PYTHON_INSTALLED) ## Ask for known weaknesses of what is shipped, and say whom it could not ask
	@cd deploy && $(abspath $(PYTHON)) -m supply_chain.audit

protections: build ## Take one protection after another out, and see that its tests fail (ONLY="S5")
	@$(PYTHON) tools/remove_protections.py $(if $(ONLY),--only "$(ONLY)")

slow-bodies: $(PYTHON_INSTALLED) ## Send bodies that never end to the deployment at URL=… (the API, with its prefix)
	@test -n "$(URL)" || { echo "Say which system: make slow-bodies URL=http://localhost/api"; exit 2; }
	$(PYTHON) -m system_tests.slow_bodies "$(URL)"

kubernetes-test: $(PYTHON_INSTALLED) ## Apply an overlay to the cluster of KUBECONFIG, and break it (OPTIONS="--only network")
	$(PYTHON) -m system_tests.kubernetes $(OPTIONS)

faults-heavy: build ## Break heavy_computation a hundred times and more, and print what was lost (OPTIONS="--kills 10")
	$(PYTHON) -m system_tests.heavy_faults $(OPTIONS)

faults-deploy: build ## Restart every process in turn while people use the system, and print what they noticed
	$(PYTHON) -m system_tests.rolling_restart

screenshots: build chromium ## Take pictures of every page of the client, into .build/screenshots (ONLY="settings")
	$(PYTHON) -m system_tests.screenshots $(if $(ONLY),--only "$(ONLY)") $(if $(LOCALE),--language $(LOCALE))

mail-pictures: $(STUBS_GENERATED) chromium ## Take pictures of every mail as mail programs show it, into .build/mail_pictures (ONLY="digest")
	$(PYTHON) -m system_tests.mail_pictures $(if $(ONLY),--only "$(ONLY)")

lighthouse: build chromium $(LIGHTHOUSE_INSTALLED) ## Audit the built client, and measure its first list on a phone's network
	$(PYTHON) -m system_tests.lighthouse $(OPTIONS)

bench: build $(LOAD_TOOL_INSTALLED) $(PEERS_INSTALLED) ## Measure it against its bars (BENCH_DATA names the folder of data sets)
	$(PYTHON) -m system_tests.load
	$(PYTHON) -m system_tests.load.large
	$(PYTHON) -m system_tests.load.searching
	$(PYTHON) -m system_tests.load.migrating

bench-security: build ## Measure what a sign-in costs, and whether its time tells who has an account
	$(PYTHON) -m system_tests.load.security

bench-kernels: ## Measure what heavy_computation's engines spend their time on, one by one
	$(CARGO) bench $(IN_HEAVY_COMPUTATION) --features measuring

bench-heavy: build $(ENGINES) $(CALLER) $(PEERS_INSTALLED) ## Measure heavy_computation against its peers (BENCH_DATA as above; OPTIONS="--posts 1000000")
	$(PYTHON) -m system_tests.heavy_load $(OPTIONS)

faults-mail: $(STUBS_GENERATED) ## Kill what mails pass through, and count what is lost or sent twice (OPTIONS="--only R4")
	$(PYTHON) -m system_tests.mail_faults $(OPTIONS)

bench-mail: $(STUBS_GENERATED) ## Tell 100,000 readers of one post, through a fake Resend (OPTIONS="--calls-per-second 5")
	$(PYTHON) -m system_tests.mail_scale $(OPTIONS)

##@ Build it

build: $(STUBS_GENERATED) $(HEAVY_COMPUTATION) $(CLIENT_BUILT) ## Install and build everything `make up` runs

client: $(CLIENT_BUILT) ## Build the client

heavy: $(HEAVY_COMPUTATION) ## Build heavy_computation

generate: $(STUBS_GENERATED) $(CLIENT_INSTALLED) ## Generate what comes from contracts: gRPC stubs, the client's API and words
	$(NPM) run generate

openapi: $(STUBS_GENERATED) ## Renew client/openapi.json from the API's own description
	$(PYTHON) -m backend_server openapi > $(BUILD)/openapi.json
	mv $(BUILD)/openapi.json client/openapi.json

lock: $(PYTHON_INSTALLED) ## Renew the locks of the Python dependencies to the newest allowed versions
	tools/lock.sh $(UV)

chromium: ## Install Chromium for the browser tests, where it is missing
	@tools/install_chromium.sh

clean: ## Delete what was built; what people wrote (.local_stack) stays
	rm -rf $(BUILD) $(VENV) client/dist client/node_modules system_tests/load/node_modules \
		system_tests/lighthouse/node_modules \
		client/src/paraglide client/src/api/generated

# Every target that help lists is a command, not a file.
.PHONY: $(shell sed -nE 's/^([a-z-]+):.*##.*/\1/p' Makefile)

# What `make test` runs, one by one; `make test_mailer` runs one alone.
.PHONY: $(TESTS)
test_backend_server test_local_stack: build
test_backend_server test_mailer: test_%: $(STUBS_GENERATED)
	$(PYTHON) -m pytest --quiet --numprocesses auto --maxprocesses 8 $*/tests

test_local_stack test_deploy: test_%: $(STUBS_GENERATED)
	$(PYTHON) -m pytest --quiet $*/tests

test_heavy_computation: $(PYTHON_INSTALLED)
	$(CARGO) test --release $(IN_HEAVY_COMPUTATION)

test_client: $(CLIENT_INSTALLED) chromium
	$(NPM) test

test_system: build chromium
	$(PYTHON) -m pytest --quiet system_tests

.PHONY: $(LINTS)
lint_python: $(STUBS_GENERATED)
	$(PYTHON) -m ruff check --quiet .
	$(PYTHON) -m ruff format --quiet --check .
	$(PYTHON) -m mypy backend_server/src
	$(PYTHON) -m mypy mailer/src
	$(PYTHON) -m mypy local_stack/src
	$(PYTHON) -m mypy system_tests/src
	cd deploy/operations && $(abspath $(PYTHON)) -m mypy --config-file ../../pyproject.toml --package box
	cd deploy/secrets && $(abspath $(PYTHON)) -m mypy --config-file ../../pyproject.toml --package service_secrets
	cd deploy/backups && $(abspath $(PYTHON)) -m mypy --config-file ../../pyproject.toml --package backups
	$(VENV)/bin/lint-imports --no-logo --config backend_server/pyproject.toml

lint_contracts: $(PYTHON_INSTALLED)
	$(VENV)/bin/buf lint proto
	$(VENV)/bin/buf format --diff --exit-code proto

lint_heavy_computation:
	$(CARGO) fmt --manifest-path heavy_computation/Cargo.toml --check
	$(CARGO) fmt --manifest-path heavy_computation/fuzz/Cargo.toml --check
	$(CARGO) clippy --release --all-targets --all-features $(IN_HEAVY_COMPUTATION) -- --deny warnings

lint_client: $(CLIENT_INSTALLED)
	$(NPM) run lint
	$(NPM) run types

lint_yaml: $(PYTHON_INSTALLED)
	$(VENV)/bin/yamllint --strict $$(git ls-files '*.yaml' '*.yml')

# The steps of the build.
$(PREREQUISITES_CHECKED): tools/check_prerequisites.sh tools/find_python.sh
	@tools/check_prerequisites.sh
	@mkdir -p $(@D) && touch $@

$(PYTHON_INSTALLED): requirements.lock tools/install_python.sh | $(PREREQUISITES_CHECKED)
	@echo "Installing the Python dependencies into $(VENV) (about half a minute the first time)."
	@tools/install_python.sh $(VENV) $(PYTHON_PATHS)
	@touch $@

$(STUBS_GENERATED): $(PYTHON_INSTALLED) $(wildcard proto/*/v1/*.proto) tools/generate_stubs.sh
	@tools/generate_stubs.sh $(PYTHON) $(STUBS)
	@touch $@

$(HEAVY_COMPUTATION): $(HEAVY_COMPUTATION_SOURCES) | $(PREREQUISITES_CHECKED)
	@echo "Building heavy_computation (some minutes the first time, seconds after a change)."
	@$(CARGO) build --release $(IN_HEAVY_COMPUTATION)
	@mkdir -p $(@D) && install -m 755 $(CARGO_TARGET_DIR)/release/heavy_computation $@

$(ENGINES): $(HEAVY_COMPUTATION_SOURCES) heavy_computation/examples/measure.rs
	@$(CARGO) build --release $(IN_HEAVY_COMPUTATION) --features measuring --example measure
	@mkdir -p $(@D) && install -m 755 $(CARGO_TARGET_DIR)/release/examples/measure $@

$(CALLER): heavy_computation/Cargo.lock heavy_computation/examples/call_at_rate.rs
	@$(CARGO) build --release $(IN_HEAVY_COMPUTATION) --example call_at_rate
	@mkdir -p $(@D) && install -m 755 $(CARGO_TARGET_DIR)/release/examples/call_at_rate $@

$(CLIENT_INSTALLED): client/package.json client/package-lock.json | $(PREREQUISITES_CHECKED)
	@echo "Installing the client's dependencies (about half a minute)."
	@npm ci --prefix client --silent --no-audit --no-fund
	@touch $@

$(LOAD_TOOL_INSTALLED): system_tests/load/package-lock.json | $(PREREQUISITES_CHECKED)
	@npm ci --prefix system_tests/load --silent --no-audit --no-fund
	@touch $@

$(LIGHTHOUSE_INSTALLED): system_tests/lighthouse/package-lock.json | $(PREREQUISITES_CHECKED)
	@echo "Installing Lighthouse (about half a minute)."
	@npm ci --prefix system_tests/lighthouse --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(PEERS_INSTALLED): $(wildcard system_tests/load/heavy_peers/*.lock) tools/install_bench_peers.sh | $(PYTHON_INSTALLED)
	@echo "Installing the programs to measure against (about a minute)."
	@tools/install_bench_peers.sh $(UV) $(BUILD)/bench_peers
	@touch $@

$(CLIENT_BUILT): $(CLIENT_INSTALLED) $(CLIENT_SOURCES)
	@echo "Building the client (some seconds)."
	@$(NPM) run build
	@touch $@
