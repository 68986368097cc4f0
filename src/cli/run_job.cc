#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "base/files.h"
#include "base/program.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/input_files.h"
#include "cli/job_choices.h"
#include "cli/job_lookup.h"
#include "cli/local_run.h"
#include "cli/submission.h"
#include "engine/submit.h"

namespace windlass::cli {

namespace {

/// The --data argument: JSON, @FILE or @-.
Result<json::value> read_data(const std::string& argument) {
  if (argument.empty()) return json::value(json::object{});
  std::string text = argument;
  if (argument == "@-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (argument.starts_with('@')) {
    WL_TRY(text, read_file(argument.substr(1)));
  }
  auto parsed = parse_json(text);
  if (!parsed.ok()) {
    return Error{"cli.data",
                 "--data is not JSON: " + parsed.error().message +
                     ". Write it like '{\"name\": \"value\"}', or name a file: @inputs.json"};
  }
  return std::move(parsed).value();
}

Result<JobResult> submit_to_workers(Home& home, engine::RunRequest request,
                                    const RunJobOptions& options) {
  WL_TRY(request.user, choose_user(*home.storage, options.username, ", or run with --local"));
  JobChoices choices(home, false);
  engine::Submitter submitter(*home.storage, home.clock, home.key, choices, submit_options(home));
  if (is_job_file(options.job)) {
    WL_TRY(request.job, job_of_file(*home.storage, options.job));
  }
  auto submitted = submitter.submit(request);
  if (submitted.ok()) return submitted;
  Error error = submitted.error();
  if (error.code == "queue.no_worker") {
    error.message += " Or run the job in this process with --local.";
  } else if (error.code == "job.queue_not_allowed") {
    WL_TRY(const Job job, engine::find_job(*home.storage, request.job));
    std::vector<std::string> queues = job.queue_names();
    if (queues.empty()) queues.push_back(home.settings.default_queue);
    error.message = fmt::format("--queue: {} The queues of {}: {}.", error.message, job.class_path,
                                fmt::join(queues, ", "));
  }
  return error;
}

/// Options that would mean nothing.
Result<void> check_options(const RunJobOptions& options) {
  if (!options.local || (options.username.empty() && options.queue.empty())) return ok();
  Error error{"cli.not_with_local",
              "A local run has neither account nor queue; leave these out, or leave out --local:"};
  if (!options.username.empty()) error.fields["--username"] = {options.username};
  if (!options.queue.empty()) error.fields["--queue"] = {options.queue};
  return error;
}

}  // namespace

int run_job(const LoadedSettings& loaded, const RunJobOptions& options) {
  if (const auto fit = check_options(options); !fit.ok()) return refuse(fit.error());
  auto data = read_data(options.data);
  if (!data.ok()) return refuse(data.error());
  auto files = read_input_files(options.files, loaded.settings.request_body_limit);
  if (!files.ok()) return refuse(files.error());
  engine::RunRequest request;
  request.job = options.job;
  request.data = std::move(data).value();
  request.files = std::move(files).value();
  request.queue = options.queue;
  request.ignore_singleton_lock = options.ignore_singleton_lock;

  if (options.local) {
    return run_locally(loaded.settings, request, [&](Storage& storage, const JobResult& submitted) {
      return report_run(storage, submitted, options.json);
    });
  }
  auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  const auto submitted = submit_to_workers(**home, std::move(request), options);
  if (!submitted.ok()) return refuse(submitted.error());
  if (!options.json)
    fmt::print(stderr, "Queued {} as {}\n", submitted->task_name, submitted->id.to_string());
  return report_run(*(*home)->storage, *submitted, options.json);
}

}  // namespace windlass::cli
