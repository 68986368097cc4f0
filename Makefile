# Nothing clever: each target calls cmake or a script.

.PHONY: build demo serve test test-sanitized bench lint format clean

build:
	scripts/setup
	cmake --preset release
	cmake --build --preset release

demo:
	scripts/setup
	cmake --preset release
	cmake --build --preset release --target windlass
	scripts/demo

serve:
	scripts/setup
	cmake --preset release
	cmake --build --preset release --target windlass
	scripts/serve

test:
	scripts/setup
	scripts/test

test-sanitized:
	scripts/setup
	scripts/test sanitized

bench:
	scripts/setup
	benchmarks/run

lint:
	scripts/setup
	scripts/lint

format:
	scripts/setup
	scripts/format

clean:
	rm -rf build
