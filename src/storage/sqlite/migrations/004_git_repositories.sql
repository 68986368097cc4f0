-- Git repositories, and which of them a sync was of.

CREATE TABLE git_repository (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  remote_url TEXT NOT NULL,
  branch TEXT NOT NULL,
  provided_contents TEXT NOT NULL,
  current_head TEXT NOT NULL,
  newest_head TEXT NOT NULL,
  sync_error TEXT NOT NULL,
  last_synced INTEGER,
  poll_interval REAL NOT NULL,
  python TEXT NOT NULL,
  username TEXT NOT NULL,
  secret_kind TEXT NOT NULL CHECK (secret_kind IN ('', 'token', 'ssh_key')),
  secret TEXT NOT NULL CHECK ((secret = '') = (secret_kind = '')),
  webhook_secret TEXT NOT NULL,
  known_hosts TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_updated INTEGER NOT NULL
) STRICT;

-- Few results have one: the others cost the index nothing.
ALTER TABLE job_result ADD COLUMN git_repository TEXT REFERENCES git_repository (id) ON DELETE SET NULL;
CREATE INDEX job_result_git_repository ON job_result (git_repository, date_created)
WHERE git_repository IS NOT NULL;
