-- name: any_user
SELECT 1 FROM "user" LIMIT 1

-- name: set_password
UPDATE "user" SET password = ?2 WHERE id = ?1

-- name: note_login
UPDATE "user" SET last_login = ?2 WHERE id = ?1

-- name: delete_token
DELETE FROM token WHERE id = ?1

-- name: delete_session
DELETE FROM session WHERE key_hash = ?1

-- name: delete_other_sessions
DELETE FROM session WHERE user = ?1 AND key_hash <> ?2

-- name: delete_expired_sessions
DELETE FROM session WHERE expires <= ?1

-- name: find_preferences
SELECT value FROM user_preference WHERE user = ?1

-- name: set_preferences
INSERT INTO user_preference (user, value) VALUES (?1, ?2) ON CONFLICT (user) DO UPDATE SET value = excluded.value
