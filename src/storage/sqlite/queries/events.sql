-- name: insert_event
INSERT INTO event (number, sequence, kind, attempt, created, level, grouping, message, log_object, absolute_url, data,
  logs, consoles)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)

-- name: get_event
SELECT sequence, kind, attempt, created, level, grouping, message, log_object, absolute_url, data
FROM event WHERE number = ?1 AND sequence = ?2

-- name: event_counters
SELECT debug_log_count, info_log_count, success_log_count, warning_log_count, error_log_count,
  console_count, last_sequence
FROM job_result WHERE number = ?1

-- name: event_places
SELECT logs, consoles, attempt FROM event WHERE number = ?1 AND sequence = ?2

-- name: delete_some_events
DELETE FROM event WHERE number = ?1 AND sequence IN
  (SELECT sequence FROM event WHERE number = ?1 ORDER BY sequence LIMIT ?2)
