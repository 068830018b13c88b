# For those whose fingers type « make »: everything is in ./jalon.
.DEFAULT_GOAL := help
.PHONY: run test lint fmt shell demo doctor help
run test lint fmt shell demo doctor help:
	@./jalon $@
