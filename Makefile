# SPDX-License-Identifier: ISC
#
# A thin way in: what builds is meson's, what checks is tools/check.
# `sudo make run` and `sudo make check` are all a fresh Debian 12 needs.

MESON ?= meson
NINJA ?= ninja
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
# Built as root for someone: hand the files to who called sudo.
OWNED = build build-* .deps

.DEFAULT_GOAL := build
.PHONY: build deps deps-check deps-lab run check lab fuzz bench asan tidy \
	format install clean help

build: build/build.ninja
	$(NINJA) -C build

build/build.ninja:
	$(MESON) setup build -Dtests=false --prefix=$(PREFIX)

deps:
	@tools/deps run

deps-check:
	@tools/deps check
	-@tools/kernels fetch --check

deps-lab:
	@tools/deps lab
	-@tools/kernels fetch --lab

run: deps
	@trap 'tools/deps handback $(OWNED)' EXIT; \
	$(MAKE) --no-print-directory build && \
	echo && echo '$$ build/aquifer sources' && build/aquifer sources && \
	echo && echo '$$ build/aquiferd --once --verbose' && \
	build/aquiferd --once --verbose

check: deps-check
	@trap 'tools/deps handback $(OWNED)' EXIT; tools/check

lab: deps-lab
	@trap 'tools/deps handback $(OWNED)' EXIT; \
	$(MAKE) --no-print-directory build && tests/lab/arm64 && \
	tests/lab/lab --record build/lab/record.jsonl

asan: deps-check
	@trap 'tools/deps handback $(OWNED)' EXIT; tools/check asan

tidy: deps-check
	@trap 'tools/deps handback $(OWNED)' EXIT; tools/check tidy

fuzz: deps-check
	@trap 'tools/deps handback $(OWNED)' EXIT; tools/fuzz $(FUZZ_SECONDS)

bench: deps-lab
	@trap 'tools/deps handback $(OWNED)' EXIT; \
	$(MAKE) --no-print-directory build && bench/run

format:
	clang-format -i $$(tools/check --list-c)

install: build
	$(MESON) configure build --prefix=$(PREFIX)
	DESTDIR=$(DESTDIR) $(MESON) install -C build

clean:
	rm -rf build build-*

help:
	@echo 'make             build/aquifer, build/aquiferd, build/aquiferd-static'
	@echo 'make run         install what is missing, build, show this machine'
	@echo 'make check       install what is missing, every check (tools/check)'
	@echo 'make lab         every scenario of tests/lab: real guests, 15 to 30 minutes'
	@echo 'make fuzz        each fuzzer for FUZZ_SECONDS (60)'
	@echo 'make bench       ratios against peers'
	@echo 'make asan        unit tests with ASan and UBSan'
	@echo 'make tidy        clang-tidy'
	@echo 'make format      clang-format in place'
	@echo 'make install     below PREFIX (/usr/local), DESTDIR respected'
	@echo 'make deps        packages to build and run; deps-check, deps-lab'
	@echo 'make clean       remove the build directories'
