-- What the web page needs: sessions, preferences, and what it counts.

-- A browser that is signed in. Its key is known to the browser alone.
CREATE TABLE session (
  key_hash TEXT PRIMARY KEY NOT NULL,
  user TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE user_preference (
  user TEXT PRIMARY KEY NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The newest failures, whatever succeeded meanwhile, and the attempts of a run, however long its log is.
CREATE INDEX job_result_failed ON job_result (date_done) WHERE status = 'FAILURE';
CREATE INDEX event_status ON event (number, sequence) WHERE kind = 4;

-- Numbers of ended runs by when they ended. Scopes: 'quarter' (period: quarter-hours since 1970, key ''), which local days of any
-- offset are made of; 'job' (period: days since 1970, key: job_model, '' for none).
CREATE TABLE job_result_ended (
  scope TEXT NOT NULL,
  period INTEGER NOT NULL,
  key TEXT NOT NULL,
  success INTEGER NOT NULL CHECK (success >= 0),
  failure INTEGER NOT NULL CHECK (failure >= 0),
  revoked INTEGER NOT NULL CHECK (revoked >= 0),
  PRIMARY KEY (scope, period, key)
) STRICT, WITHOUT ROWID;

INSERT INTO job_result_ended (scope, period, key, success, failure, revoked)
SELECT 'quarter', date_done / 900000000, '', sum(status = 'SUCCESS'), sum(status = 'FAILURE'), sum(status = 'REVOKED')
FROM job_result WHERE date_done IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'job', date_done / 86400000000, ifnull(job_model, ''),
  sum(status = 'SUCCESS'), sum(status = 'FAILURE'), sum(status = 'REVOKED')
FROM job_result WHERE date_done IS NOT NULL GROUP BY 2, 3;

-- Nothing changes a result that has ended, so each is counted once.
CREATE TRIGGER job_result_ended_counted AFTER UPDATE OF status ON job_result
WHEN NEW.date_done IS NOT NULL AND OLD.date_done IS NULL
BEGIN
  INSERT INTO job_result_ended (scope, period, key, success, failure, revoked)
  VALUES ('quarter', NEW.date_done / 900000000, '',
      NEW.status = 'SUCCESS', NEW.status = 'FAILURE', NEW.status = 'REVOKED'),
    ('job', NEW.date_done / 86400000000, ifnull(NEW.job_model, ''),
      NEW.status = 'SUCCESS', NEW.status = 'FAILURE', NEW.status = 'REVOKED')
  ON CONFLICT (scope, period, key) DO UPDATE SET
    success = success + excluded.success, failure = failure + excluded.failure, revoked = revoked + excluded.revoked;
END;

CREATE TRIGGER job_result_ended_moved AFTER UPDATE OF job_model ON job_result
WHEN NEW.date_done IS NOT NULL
BEGIN
  UPDATE job_result_ended SET
      success = success - (OLD.status = 'SUCCESS'),
      failure = failure - (OLD.status = 'FAILURE'),
      revoked = revoked - (OLD.status = 'REVOKED')
    WHERE scope = 'job' AND period = OLD.date_done / 86400000000 AND key = ifnull(OLD.job_model, '');
  INSERT INTO job_result_ended (scope, period, key, success, failure, revoked)
  VALUES ('job', NEW.date_done / 86400000000, ifnull(NEW.job_model, ''),
    NEW.status = 'SUCCESS', NEW.status = 'FAILURE', NEW.status = 'REVOKED')
  ON CONFLICT (scope, period, key) DO UPDATE SET
    success = success + excluded.success, failure = failure + excluded.failure, revoked = revoked + excluded.revoked;
END;

CREATE TRIGGER job_result_ended_uncounted AFTER DELETE ON job_result
WHEN OLD.date_done IS NOT NULL
BEGIN
  UPDATE job_result_ended SET
      success = success - (OLD.status = 'SUCCESS'),
      failure = failure - (OLD.status = 'FAILURE'),
      revoked = revoked - (OLD.status = 'REVOKED')
    WHERE (scope = 'quarter' AND period = OLD.date_done / 900000000 AND key = '')
       OR (scope = 'job' AND period = OLD.date_done / 86400000000 AND key = ifnull(OLD.job_model, ''));
END;
