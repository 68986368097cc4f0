-- name: find_file_owner
SELECT r.id FROM job_lease l JOIN job_result r ON r.number = l.number
WHERE l.number = ?1 AND l.token = ?2

-- name: files_of_result
SELECT id FROM file_proxy WHERE job_result = ?1
