/// Text, numbers, switches, JSON. They declare; the server validates and coerces.
#pragma once

#include <windlass/jobs/variable.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

struct StringOptions {
  Text label = {};
  Text description = {};
  /// In characters, both included.
  std::optional<int> min_length = {};
  std::optional<int> max_length = {};
  /// Searched for anywhere in the text, so the whole text needs `^` and `$`.
  Text regex = {};
  /// Sealed and never shown.
  bool sensitive = false;
  std::optional<Text> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// One line of text, stripped; "" when optional and left out.
///
/// >>> StringVar host{this, "host", {.description = "Its new name", .max_length = 63}};
class StringVar : public PlainInput<std::string> {
 public:
  StringVar(Job* job, Text name, const StringOptions& options = {});
  ~StringVar() override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

struct TextOptions {
  Text label = {};
  Text description = {};
  bool sensitive = false;
  std::optional<Text> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// Text of many lines; "" when optional and left out.
class TextVar : public PlainInput<std::string> {
 public:
  TextVar(Job* job, Text name, const TextOptions& options = {});
  ~TextVar() override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

struct IntegerOptions {
  Text label = {};
  Text description = {};
  /// Bounds, both included.
  std::optional<std::int64_t> min_value = {};
  std::optional<std::int64_t> max_value = {};
  std::optional<std::int64_t> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// A whole number; without a value when optional and left out.
///
/// >>> IntegerVar gigabytes{this, "gigabytes", {.min_value = 1, .max_value = 512, .default_value
/// = 20}};
class IntegerVar : public Input<std::int64_t> {
 public:
  IntegerVar(Job* job, Text name, const IntegerOptions& options = {});
  ~IntegerVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

struct BooleanOptions {
  Text label = {};
  Text description = {};
  std::optional<bool> default_value = {};
  Json visible_if = {};
  Text widget = {};
};

/// True or false; never required, false when left out. `if (force)` and `if (*force)` are the
/// same.
class BooleanVar : public PlainInput<bool> {
 public:
  BooleanVar(Job* job, Text name, const BooleanOptions& options = {});
  operator bool() const noexcept { return value_; }

 protected:
  BooleanVar(Job* job, Text name, const BooleanOptions& options, Text type);

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

/// The switch of a job that can run without changing anything; its name is always `dryrun`. A dry
/// run needs no approval. Its initial value is Meta::dryrun_default.
///
/// >>> DryRunVar dryrun{this};
class DryRunVar : public BooleanVar {
 public:
  explicit DryRunVar(Job* job, const BooleanOptions& options = {});
};

struct JSONOptions {
  Text label = {};
  Text description = {};
  bool sensitive = false;
  Json default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// Any JSON value; null when optional and left out.
class JSONVar : public PlainInput<Json> {
 public:
  JSONVar(Job* job, Text name, const JSONOptions& options = {});
  ~JSONVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
