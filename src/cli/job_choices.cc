#include "cli/job_choices.h"

#include "base/process.h"

namespace windlass::cli {

namespace {

Error unavailable(const std::string& why) {
  return {"job.choices", "The choices could not be computed: " + why};
}

}  // namespace

Result<json::array> JobChoices::compute(const Job& job, const std::string& method,
                                        const json::object& form) {
  WL_TRY_VOID(make_ready());
  // What fails here the catalog logs and tries again; the call then says that there is no code yet.
  if (own_) static_cast<void>(own_->catalog().first_refresh());
  return choices_->compute(job, method, form);
}

Result<void> JobChoices::make_ready() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return unavailable("the program is being stopped.");
  if (choices_) return ok();
  engine::CatalogOptions catalog = JobRuntime::catalog_options(home_.settings);
  catalog.watch = watch_;
  catalog.keep_missing = true;
  auto runtime = JobRuntime::make(home_, instance_marker(new_id(home_.clock.now())),
                                  std::move(catalog), false);
  if (!runtime.ok()) return unavailable(runtime.error().message);
  if (const auto started = (*runtime)->catalog().start(); !started.ok())
    return unavailable(started.error().message);
  own_ = *std::move(runtime);
  compute_in(*own_);
  return ok();
}

void JobChoices::compute_in(JobRuntime& runtime) {
  engine::RunnerChoicesOptions options;
  options.memory_limit = home_.settings.memory_limit;
  choices_.emplace(options, runtime.loop(), runtime.runner(), *home_.storage, home_.sanitiser);
}

void JobChoices::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  if (own_) own_->catalog().request_stop();
  if (choices_) choices_->stop();
}

}  // namespace windlass::cli
