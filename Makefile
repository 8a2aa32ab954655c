# 两条命令：make run（安装并启动门户）、make test（安装并运行全部检查）。其余是开发者的快捷方式。
# Two commands: `make run` installs and starts the portal, `make test` installs and checks everything.

BIN := .venv/bin

.PHONY: run test setup lint format lock

run:
	@.ci/setup run
	@$(BIN)/python manage.py demo
	@exec $(BIN)/python manage.py serve

test: setup lint
	@$(BIN)/python -m tests.services -- .ci/suite

setup:
	@.ci/setup test

lint: setup
	@.ci/lint

format: setup
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@git ls-files -co --exclude-standard '*.html' | xargs -r $(BIN)/djade --target-version 5.2

lock: setup
	@.ci/lock
