#include "engine/run_inputs.h"

#include <fmt/format.h>

#include <set>

namespace windlass::engine {

namespace {

std::set<std::string, std::less<>> sensitive_names(const Job& job) {
  std::set<std::string, std::less<>> names;
  if (!job.variables.is_array()) return names;
  for (const json::value& declaration : job.variables.get_array()) {
    const Variable variable(declaration);
    if (job.has_sensitive_variables || variable.sensitive()) names.insert(variable.name());
  }
  return names;
}

}  // namespace

Result<void> put_inputs(const Job& job, json::object inputs, const UploadedFiles& files,
                        const SealingKey& key, NewRun& run) {
  const auto sensitive = sensitive_names(job);
  for (const auto& [field, file] : files) {
    const json::value* input = inputs.if_contains(field);
    if (input == nullptr || input->is_null()) continue;
    const bool sealed = sensitive.contains(field);
    run.files.push_back({field, file.name, sealed, sealed ? key.seal(file.content) : file.content});
  }
  if (run.files.size() > kMostInputFiles) {
    return Error{"file.too_many", fmt::format("A run takes at most {} files; this one has {}.",
                                              kMostInputFiles, run.files.size())};
  }
  json::object plain;
  json::object secret;
  for (auto& input : inputs) {
    json::object& side = sensitive.contains(std::string_view(input.key())) ? secret : plain;
    side[input.key()] = std::move(input.value());
  }
  run.task_kwargs = std::move(plain);
  if (job.has_sensitive_variables || !secret.empty()) run.sealed_inputs = key.seal(to_text(secret));
  return ok();
}

}  // namespace windlass::engine
