#include "engine/submit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/program.h"
#include "engine/import_errors.h"
#include "engine/input_lookup.h"
#include "engine/run_inputs.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

constexpr std::string_view kDryRun = "dryrun";

Result<void> authorise(const RunRequest& request) {
  if (request.local || request.unattended) return ok();
  WL_CHECK(request.user.has_value(), "a run that is neither local nor unattended has a user");
  const User& user = *request.user;
  if (user.is_active && user.is_superuser) return ok();
  return Error{
      "job.forbidden",
      fmt::format("{} may not run jobs; that takes a superuser's account.", user.username)};
}

Result<void> check_record(const Job& job, bool local) {
  if (job.is_job_hook_receiver || job.is_job_button_receiver) {
    return Error{"job.receiver",
                 fmt::format("{} is a {} receiver: it runs when its {}, not by itself.", job.name,
                             job.is_job_hook_receiver ? "job hook" : "job button",
                             job.is_job_hook_receiver ? "hook fires" : "button is pressed")};
  }
  if (!job.installed) {
    const std::string why = job.import_error.empty()
                                ? "its class is no longer registered"
                                : "its module does not import: " + problem_of(job.import_error);
    return Error{"job.not_installed", fmt::format("This job is not installed: {}.", why)};
  }
  if (!local && job.source.starts_with(kFileSource)) {
    return Error{
        "job.not_installed",
        fmt::format(
            "This job is not installed: it belongs to a file outside of "
            "jobs_root; run it with `{}`.",
            program::command(
                "runjob --local " +
                program::shell_word(std::string_view(job.source).substr(kFileSource.size()))))};
  }
  if (!job.enabled && !local) {
    return Error{"job.not_enabled",
                 fmt::format("This job is not enabled to be run. Enable it with `{}`.",
                             program::command("jobs enable " + job.class_path))};
  }
  return ok();
}

/// The repository that a run of one of Windlass' own jobs is of.
std::optional<Uuid> repository_of(const Job& job, const json::object& inputs) {
  const json::value* id = inputs.if_contains("repository");
  if (job.source != kSystemSource || id == nullptr || !id->is_string()) return std::nullopt;
  return Uuid::parse(to_view(id->get_string()));
}

Result<void> check_approval(const Job& job, const json::object& inputs) {
  const json::value* dryrun = inputs.if_contains(kDryRun);
  const bool is_dry =
      job.supports_dryrun && dryrun != nullptr && dryrun->is_bool() && dryrun->get_bool();
  if (!job.approval_required || is_dry) return ok();
  return Error{"job.approval_required",
               job.supports_dryrun ? "This job needs a second user's approval, which this version "
                                     "cannot take yet: only dry runs (dryrun = true) are possible."
                                   : "This job needs a second user's approval, which this version "
                                     "cannot take yet: it cannot be run."};
}

/// The queues that these workers serve, each as an option of the command line.
std::string queue_options(const std::vector<Worker>& alive) {
  std::set<std::string> names;
  for (const Worker& worker : alive) {
    const json::array* queues = worker.queues.if_array();
    for (const json::value& name : queues != nullptr ? *queues : json::array()) {
      if (name.is_string() && !name.get_string().starts_with(kLocalQueue))
        names.emplace(to_view(name.get_string()));
    }
  }
  std::string options;
  for (const std::string& name : names) options += " --queue " + program::shell_word(name);
  return options;
}

/// `alive` are the workers of a `start` that has the home for itself, or none.
Error no_worker(const std::string& queue, const std::vector<Worker>& alive) {
  const std::string option = " --queue " + program::shell_word(queue);
  if (!alive.empty()) {
    return {"queue.no_worker",
            fmt::format("No worker serves the queue \"{}\". `windlass start` has this home for "
                        "itself: start it anew with `{}`.",
                        queue, program::command("start" + queue_options(alive) + option))};
  }
  return {"queue.no_worker",
          fmt::format("No worker serves the queue \"{}\". Start one with `{}`, or the whole "
                      "product, with the queue `default`, with `{}`.",
                      queue, program::command("worker" + option), program::command("start"))};
}

}  // namespace

Result<JobResult> Submitter::submit(const RunRequest& request) {
  WL_TRY(const Job job, find_job(storage_, request.job));
  WL_TRY_VOID(authorise(request));
  WL_TRY_VOID(check_record(job, request.local));
  WL_TRY(std::string queue, choose_queue(job, request));
  WL_TRY(json::object inputs, checked_inputs(storage_, choices_, job, request.data, request.files));
  WL_TRY_VOID(check_approval(job, inputs));
  if (!request.local) WL_TRY_VOID(check_served(queue));

  NewRun run;
  run.id = new_id(clock_.now());
  run.job = job.id;
  run.name = job.name;
  run.task_name = job.class_path;
  if (request.user) run.user = request.user->id;
  run.queue = std::move(queue);
  run.ignore_singleton_lock = request.ignore_singleton_lock;
  run.git_repository = repository_of(job, inputs);
  WL_TRY_VOID(put_inputs(job, std::move(inputs), request.files, key_, run));
  return storage_.results().enqueue(run);
}

Result<Job> find_job(Storage& storage, const std::string& id_or_name) {
  JobStore& jobs = storage.jobs();
  if (const auto id = Uuid::parse(id_or_name)) return jobs.get(*id);
  Result<Job> found = jobs.find_by_class_path(id_or_name);
  if (!found.ok() && found.error().code == "job.not_found") found = jobs.find_by_name(id_or_name);
  if (!found.ok() && found.error().code == "job.not_found") {
    return Error{"job.not_found", fmt::format("There is no job \"{}\"; `{}` shows them.",
                                              id_or_name, program::command("jobs list"))};
  }
  return found;
}

Result<std::string> Submitter::choose_queue(const Job& job, const RunRequest& request) {
  // A local run waits in a queue that only its own process serves.
  if (request.local && !request.queue.empty()) return request.queue;
  const std::vector<std::string> allowed = job.queues_with(options_.default_queue);
  if (request.queue.empty()) return allowed.front();
  std::string name = request.queue;
  if (const auto id = Uuid::parse(name)) {
    auto queue = storage_.queues().get(*id);
    if (queue.ok()) {
      name = std::move(queue->name);
    } else if (queue.error().code != "queue.not_found") {
      return std::move(queue).error();
    }
  }
  if (std::ranges::find(allowed, name) != allowed.end()) return name;
  return Error{"job.queue_not_allowed",
               fmt::format("\"{}\" is not a valid choice.", request.queue)};
}

Result<void> Submitter::check_served(const std::string& queue) {
  const auto served = [&] {
    return std::ranges::any_of(alive_, [&](const Worker& worker) {
      return worker.state == "ready" && serves(worker, queue);
    });
  };
  {
    const std::lock_guard lock(alive_mutex_);
    if (alive_at_ && clock_.steady() - *alive_at_ <= kBelieveAlive && served()) return ok();
  }
  // Nobody we know of: look before refusing, since a worker may just have come.
  const Micros now = clock_.steady();
  WL_TRY(std::vector<Worker> alive, storage_.workers().alive());
  const std::lock_guard lock(alive_mutex_);
  alive_ = std::move(alive);
  alive_at_ = now;
  if (served()) return ok();
  const bool alone = options_.served_alone && options_.served_alone();
  return no_worker(queue, alone ? alive_ : std::vector<Worker>());
}

Result<EvaluatedForm> Submitter::evaluate(const RunRequest& request) {
  WL_TRY(Job job, find_job(storage_, request.job));
  WL_TRY_VOID(authorise(request));
  // Somebody may fill in the form before enabling the job.
  WL_TRY_VOID(check_record(job, true));
  WL_TRY(FormState state, form_of_inputs(storage_, choices_, job, request.data, request.files));
  return EvaluatedForm{std::move(job), std::move(state)};
}

}  // namespace windlass::engine
