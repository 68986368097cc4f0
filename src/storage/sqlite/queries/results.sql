-- name: find_job_source
SELECT source FROM job WHERE id = ?1

-- name: insert_input
INSERT INTO job_input (number, sealed) VALUES (?1, ?2)

-- name: delete_input
DELETE FROM job_input WHERE number = ?1

-- name: insert_input_file
INSERT INTO job_input_file (number, field, name, sealed, content) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: delete_input_files
DELETE FROM job_input_file WHERE number = ?1

-- name: holds_lease
SELECT 1 FROM job_lease WHERE number = ?1 AND token = ?2

-- name: list_input_files
SELECT field, name, sealed, content FROM job_input_file WHERE number = ?1 ORDER BY field

-- name: next_sealed_input
SELECT number, sealed FROM job_input WHERE number > ?1 ORDER BY number LIMIT 1

-- name: set_sealed_input
UPDATE job_input SET sealed = ?2 WHERE number = ?1

-- name: next_sealed_file
SELECT number, field, content FROM job_input_file
WHERE (number, field) > (?1, ?2) AND sealed = 1 ORDER BY number, field LIMIT 1

-- name: set_sealed_file
UPDATE job_input_file SET content = ?3 WHERE number = ?1 AND field = ?2

-- name: insert_large
INSERT OR REPLACE INTO job_result_large (number, field, value) VALUES (?1, ?2, ?3)

-- name: find_large
SELECT field, value FROM job_result_large WHERE number = ?1

-- name: find_run_state
SELECT r.attempt, r.last_sequence,
  r.debug_log_count + r.info_log_count + r.success_log_count + r.warning_log_count + r.error_log_count,
  r.console_count, r.number, r.status, r.cancel_requested_at IS NOT NULL
FROM job_result r WHERE r.id = ?1

-- name: mark_cancel
UPDATE job_result SET cancel_requested_at = ?2, cancel_requested_by = ?3 WHERE number = ?1

-- name: append_to_run
UPDATE job_result SET
  last_sequence = ?2,
  debug_log_count = debug_log_count + ?3,
  info_log_count = info_log_count + ?4,
  success_log_count = success_log_count + ?5,
  warning_log_count = warning_log_count + ?6,
  error_log_count = error_log_count + ?7,
  console_count = console_count + ?8,
  dropped_log_count = dropped_log_count + ?9,
  progress = coalesce(?10, progress),
  source_version = coalesce(?11, source_version)
WHERE number = ?1

-- name: finish_run
UPDATE job_result SET
  last_sequence = ?2,
  debug_log_count = debug_log_count + ?3,
  info_log_count = info_log_count + ?4,
  success_log_count = success_log_count + ?5,
  warning_log_count = warning_log_count + ?6,
  error_log_count = error_log_count + ?7,
  console_count = console_count + ?8,
  dropped_log_count = dropped_log_count + ?9,
  progress = coalesce(?10, progress),
  source_version = coalesce(?11, source_version),
  status = ?12,
  date_done = ?13,
  result = ?14,
  traceback = ?15,
  reason_code = ?16,
  reason = ?17,
  peak_memory = ?18,
  cpu_seconds = ?19,
  retry_at = ?20
WHERE number = ?1

-- name: delete_result
DELETE FROM job_result WHERE number = ?1

-- name: newest_of_repository
INDEXED BY job_result_git_repository WHERE git_repository = ?1 AND task_name = ?2
ORDER BY date_created DESC, number DESC LIMIT 1

-- name: idle_of_repositories
SELECT id FROM (
  SELECT id, row_number() OVER (PARTITION BY git_repository ORDER BY date_created DESC, number DESC) AS place
  FROM job_result INDEXED BY job_result_git_repository
  WHERE git_repository IS NOT NULL AND task_name = ?1 AND user IS NULL
    AND status IN ('SUCCESS', 'FAILURE', 'REVOKED')
    AND NOT (status = 'SUCCESS'
      AND CASE WHEN json_valid(result) THEN coalesce(json_extract(result, '$.changed'), 0) ELSE 0 END)
) WHERE place > ?2 LIMIT ?3

-- name: count_with_repository
SELECT count(*) FROM job_result INDEXED BY job_result_git_repository WHERE git_repository IS NOT NULL
