-- name: set_source_version
UPDATE job SET source_version = ?2 WHERE id = ?1

-- name: set_aside_job_name
UPDATE job SET name = id WHERE id = ?1

-- name: detach_some_results
UPDATE job_result SET job_model = NULL WHERE number IN
  (SELECT number FROM job_result WHERE job_model = ?1 LIMIT ?2)

-- name: forget_job_counters
DELETE FROM job_result_counter WHERE scope = 'job' AND key = ?1

-- name: delete_job
DELETE FROM job WHERE id = ?1
