/// Variables whose values are records that the server keeps.
#pragma once

#include <vector>
#include <windlass/jobs/objects.hpp>
#include <windlass/jobs/variable.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

struct ObjectOptions {
  Text label = {};
  Text description = {};
  /// An object type, such as "extras.jobresult".
  Text model = {};
  /// The field that the form shows, by default `display`.
  Text display_field = {};
  /// Filters that narrow the choice, as the REST lists take them; "$other" stands for the value
  /// of the variable `other`.
  Json query_params = {};
  /// A label for "none of them".
  std::optional<Text> null_option = {};
  /// An id, a name, or filters.
  Json default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// One record of the server; without a value when optional and left out.
///
/// >>> ObjectVar failed{this, "failed", {.model = "extras.jobresult"}};
class ObjectVar : public Input<Record> {
 public:
  ObjectVar(Job* job, Text name, const ObjectOptions& options);
  ~ObjectVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
  std::string model_;
};

struct MultiObjectOptions {
  Text label = {};
  Text description = {};
  Text model = {};
  Text display_field = {};
  Json query_params = {};
  Json default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// Some records of the server; none when optional and left out.
///
/// >>> for (const Record& result : results.all()) logger.info("{}", result);
class MultiObjectVar : public Variable {
 public:
  MultiObjectVar(Job* job, Text name, const MultiObjectOptions& options);
  ~MultiObjectVar() override;
  bool has_value() const noexcept { return !ids_.empty(); }
  const std::vector<std::string>& ids() const noexcept { return ids_; }
  /// The records, each to be loaded when a field of it is read.
  std::vector<Record> value() const;
  std::vector<Record> operator*() const { return value(); }
  /// The records with their fields, in no certain order; asked for a thousand at a time.
  std::vector<Record> all() const;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
  std::string model_;
  std::vector<std::string> ids_ = {};
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
