-- name: waiting_by_queue
SELECT key, pending + retry FROM job_result_counter WHERE scope = 'queue' AND pending + retry > 0

-- name: running_by_queue
SELECT key, started FROM job_result_counter WHERE scope = 'queue' AND started > 0

-- name: running_by_worker
SELECT worker, count(*) FROM job_lease GROUP BY worker

-- name: count_by_status
SELECT pending, started, retry, success, failure, revoked FROM job_result_counter WHERE scope = 'all'

-- name: ended_runs
SELECT period, success, failure, revoked FROM job_result_ended
WHERE scope = 'quarter' AND period >= ?1 AND period < ?2 ORDER BY period

-- name: busiest_jobs
SELECT key, sum(success + failure + revoked) AS runs, sum(failure) FROM job_result_ended
WHERE scope = 'job' AND period >= ?1 AND key <> ''
GROUP BY key HAVING runs > 0 ORDER BY runs DESC, key LIMIT ?2

-- name: newest_failures
INDEXED BY job_result_failed WHERE status = 'FAILURE' AND date_done >= ?1 ORDER BY date_done DESC LIMIT ?2

-- name: ended_between
WHERE date_done >= ?1 AND date_done < ?2 ORDER BY date_done DESC LIMIT ?3
