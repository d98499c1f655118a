# Every target sets up what it needs: a virtual environment in .venv with the locked requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

UPSTREAM := $(or $(REMORA_UPSTREAM),../shared/upstream)
ISTIO ?= $(wildcard $(UPSTREAM)/[0-9]*)

.PHONY: run test fuzz check format lock bench load fuzz-http tables conformance conformance-page invariants e2e e2e-assets clean

$(STAMP): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

run: $(STAMP) ## serve the webhook with the embedded default and inject a sample pod
	@$(BIN)/remora try

test: $(STAMP) ## run every test
	$(BIN)/python -m pytest -n auto --dist loadgroup

fuzz: $(STAMP) ## compare the two ways to inject on 100,000 hostile pods, with a seed that is printed
	@seed=$${REMORA_FUZZ_SEED:-$$(date +%s)}; echo "REMORA_FUZZ_SEED=$$seed"; \
	REMORA_FUZZ_PODS=$${REMORA_FUZZ_PODS:-100000} REMORA_FUZZ_SEED=$$seed $(BIN)/python -m pytest -s tests/property/test_fast_plain.py

check: $(STAMP) ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## rewrite the sources in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## compile requirements.txt anew from pyproject.toml
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet uv
	$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-emit-index-url --no-emit-find-links \
	  --no-annotate --custom-compile-command "make lock" --output-file requirements.txt pyproject.toml

bench: $(STAMP) ## measure, paired with the Go and Python peers
	$(BIN)/python -m bench

load: $(STAMP) ## what stalling clients, restarts and swapped files cost other requests, as tables (needs Go, five minutes)
	$(BIN)/python -m bench.load stalls disruptions

fuzz-http: $(STAMP) ## send 100,000 mutated reviews to a server: make fuzz-http RELEASE=1.20.8
	$(BIN)/python -m bench.load fuzz $(if $(RELEASE),--release $(RELEASE))

tables: $(STAMP) ## generate the tables of Kubernetes types and of Istio's names anew (needs Go)
	$(BIN)/python webhook/kube/generator/generate.py
	$(BIN)/python webhook/explain/generator/generate.py

conformance: $(STAMP) ## run Istio's golden cases, of all releases at hand: make conformance ISTIO="path path"
	$(BIN)/python -m conformance istio $(ISTIO)

conformance-page: $(STAMP) ## the same, and write docs/conformance.md
	$(BIN)/python -m conformance istio $(ISTIO) --write docs/conformance.md

invariants: $(STAMP) ## check on all golden cases what must hold for every injected pod
	$(BIN)/python -m conformance invariants $(ISTIO)

e2e-assets: $(STAMP) ## build etcd, kube-apiserver, kube-controller-manager and kubectl, once (needs Go, ten minutes)
	$(BIN)/python tests/e2e/kube_control_plane.py

e2e: $(STAMP) ## run the tests on a real Kubernetes API server
	$(BIN)/python -m pytest tests/e2e

clean:
	rm -rf $(VENV) build dist *.egg-info .cache
