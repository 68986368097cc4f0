-- Everything of the first version. Columns bear the names of the model's fields.
-- Times are microseconds since 1970 UTC, ids and JSON are text, booleans are 0 or 1.

CREATE TABLE "user" (
  id TEXT PRIMARY KEY NOT NULL,
  username TEXT NOT NULL UNIQUE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL,
  password TEXT NOT NULL,
  is_superuser INTEGER NOT NULL,
  is_staff INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  date_joined INTEGER NOT NULL,
  last_login INTEGER
) STRICT;

CREATE TABLE token (
  id TEXT PRIMARY KEY NOT NULL,
  user TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  key_hash TEXT NOT NULL UNIQUE,
  key_tail TEXT NOT NULL,
  description TEXT NOT NULL,
  write_enabled INTEGER NOT NULL,
  expires INTEGER,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX token_user ON token (user);

CREATE TABLE job (
  id TEXT PRIMARY KEY NOT NULL,
  class_path TEXT NOT NULL UNIQUE,
  module_name TEXT NOT NULL,
  job_class_name TEXT NOT NULL,
  grouping TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  installed INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  is_job_hook_receiver INTEGER NOT NULL,
  is_job_button_receiver INTEGER NOT NULL,
  has_sensitive_variables INTEGER NOT NULL,
  is_singleton INTEGER NOT NULL,
  approval_required INTEGER NOT NULL,
  console_log_default INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  dryrun_default INTEGER NOT NULL,
  read_only INTEGER NOT NULL,
  supports_dryrun INTEGER NOT NULL,
  soft_time_limit REAL NOT NULL,
  time_limit REAL NOT NULL,
  task_queues TEXT NOT NULL,
  overrides TEXT NOT NULL,
  class_values TEXT NOT NULL,
  variables TEXT NOT NULL,
  file_path TEXT NOT NULL,
  line INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_version TEXT NOT NULL,
  import_error TEXT NOT NULL,
  warning TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_updated INTEGER NOT NULL
) STRICT;
CREATE INDEX job_listed ON job (grouping, name);

CREATE TABLE job_queue (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  queue_type TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_updated INTEGER NOT NULL
) STRICT;

CREATE TABLE worker (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  hostname TEXT NOT NULL,
  pid INTEGER NOT NULL,
  instance TEXT NOT NULL,
  queues TEXT NOT NULL,
  slots INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'draining', 'stopped', 'lost')),
  started INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: the number of a deleted result is never given again, because events are keyed by it.
-- Numbers and sequences stay below 2^40: the ids of log entries are made of the two.
CREATE TABLE job_result (
  number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number < 1099511627776),
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  task_name TEXT NOT NULL,
  job_model TEXT REFERENCES job (id) ON DELETE SET NULL,
  user TEXT REFERENCES "user" (id) ON DELETE SET NULL,
  status TEXT NOT NULL
    CHECK (status IN ('PENDING', 'STARTED', 'RETRY', 'SUCCESS', 'FAILURE', 'REVOKED')),
  date_created INTEGER NOT NULL,
  date_started INTEGER,
  date_done INTEGER
    CHECK ((date_done IS NOT NULL) = (status IN ('SUCCESS', 'FAILURE', 'REVOKED'))),
  worker TEXT NOT NULL,
  queue TEXT NOT NULL,
  task_args TEXT,
  task_kwargs TEXT,
  result TEXT,
  traceback TEXT,
  reason_code TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  source_version TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  progress TEXT,
  debug_log_count INTEGER NOT NULL,
  info_log_count INTEGER NOT NULL,
  success_log_count INTEGER NOT NULL,
  warning_log_count INTEGER NOT NULL,
  error_log_count INTEGER NOT NULL,
  console_count INTEGER NOT NULL,
  dropped_log_count INTEGER NOT NULL,
  peak_memory INTEGER NOT NULL,
  cpu_seconds REAL NOT NULL,
  cancel_requested_at INTEGER,
  cancel_requested_by TEXT NOT NULL,
  last_sequence INTEGER NOT NULL CHECK (last_sequence < 1099511627776)
) STRICT;

-- Every filter alone, newest first, is one index range.
CREATE INDEX job_result_created ON job_result (date_created);
CREATE INDEX job_result_done ON job_result (date_done);
CREATE INDEX job_result_status ON job_result (status, date_created);
CREATE INDEX job_result_job ON job_result (job_model, date_created);
CREATE INDEX job_result_job_status ON job_result (job_model, status, date_created);
CREATE INDEX job_result_user ON job_result (user, date_created);
CREATE INDEX job_result_queue ON job_result (queue, date_created);
CREATE INDEX job_result_worker ON job_result (worker, date_created);
CREATE INDEX job_result_name ON job_result (name, date_created);
CREATE INDEX job_result_task ON job_result (task_name, date_created);
-- What workers claim from: small whatever the number of results.
CREATE INDEX job_result_waiting ON job_result (queue, number) WHERE status IN ('PENDING', 'RETRY');

-- spec/job-states.md
CREATE TRIGGER job_result_begins BEFORE INSERT ON job_result
WHEN NEW.status <> 'PENDING'
BEGIN
  SELECT RAISE(ABORT, 'a job result begins as PENDING');
END;

-- What may change: a status along the arrows, nothing in a final row. All columns are listed but the references, which are
-- cleared when what they name is deleted.
CREATE TRIGGER job_result_changes AFTER UPDATE OF
  number, id, name, task_name, status, date_created, date_started, date_done, worker, queue, task_args,
  task_kwargs, result, traceback, reason_code, reason, source, source_version, attempt, progress,
  debug_log_count, info_log_count, success_log_count, warning_log_count, error_log_count, console_count,
  dropped_log_count, peak_memory, cpu_seconds, cancel_requested_at, cancel_requested_by, last_sequence
ON job_result
WHEN OLD.status IN ('SUCCESS', 'FAILURE', 'REVOKED') OR (
  OLD.status <> NEW.status AND NOT (
    (OLD.status = 'STARTED' AND NEW.status <> 'PENDING') OR
    (OLD.status IN ('PENDING', 'RETRY') AND NEW.status IN ('STARTED', 'REVOKED', 'FAILURE'))))
BEGIN
  SELECT RAISE(ABORT, 'a job result cannot change like this');
END;

-- Values of large fields that exceed the limit of lists; the result's own column is then NULL, so that lists never read them.
CREATE TABLE job_result_large (
  number INTEGER NOT NULL REFERENCES job_result (number) ON DELETE CASCADE,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (number, field)
) STRICT, WITHOUT ROWID;

-- Sealed inputs; readable through no interface, deleted with the last attempt.
CREATE TABLE job_input (
  number INTEGER PRIMARY KEY REFERENCES job_result (number) ON DELETE CASCADE,
  sealed TEXT NOT NULL
) STRICT;

-- One row a running attempt.
CREATE TABLE job_lease (
  number INTEGER PRIMARY KEY REFERENCES job_result (number) ON DELETE CASCADE,
  worker TEXT NOT NULL,
  token INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE INDEX job_lease_worker ON job_lease (worker);

-- Exact numbers of results a status. Scopes: 'all' (key ''), 'job' (key: job_model, '' for none), 'queue' (key: queue).
CREATE TABLE job_result_counter (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  pending INTEGER NOT NULL CHECK (pending >= 0),
  started INTEGER NOT NULL CHECK (started >= 0),
  retry INTEGER NOT NULL CHECK (retry >= 0),
  success INTEGER NOT NULL CHECK (success >= 0),
  failure INTEGER NOT NULL CHECK (failure >= 0),
  revoked INTEGER NOT NULL CHECK (revoked >= 0),
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER job_result_counted AFTER INSERT ON job_result
BEGIN
  INSERT INTO job_result_counter (scope, key, pending, started, retry, success, failure, revoked)
  VALUES ('all', '', 1, 0, 0, 0, 0, 0),
         ('job', ifnull(NEW.job_model, ''), 1, 0, 0, 0, 0, 0),
         ('queue', NEW.queue, 1, 0, 0, 0, 0, 0)
  ON CONFLICT (scope, key) DO UPDATE SET pending = pending + 1;
END;

CREATE TRIGGER job_result_recounted AFTER UPDATE OF status ON job_result
BEGIN
  UPDATE job_result_counter SET
    pending = pending - (OLD.status = 'PENDING') + (NEW.status = 'PENDING'),
    started = started - (OLD.status = 'STARTED') + (NEW.status = 'STARTED'),
    retry = retry - (OLD.status = 'RETRY') + (NEW.status = 'RETRY'),
    success = success - (OLD.status = 'SUCCESS') + (NEW.status = 'SUCCESS'),
    failure = failure - (OLD.status = 'FAILURE') + (NEW.status = 'FAILURE'),
    revoked = revoked - (OLD.status = 'REVOKED') + (NEW.status = 'REVOKED')
  WHERE scope = 'all' AND key = '';
  UPDATE job_result_counter SET
    pending = pending - (OLD.status = 'PENDING') + (NEW.status = 'PENDING'),
    started = started - (OLD.status = 'STARTED') + (NEW.status = 'STARTED'),
    retry = retry - (OLD.status = 'RETRY') + (NEW.status = 'RETRY'),
    success = success - (OLD.status = 'SUCCESS') + (NEW.status = 'SUCCESS'),
    failure = failure - (OLD.status = 'FAILURE') + (NEW.status = 'FAILURE'),
    revoked = revoked - (OLD.status = 'REVOKED') + (NEW.status = 'REVOKED')
  WHERE scope = 'job' AND key = ifnull(NEW.job_model, '');
  UPDATE job_result_counter SET
    pending = pending - (OLD.status = 'PENDING') + (NEW.status = 'PENDING'),
    started = started - (OLD.status = 'STARTED') + (NEW.status = 'STARTED'),
    retry = retry - (OLD.status = 'RETRY') + (NEW.status = 'RETRY'),
    success = success - (OLD.status = 'SUCCESS') + (NEW.status = 'SUCCESS'),
    failure = failure - (OLD.status = 'FAILURE') + (NEW.status = 'FAILURE'),
    revoked = revoked - (OLD.status = 'REVOKED') + (NEW.status = 'REVOKED')
  WHERE scope = 'queue' AND key = NEW.queue;
END;

CREATE TRIGGER job_result_moved AFTER UPDATE OF job_model ON job_result
BEGIN
  UPDATE job_result_counter SET
      pending = pending - (OLD.status = 'PENDING'),
      started = started - (OLD.status = 'STARTED'),
      retry = retry - (OLD.status = 'RETRY'),
      success = success - (OLD.status = 'SUCCESS'),
      failure = failure - (OLD.status = 'FAILURE'),
      revoked = revoked - (OLD.status = 'REVOKED')
    WHERE scope = 'job' AND key = ifnull(OLD.job_model, '');
  INSERT INTO job_result_counter (scope, key, pending, started, retry, success, failure, revoked)
  VALUES ('job', ifnull(NEW.job_model, ''),
    NEW.status = 'PENDING', NEW.status = 'STARTED', NEW.status = 'RETRY', NEW.status = 'SUCCESS', NEW.status = 'FAILURE', NEW.status = 'REVOKED')
  ON CONFLICT (scope, key) DO UPDATE SET
    pending = pending + excluded.pending, started = started + excluded.started, retry = retry + excluded.retry,
    success = success + excluded.success, failure = failure + excluded.failure, revoked = revoked + excluded.revoked;
END;

CREATE TRIGGER job_result_uncounted AFTER DELETE ON job_result
BEGIN
  UPDATE job_result_counter SET
      pending = pending - (OLD.status = 'PENDING'),
      started = started - (OLD.status = 'STARTED'),
      retry = retry - (OLD.status = 'RETRY'),
      success = success - (OLD.status = 'SUCCESS'),
      failure = failure - (OLD.status = 'FAILURE'),
      revoked = revoked - (OLD.status = 'REVOKED')
    WHERE (scope = 'all' AND key = '') OR (scope = 'job' AND key = ifnull(OLD.job_model, ''))
       OR (scope = 'queue' AND key = OLD.queue);
END;

-- Logs, console lines, progress and status changes, in one sequence a result. No foreign key: a million rows are deleted in
-- batches before their result, and each insert saves a look-up.
CREATE TABLE event (
  number INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  created INTEGER NOT NULL,
  level TEXT NOT NULL,
  grouping TEXT NOT NULL,
  message TEXT NOT NULL,
  log_object TEXT NOT NULL,
  absolute_url TEXT NOT NULL,
  data TEXT,
  logs INTEGER NOT NULL,      -- log entries of the result up to this event, itself included
  consoles INTEGER NOT NULL,  -- console lines likewise: a page is found by its place among either kind
  PRIMARY KEY (number, sequence)
) STRICT, WITHOUT ROWID;
-- Levels that are looked for among many: few rows, so nearly free to keep.
CREATE INDEX event_notable ON event (number, level, sequence)
WHERE kind = 1 AND level NOT IN ('debug', 'info');

CREATE TABLE file_proxy (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  job_result TEXT NOT NULL REFERENCES job_result (id) ON DELETE CASCADE,
  uploaded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX file_proxy_result ON file_proxy (job_result);
CREATE INDEX file_proxy_name ON file_proxy (name);
CREATE INDEX file_proxy_uploaded ON file_proxy (uploaded_at);
