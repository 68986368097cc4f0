# The names that Windlass offers under `nautobot`, for type checkers; docs/python-api.md says how.
