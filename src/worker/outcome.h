#pragma once

#include <string>

#include "base/clock.h"
#include "model/retry.h"
#include "model/sanitiser.h"
#include "runner/runner.h"
#include "storage/results.h"

namespace windlass::worker {

/// What the worker knows of a run besides how it ended; for the sentences.
struct RunFacts {
  std::string class_path;
  std::string cancelled_by;  ///< who asked for the cancel
  Micros soft_time_limit{0};
  Micros time_limit{0};
  std::int64_t memory_limit = 0;
  Micros lease{0};
  Micros drain_timeout{0};
  RetryRule retry;               ///< of the job's record
  std::int64_t attempt = 1;      ///< this one
  bool lease_lost = false;       ///< ended by the worker because it could not reach the database
  bool stopped_at_once = false;  ///< the worker was told twice to stop
};

/// The end of a run as it is recorded, and what the log says last.
struct Verdict {
  RunOutcome outcome;
  std::string entry_level;  ///< of the last log entry; "" when there is none to add
  std::string entry_message;
};

/// Judges how a run ended, by spec/job-states.md. Texts of the job come out sanitised and bounded.
/// Pure. Another attempt is due when the job asks for it, or when the interpreter that its process
/// came from is lost and its record declares further attempts. A stop that the job outran (its
/// result says SUCCESS) changes nothing; a soft time limit leaves the job's own report as it is;
/// after any other stop the reason of the stop is the reason of the end.
Verdict judge(const runner::RunEnd& end, const RunFacts& facts, const Sanitiser& sanitiser);

}  // namespace windlass::worker
