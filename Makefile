# make run and make test are all that a newcomer needs; make help lists the rest.
SHELL := /bin/bash
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/campus-booth
export CARGO_TARGET_DIR ?= $(CACHE)/target
# The same choice as in tools/test, so that nothing is compiled twice.
CARGO_ALL := --workspace --locked --features campus-booth/custom-protocol

.DEFAULT_GOAL := help
.PHONY: help run campus test bench gallery screens fuzz setup bindings fmt deb

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Open the kiosk; with no display, walk one student through it and leave everything in out/
	@tools/run

campus: ## Start a whole campus: PostgreSQL, central, the payments' stand-in and a booth; with no display, walk a student who pays by QR
	@tools/campus

test: ## Run every check and test, in stages; one summary line at the end
	@tools/test

bench: ## Time each stage of a photo, the whole, the preview in the real window, and an outbox that drains
	@tools/bench

gallery: ## Make a page to look at, out/gallery/index.html; FOLDER=... for other pictures, BACKDROPS=1 with NAME_backdrop.jpg
	@tools/setup run
	@cargo build $(CARGO_ALL) --bin boothctl
	@"$(CARGO_TARGET_DIR)/debug/boothctl" gallery "$(or $(FOLDER),assets/sample/faces)" --out out/gallery $(if $(BACKDROPS),--backdrops)

fuzz: ## Fuzz the decoders, a minute each (SECONDS=60); needs nightly Rust and cargo-fuzz
	@tools/fuzz $(or $(SECONDS),60)

screens: ## Take a picture of every screen in every size and language into out/screens; SCREENS="pay order" for some
	@tools/setup run
	@cd ui && node tools/screens.mjs ../out/screens $(SCREENS)
	@echo "out/screens/index.html"

setup: ## Install what is missing: Debian packages, npm packages, models, font
	@tools/setup

bindings: ## Write the page's types from the kiosk's commands
	@tools/setup run && tools/build-ui && BOOTH_WRITE_BINDINGS=1 cargo test $(CARGO_ALL) --bins bindings

fmt: ## Format Rust and the pages
	@tools/setup && cargo fmt && npm --prefix ui run --silent format

deb: ## Build the kiosk's Debian package into out/
	@tools/deb
