-- name: delete_git_repository
DELETE FROM git_repository WHERE id = ?1

-- name: any_git_repository
SELECT 1 FROM git_repository WHERE id = ?1

-- name: note_commit
INSERT INTO git_commit (slug, id, remote_url) VALUES (?1, ?2, ?3)
ON CONFLICT (slug, id) DO UPDATE SET remote_url = excluded.remote_url

-- name: remote_of_commit
SELECT remote_url FROM git_commit WHERE slug = ?1 AND id = ?2
