-- name: find_lease
SELECT r.attempt, r.last_sequence,
  r.debug_log_count + r.info_log_count + r.success_log_count + r.warning_log_count + r.error_log_count,
  r.console_count, l.token, r.cancel_requested_at IS NOT NULL, r.cancel_requested_by
FROM job_lease l JOIN job_result r ON r.number = l.number WHERE l.number = ?1

-- name: insert_lease
INSERT INTO job_lease (number, worker, token, expires, refused) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: delete_lease
DELETE FROM job_lease WHERE number = ?1

-- name: renew_leases
UPDATE job_lease SET expires = ?2 WHERE worker = ?1

-- name: waiting_in_queue
SELECT number FROM job_result
WHERE queue = ?1 AND status = 'PENDING' ORDER BY number LIMIT ?2

-- name: retries_in_queue
SELECT number, retry_at FROM job_result
WHERE queue = ?1 AND status = 'RETRY' AND retry_at IS NOT NULL ORDER BY retry_at LIMIT ?2

-- name: start_run
UPDATE job_result SET
  status = 'STARTED', date_started = ?2, worker = ?3, attempt = attempt + 1, last_sequence = last_sequence + 1,
  retry_at = NULL, reason_code = '', reason = '', progress = NULL
WHERE number = ?1

-- name: find_singleton_holder
SELECT r.id FROM job_lease l CROSS JOIN job_result r ON r.number = l.number
WHERE l.refused = 0 AND r.task_name = ?1 ORDER BY l.number LIMIT 1

-- name: find_singleton_waiting
SELECT id FROM job_result INDEXED BY job_result_retrying_task
WHERE status = 'RETRY' AND task_name = ?1 ORDER BY number LIMIT 1

-- name: find_claim_details
SELECT i.sealed, u.username, j.soft_time_limit, j.time_limit, j.has_sensitive_variables,
  j.is_singleton, j.max_retries, j.retry_delay, j.retry_backoff,
  EXISTS (SELECT 1 FROM job_input_file f WHERE f.number = r.number),
  CASE WHEN i.sealed IS NOT NULL AND instr(j.variables, '"sensitive":true') > 0 THEN j.variables END
FROM job_result r
LEFT JOIN job_input i ON i.number = r.number
LEFT JOIN "user" u ON u.id = r.user
LEFT JOIN job j ON j.id = r.job_model
WHERE r.number = ?1

-- name: find_cancels
SELECT r.number, r.cancel_requested_by
FROM job_lease l JOIN job_result r ON r.number = l.number
WHERE l.worker = ?1 AND r.cancel_requested_at IS NOT NULL ORDER BY r.number

-- name: leases_of_worker
SELECT r.attempt, r.last_sequence,
  r.debug_log_count + r.info_log_count + r.success_log_count + r.warning_log_count + r.error_log_count,
  r.console_count, r.number, r.worker, w.instance, r.queue, r.cancel_requested_at IS NOT NULL,
  j.max_retries, j.retry_delay, j.retry_backoff
FROM job_lease l JOIN job_result r ON r.number = l.number LEFT JOIN worker w ON w.id = l.worker
LEFT JOIN job j ON j.id = r.job_model
WHERE l.worker = ?1 ORDER BY r.number

-- name: leases_expired
SELECT r.attempt, r.last_sequence,
  r.debug_log_count + r.info_log_count + r.success_log_count + r.warning_log_count + r.error_log_count,
  r.console_count, r.number, r.worker, w.instance, r.queue, r.cancel_requested_at IS NOT NULL,
  j.max_retries, j.retry_delay, j.retry_backoff
FROM job_lease l JOIN job_result r ON r.number = l.number LEFT JOIN worker w ON w.id = l.worker
LEFT JOIN job j ON j.id = r.job_model
WHERE l.expires < ?1 OR w.state = 'lost' ORDER BY r.number

-- name: something_expired
SELECT EXISTS (SELECT 1 FROM job_lease WHERE expires < ?1)
    OR EXISTS (SELECT 1 FROM worker WHERE state IN ('ready', 'draining') AND last_seen < ?2)
