-- name: make_migration_table
CREATE TABLE IF NOT EXISTS schema_migration (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied INTEGER NOT NULL) STRICT

-- name: schema_version
SELECT ifnull(max(version), 0) FROM schema_migration

-- name: note_migration
INSERT INTO schema_migration (version, name, applied) VALUES (?1, ?2, ?3)
