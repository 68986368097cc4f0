-- name: delete_git_repository
DELETE FROM git_repository WHERE id = ?1

-- name: any_git_repository
SELECT 1 FROM git_repository WHERE id = ?1
