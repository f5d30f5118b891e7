# From flow monitoring survey exports to a report. `make help` lists the targets.
#
# Every target sets up what it needs by itself: Python's own venv and pip, and the hashed lock files.

WAVE   ?= 2016-10
ENGINE ?= duckdb
LOCALE ?= en
PYTHON ?= python3

# Several waves: WAVES="2016-10 2017-06", or WAVES=all. With make -j2, two at a time; -j alone: one for each processor.
JOBS ?= $(if $(filter -j%,$(MAKEFLAGS)),$(or $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))),0),1)

VENV := .venv
BIN  := $(VENV)/bin
RUN  := $(BIN)/python -m pipeline
# Spark, with a Java to run it, is installed when it is first asked for.
READY := $(VENV)/ready$(if $(filter spark,$(ENGINE)),-spark)

# Bytecode is compiled once; without it every run pays for it again.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

# gpboost links to libgomp, which a bare Linux may lack; scikit-learn brings one along, and set-up puts it here.
export LD_LIBRARY_PATH := $(CURDIR)/$(VENV)/lib$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))
export WAVE WAVES JOBS ENGINE LOCALE QUIET FROM BASE QUESTIONNAIRE LAYOUT SIZE SEED EPSILON RESOLUTION AGAIN REASON
export SINCE EVERY RECORD

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help report figures indicators ingest check-wave new-wave dummy-wave diff trend publish moved public-use verify dictionary \
	purge test test-quick test-long check bench lock clean

help: ## List the targets
	@echo "make <target> [WAVE=$(WAVE)] [ENGINE=$(ENGINE)] [LOCALE=$(LOCALE)]"
	@echo "Several waves: make report -j2 WAVES=\"2016-10 2017-06\", or WAVES=all; also figures, indicators, ingest, check-wave"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: $(READY) ## The main job: from export to PDF, with figures and tables
	@$(RUN) report

figures: $(READY) ## Released tables, claims and figures, without the PDF
	@$(RUN) figures

indicators: $(READY) ## Exact counts and estimates, for the analyst
	@$(RUN) indicators

ingest: $(READY) ## Read, check and exclude: respondents, ledger, findings
	@$(RUN) ingest

check-wave: $(READY) ## Validate a wave, and see the quality of its fieldwork
	@$(RUN) check-wave

new-wave: $(VENV)/ready ## Make the folder of a new wave: make new-wave WAVE=2017-06 FROM=path
	@$(if $(FROM),$(RUN) new-wave,echo "Say where the export is: make new-wave WAVE=2017-06 FROM=path/to/export.xlsx"; exit 2)

dummy-wave: $(VENV)/ready ## Make up a wave to rehearse with: WAVE= QUESTIONNAIRE= LAYOUT= SIZE= SEED=
	@$(if $(filter command line,$(origin WAVE)),$(RUN) dummy-wave,echo "Say what to call it: make dummy-wave WAVE=rehearsal"; exit 2)

diff: $(VENV)/ready ## How two waves differ, and by how much: make diff WAVE=2017-06 BASE=2016-10
	@$(RUN) diff

trend: $(VENV)/ready ## Several releases side by side, by route and quarter: WAVES="2016-10 2017-06", or all there are
	@$(RUN) trend

publish: $(VENV)/ready ## Keep a release that you have published, for the audit of later ones
	@$(RUN) publish

moved: $(VENV)/ready ## Which released numbers moved since a published release: WAVE= SINCE=folder EVERY=1
	@$(RUN) moved

public-use: $(VENV)/ready ## Draw made-up people for public use, once: make public-use WAVE= EPSILON=
	@$(RUN) public-use

verify: $(VENV)/ready ## Compare a release with its manifest, file by file
	@$(RUN) verify

dictionary: $(VENV)/ready ## Write docs/data-dictionary.md, docs/glossary.md and docs/schemas/ from the code
	@$(RUN) dictionary

purge: $(VENV)/ready ## Delete the people and exact tables of a wave (WAVE= must be given)
	@$(if $(filter command line,$(origin WAVE)),$(RUN) purge --wave "$(WAVE)",echo "Say which wave: make purge WAVE=…"; exit 2)

test: $(VENV)/ready-dev ## Prove that it works: the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not long"

test-quick: $(VENV)/ready-dev ## A smaller test run, for people in a hurry
	@$(BIN)/python -m pytest -n auto tests/unit tests/spec

test-long: $(VENV)/ready-dev $(VENV)/ready-spark ## The whole suite, with Spark, kills and many more random waves
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/ready-dev ## Lint, types, import contracts
	@$(BIN)/ruff check pipeline tests benchmarks
	@$(BIN)/ruff format --check pipeline tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/ready ## Time all of it, up to ten million rows (10 GB of disk, 15 minutes); writes benchmarks/results.md
	@$(BIN)/python -m benchmarks.bench

lock: $(VENV)/ready-dev ## Pin the dependencies again, with hashes
	@$(BIN)/uv pip compile --quiet $(LOCK_OPTIONS) requirements.in --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet $(LOCK_OPTIONS) requirements-build.in --constraint requirements.lock --output-file requirements-build.lock
	@$(BIN)/uv pip compile --quiet $(LOCK_OPTIONS) requirements-spark.in --constraint requirements.lock --output-file requirements-spark.lock
	@$(BIN)/uv pip compile --quiet $(LOCK_OPTIONS) requirements-dev.in --constraint requirements.lock --output-file requirements-dev.lock

LOCK_OPTIONS := --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate

clean: ## Delete the environment, caches and outputs of the synthetic wave
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf data/processed/2016-10 reports/2016-10
# data/published stays, and data/public-use: a draw cannot be made again, and its list of draws is all that tells what was spent.
	find pipeline tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up: on first use, and again only when a lock file says something else ---

$(VENV)/ready: requirements.lock
	@$(call install,requirements.lock,$@)

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	@$(call install,requirements-dev.lock,$@)

# Spark is published as source only, and built by what is pinned here rather than by the newest there is.
$(VENV)/ready-build: requirements-build.lock $(VENV)/ready
	@$(call install,requirements-build.lock,$@)

$(VENV)/ready-spark: requirements-spark.lock $(VENV)/ready-build
	@$(call install,requirements-spark.lock,$@,--no-binary pyspark --no-build-isolation)

# A copy of the lock marks what is installed. It is written last, so that a broken installation is begun again.
define install
if cmp -s $(1) $(2); then touch $(2); exit 0; fi; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Python 3.11 or newer is needed. If you have it under another name: make PYTHON=python3.12 …" >&2; exit 1; }; \
echo "Setting up $(VENV) from $(1); this happens once and takes a minute or two."; \
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	echo "Python's venv is missing. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }; \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: $(3) -r $(1) && \
{ $(BIN)/python -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null || \
	cp $(VENV)/lib/python*/site-packages/scikit_learn.libs/libgomp-*.so.* $(VENV)/lib/libgomp.so.1 2>/dev/null || true; } && \
cp $(1) $(2)
endef
