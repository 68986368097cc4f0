-- What the full authoring interface needs: retries, the singleton lock's override, uploaded files.

ALTER TABLE job ADD COLUMN max_retries INTEGER NOT NULL DEFAULT -1;
ALTER TABLE job ADD COLUMN retry_delay REAL NOT NULL DEFAULT 10;
ALTER TABLE job ADD COLUMN retry_backoff REAL NOT NULL DEFAULT 1;

ALTER TABLE job_result ADD COLUMN retry_at INTEGER;
ALTER TABLE job_result ADD COLUMN ignore_singleton_lock INTEGER NOT NULL DEFAULT 0;

-- What workers claim from: retries wait apart, by the time that they fall due, so that any number of them costs nothing.
DROP INDEX job_result_waiting;
CREATE INDEX job_result_waiting ON job_result (queue, number) WHERE status = 'PENDING';
CREATE INDEX job_result_retrying ON job_result (queue, retry_at) WHERE status = 'RETRY';
-- What the singleton lock looks for besides the leases: runs between two attempts.
CREATE INDEX job_result_retrying_task ON job_result (task_name, number) WHERE status = 'RETRY';

-- A run that the singleton lock refuses is under a lease until its end is stored, and holds the lock for nobody.
ALTER TABLE job_lease ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;

-- As 001 has it, with the new columns.
DROP TRIGGER job_result_changes;
CREATE TRIGGER job_result_changes AFTER UPDATE OF
  number, id, name, task_name, status, date_created, date_started, date_done, worker, queue, task_args,
  task_kwargs, result, traceback, reason_code, reason, source, source_version, attempt, progress,
  debug_log_count, info_log_count, success_log_count, warning_log_count, error_log_count, console_count,
  dropped_log_count, peak_memory, cpu_seconds, cancel_requested_at, cancel_requested_by, last_sequence,
  retry_at, ignore_singleton_lock
ON job_result
WHEN OLD.status IN ('SUCCESS', 'FAILURE', 'REVOKED') OR (
  OLD.status <> NEW.status AND NOT (
    (OLD.status = 'STARTED' AND NEW.status <> 'PENDING') OR
    (OLD.status IN ('PENDING', 'RETRY') AND NEW.status IN ('STARTED', 'REVOKED', 'FAILURE'))))
BEGIN
  SELECT RAISE(ABORT, 'a job result cannot change like this');
END;

-- Uploaded files, kept until the last attempt has ended. `content` is sealed text where `sealed` is 1.
CREATE TABLE job_input_file (
  number INTEGER NOT NULL REFERENCES job_result (number) ON DELETE CASCADE,
  field TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (number, field)
) STRICT, WITHOUT ROWID;
