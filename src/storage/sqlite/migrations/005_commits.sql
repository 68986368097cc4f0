-- Where commits that served were fetched from: results name them by slug and commit, also when the
-- repository has another URL by then.

CREATE TABLE git_commit (
  slug TEXT NOT NULL,
  id TEXT NOT NULL,
  remote_url TEXT NOT NULL,
  PRIMARY KEY (slug, id)
) STRICT, WITHOUT ROWID;

-- Of what ran before, the URL of today is known.
INSERT INTO git_commit (slug, id, remote_url)
SELECT DISTINCT g.slug, r.source_version, g.remote_url
FROM git_repository g JOIN job_result r ON r.source = 'git:' || g.slug
WHERE r.source_version <> '';

INSERT OR IGNORE INTO git_commit (slug, id, remote_url)
SELECT slug, current_head, remote_url FROM git_repository WHERE current_head <> '';
