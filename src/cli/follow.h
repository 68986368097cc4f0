#pragma once

#include <functional>

#include "base/result.h"
#include "storage/storage.h"

namespace windlass::cli {

/// Calls `print` for every event of a result, those stored already and those to come, until the
/// final status has been printed (or, with `live` false, until nothing more is stored). Returns the
/// result as it is then. Blocks; woken by the notifier, with a slow poll underneath.
Result<JobResult> follow(Storage& storage, const JobResult& result, bool live,
                         const std::function<void(const Event&)>& print);

/// Prints events for a person: log and console lines to stdout; on a terminal a progress bar, on
/// stderr.
class EventPrinter {
 public:
  EventPrinter();
  void print(const Event& event);
  /// Removes the progress bar.
  void finish();

 private:
  void clear_bar();
  void draw_bar();
  bool terminal_;
  std::string bar_;
};

}  // namespace windlass::cli
