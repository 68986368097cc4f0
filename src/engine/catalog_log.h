#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/code_loader.h"
#include "engine/job_records.h"

namespace windlass::engine {

/// What the program's log says of refreshes: each thing once. One thread at a time.
class CatalogLog {
 public:
  void tell(const RefreshSummary& summary, const LoadedCode& code);
  /// Sentences of a snapshot.
  void tell_warnings(const std::vector<std::string>& warnings);
  /// Why a refresh failed as a whole.
  void tell_failure(const Error& error);
  /// A refresh went well.
  void forget_failure() { told_failure_.clear(); }

 private:
  void tell_errors(const RefreshSummary& summary, const LoadedCode& code);

  std::string told_failure_;
  std::set<std::pair<std::string, std::string>> told_errors_;
  std::set<std::pair<std::string, std::string>> told_troubles_;
  std::set<std::string> told_warnings_;
};

}  // namespace windlass::engine
