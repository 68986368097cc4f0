-- name: find_worker_state
SELECT state FROM worker WHERE id = ?1

-- name: worker_seen
UPDATE worker SET last_seen = ?2 WHERE id = ?1

-- name: set_worker_state
UPDATE worker SET state = ?2, last_seen = ?3 WHERE id = ?1 AND state <> 'lost'

-- name: lose_worker
UPDATE worker SET state = 'lost' WHERE id = ?1

-- name: lose_unseen_workers
UPDATE worker SET state = 'lost' WHERE state IN ('ready', 'draining') AND last_seen < ?1

-- name: forget_old_workers
DELETE FROM worker WHERE state IN ('stopped', 'lost') AND last_seen < ?1
  AND id NOT IN (SELECT worker FROM job_lease)

-- name: ensure_queue
INSERT OR IGNORE INTO job_queue (id, name, description, queue_type, created, last_updated)
VALUES (?1, ?2, '', ?3, ?4, ?4)
