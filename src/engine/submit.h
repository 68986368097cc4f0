#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sealing_key.h"
#include "engine/choices.h"
#include "model/form_state.h"
#include "model/records.h"
#include "model/validation.h"
#include "storage/storage.h"

namespace windlass::engine {

/// What is asked for when somebody wants a job to run, by whatever way: REST, command line, and
/// later schedules and hooks.
struct RunRequest {
  std::string job;   ///< id, class path or name of the job
  json::value data;  ///< object: variable name → value; null counts as {}
  UploadedFiles files = {};
  std::string queue;  ///< name or id; "" for the job's default; of a local run any name, which only
                      ///< its own process serves
  std::optional<User> user;  ///< who asks; none where `unattended` or `local`
  bool unattended = false;   ///< Windlass asks by itself (a webhook, a poll): there is no user
  bool ignore_singleton_lock = false;
  bool local =
      false;  ///< runs in this process tree: neither enabling nor an alive worker is needed
};

struct SubmitOptions {
  std::string default_queue = "default";
  /// Whether `windlass start` serves this home alone, so that no worker can be added to it.
  std::function<bool()> served_alone = {};
};

/// A job and what its form shows for the inputs given so far.
struct EvaluatedForm {
  Job job;
  FormState state;
};

/// The job by id, class path or name. Errors: `job.not_found`.
Result<Job> find_job(Storage& storage, const std::string& id_or_name);

/// The one door through which runs come into being: validates, authorises, seals, queues.
/// Thread-safe; blocks on storage.
class Submitter {
 public:
  /// `choices` computes choices that are job code; all outlive this.
  Submitter(Storage& storage, const Clock& clock, const SealingKey& key, ChoiceSource& choices,
            SubmitOptions options)
      : storage_(storage),
        clock_(clock),
        key_(key),
        choices_(choices),
        options_(std::move(options)) {}

  /// Queues a run, durable when it returns. Nothing is stored on an error. Checks in this order:
  ///   `job.not_found`, `job.forbidden`, `job.receiver` (hook and button receivers are not run
  ///   directly), `job.not_installed`, `job.not_enabled` (the sentence names `windlass jobs enable
  ///   CLASS_PATH`), `job.queue_not_allowed` (not among the job's queues), `job.data_not_object`,
  ///   `job.inputs` (fields: messages a variable), `job.approval_required`, `queue.no_worker`
  ///   (nobody serves it), `file.too_many`, `git_repository.not_found` (deleted meanwhile).
  Result<JobResult> submit(const RunRequest& request);

  /// What the form shows for `request.data` and `request.files`; the rest but job, user and local
  /// is not looked at. Takes the right to run the job, since its code may be asked for choices, and
  /// stores nothing. Errors: `job.not_found`, `job.not_enabled`, `job.not_installed`,
  /// `job.receiver`, `job.forbidden`, `job.data_not_object`.
  Result<EvaluatedForm> evaluate(const RunRequest& request);

 private:
  /// What was read of the workers is believed this long, so that submitting many runs costs few
  /// reads.
  static constexpr Micros kBelieveAlive = std::chrono::milliseconds(500);

  Result<std::string> choose_queue(const Job& job, const RunRequest& request);
  Result<void> check_served(const std::string& queue);

  Storage& storage_;
  const Clock& clock_;
  const SealingKey& key_;
  ChoiceSource& choices_;
  SubmitOptions options_;
  std::mutex alive_mutex_;
  std::vector<Worker> alive_;
  std::optional<Micros> alive_at_;  ///< steady time
};

}  // namespace windlass::engine
