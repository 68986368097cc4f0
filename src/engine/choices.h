#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "model/job.h"

namespace windlass::engine {

/// Has job code compute the choices of a variable (`choices` naming a class method).
class ChoiceSource {
 public:
  virtual ~ChoiceSource() = default;
  /// The list that the method returned, which may hold anything: checked_choices() makes choices of
  /// it. `form` holds the inputs given so far, sensitive ones left out. Blocks, 2 s at most. Error
  /// `job.choices` with a sentence for the field. Thread-safe.
  virtual Result<json::array> compute(const Job& job, const std::string& method,
                                      const json::object& form) = 0;
};

/// Refuses: for programs without job code.
class NoChoices final : public ChoiceSource {
 public:
  Result<json::array> compute(const Job& job, const std::string& method,
                              const json::object& form) override;
};

/// Choices as the manifest has them, `[[value, label], …]` or `[[group, [[value, label], …]], …]`,
/// every value and label as text. Error `job.choices` for what is none, has over 10,000 entries or
/// over 1 MiB of text; the sentence begins after "What …() returned". Pure.
Result<json::array> checked_choices(const json::array& returned);

}  // namespace windlass::engine
