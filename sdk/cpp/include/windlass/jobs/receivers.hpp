/// Jobs that run when objects change, or when somebody presses a button.
#pragma once

#include <string_view>
#include <windlass/jobs/job.hpp>
#include <windlass/jobs/objects.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

// What happened to an object that a hook reports.
inline constexpr std::string_view kCreate = "create";
inline constexpr std::string_view kUpdate = "update";
inline constexpr std::string_view kDelete = "delete";

/// A job that runs when objects of chosen types are created, changed or deleted, and never by
/// itself.
///
/// >>> class Audit : public JobHookReceiver {
/// >>>  public:
/// >>>   Json receive_job_hook(const Record&, std::string_view action, const Record& changed)
/// override {
/// >>>     logger.info("{}: {}", action, changed);
/// >>>     return {};
/// >>>   }
/// >>> };
class JobHookReceiver : public Job {
 public:
  explicit JobHookReceiver(int line = __builtin_LINE());
  ~JobHookReceiver() override;
  /// Handles one change and returns the run's result; `action` is kCreate, kUpdate or kDelete.
  virtual Json receive_job_hook(const Record& change, std::string_view action,
                                const Record& changed_object) = 0;
  /// Throws JobError: a receiver has no inputs to run with.
  Json run() final;
};

/// A job that runs from a button on an object's page, and never by itself.
///
/// >>> class Ping : public JobButtonReceiver {
/// >>>  public:
/// >>>   Json receive_job_button(const Record& object) override {
/// >>>     logger.info("Pinging {}", object);
/// >>>     return {};
/// >>>   }
/// >>> };
class JobButtonReceiver : public Job {
 public:
  explicit JobButtonReceiver(int line = __builtin_LINE());
  ~JobButtonReceiver() override;
  /// Handles one press of the button on the page of `object`, and returns the run's result.
  virtual Json receive_job_button(const Record& object) = 0;
  /// Throws JobError: a receiver has no inputs to run with.
  Json run() final;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
