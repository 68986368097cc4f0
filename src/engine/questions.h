#pragma once

#include "base/json.h"
#include "base/result.h"
#include "engine/choices.h"
#include "engine/objects.h"

namespace windlass::engine {

/// Answers what running job code asks (the `ask` frame of spec/runner-protocol.md). Bounded: at
/// most 1,000 objects and 10,000 filter values a question. Until rights exist, whoever may run a
/// job may read everything that these lists show. Storage and choices outlive it. Thread-safe;
/// blocks on storage, and for `validate` on job code that computes choices.
class Questions {
 public:
  Questions(Storage& storage, ChoiceSource& choices) : storage_(storage), choices_(choices) {}

  /// The `value` of the answer. Job code is not trusted: `ask` may be anything. Errors:
  /// `ask.invalid` (a member is wrong, or no such question), `object.unknown_type`,
  /// `query.invalid`, `job.not_found`, `job.inputs`, `job.data_not_object`; `storage.*`.
  Result<json::value> answer(const json::object& ask) const;

 private:
  Result<json::value> objects(const json::object& ask) const;
  Result<json::value> validate(const json::object& ask) const;

  Storage& storage_;
  ChoiceSource& choices_;
};

/// The `answer` frame to the question of that number.
json::object answer_frame(std::int64_t ask, const Result<json::value>& answer);

}  // namespace windlass::engine
