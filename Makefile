# make run    analyse the shipped studies; ends by naming the reports
# make test   run the tests; those that take minutes each have targets of their own
# make        what else can be made
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
PYTHON ?= python3
CORES ?= all
TOOLS := .tools
UV := $(TOOLS)/bin/uv
BIN := .venv/bin
ENVIRONMENT := .venv/.locked

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export PYTHONPATH :=

define INDEX
import pathlib, yaml
settings = yaml.safe_load(pathlib.Path("config.yaml").read_text("utf-8"))
print(pathlib.Path(settings.get("results", "results"), "index.html").resolve().as_uri())
endef
export INDEX

.PHONY: help run test test-isolation test-faults test-cluster cluster check format environment benchmark docs audit licences advisories sbom clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(ENVIRONMENT) ## Analyse both shipped studies; ends by naming the reports
	$(BIN)/snakemake --cores $(CORES)
	@echo; echo "Open in a browser: $$($(BIN)/python -c "$$INDEX")"

test: $(ENVIRONMENT) ## Run the tests, but for those that have a target of their own
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not isolation and not faults and not cluster"

test-isolation: .venv/.isolation ## Run a study with an environment for each kind of work (docs/environments.md)
	$(BIN)/python -m pytest tests/environments -m isolation

test-faults: $(ENVIRONMENT) ## Break runs and finish them (docs/faults.md)
	$(BIN)/python -m pytest -n auto tests/faults -m faults

test-cluster: .venv/.cluster ## Run both studies on a Slurm of two nodes, and disturb it (docs/clusters.md)
	@PATH="$$PATH:/usr/sbin:/sbin"; for command in slurmctld munged slurmdbd mariadbd ip; do command -v $$command >/dev/null \
	  || { echo "No $$command here. On Debian: apt-get install slurm-wlm munge slurmdbd mariadb-server iproute2"; exit 1; }; done
	$(BIN)/python -m pytest tests/cluster -m cluster -n 2 --dist loadfile

check: $(ENVIRONMENT) ## Format, lint and type checks, and the audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint
	$(BIN)/mypy
	PYTHONPATH=scripts $(BIN)/python -m seizureflow.supply_chain.audit

format: $(ENVIRONMENT) ## Format Python and Snakemake code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile rules

environment: $(ENVIRONMENT) ## Create the locked environment in .venv

cluster: .venv/.cluster ## Add what lets Snakemake submit to a cluster (docs/clusters.md)

benchmark: $(ENVIRONMENT) ## Measure the default run on two cores (benchmarks/README.md)
	$(BIN)/python benchmarks/default_run.py

docs: $(ENVIRONMENT) ## Write the pages on the methods and on reruns from the registry and the tests
	PYTHONPATH=scripts $(BIN)/python -m seizureflow.registry.document > docs/methods.md
	PYTHONPATH=tests $(BIN)/python -m workflow.reruns_page > docs/reruns.md

audit: $(ENVIRONMENT) ## Check the lock's hashes and the licences of what it names
	PYTHONPATH=scripts $(BIN)/python -m seizureflow.supply_chain.audit

licences: .venv/.isolation .venv/.cluster ## Write the table of licences, docs/licences.md
	PYTHONPATH=scripts $(BIN)/python -m seizureflow.supply_chain.audit --write

advisories: $(UV) ## Ask for known flaws of the locked packages (asks a service over the network)
	$(UV) export --quiet --frozen --no-dev --no-emit-project --output-file .venv/locked.txt
	$(UV) tool run pip-audit --strict --disable-pip --require-hashes --requirement .venv/locked.txt

sbom: $(UV) ## Write what a run is installed from as CycloneDX 1.5, sbom.json
	$(UV) export --quiet --frozen --no-dev --format cyclonedx1.5 --output-file sbom.json

# The record of how results were made goes with them: without it, old ones pass for up to date.
clean: ## Delete results, not the environment
	@grep -qx 'results: results' config.yaml && [ ! -L results ] \
	  || { echo "The results are not in results/ (config.yaml): delete their folder yourself, and .snakemake with it."; exit 1; }
	rm -rf results .snakemake

# pip --target works without the venv module and beside an externally managed Python (Debian).
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "seizureflow needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 \
	  || { echo "$(PYTHON) has no pip. On Debian: apt-get install python3-pip"; exit 1; }
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target $(TOOLS) uv==$(UV_VERSION)

$(ENVIRONMENT): uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --compile-bytecode --python "$$(command -v $(PYTHON))"
	@touch $@

.venv/.isolation: $(ENVIRONMENT)
	$(UV) sync --frozen --compile-bytecode --inexact --group isolation
	@touch $@

.venv/.cluster: $(ENVIRONMENT)
	$(UV) sync --frozen --compile-bytecode --inexact --group cluster
	@touch $@
