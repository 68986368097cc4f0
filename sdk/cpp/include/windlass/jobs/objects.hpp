/// Records that the server keeps: read-only, asked for while a job runs.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <windlass/jobs/json.hpp>
#include <windlass/jobs/text.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// A record of the server. Its fields, those of the REST interface, are asked for when one is
/// read that did not come with it. Copies share them. Reading a field throws Refused where the
/// server does not answer, JobError where the record is gone or has no such field.
///
/// >>> logger.info("{} failed: {}", failed->display(), (*failed)["reason"]);
class Record {
 public:
  /// The record of that id, to be loaded when needed. `object_type` as "extras.jobresult".
  Record(Text object_type, Text id);
  /// `fields`: as the server sends them; `id` and `object_type` among them.
  explicit Record(Json fields);

  const std::string& id() const noexcept;
  const std::string& object_type() const noexcept;
  /// How people call it.
  std::string display() const;
  /// The path of its page.
  std::string url() const;
  const Json& operator[](std::string_view field) const;
  /// The record that a field refers to; none where the field is null.
  std::optional<Record> related(std::string_view field) const;
  /// Asks for the fields again.
  void reload() const;
  /// `id`, `object_type`, `url`.
  Json to_json() const;

 private:
  struct State;
  const Json& field(std::string_view name, bool must_load) const;
  std::shared_ptr<State> state_;
};

std::ostream& operator<<(std::ostream& out, const Record& record);

/// The records of a type that meet conditions. A value: each call makes a narrower one. Nothing
/// is asked of the server before the records or their number are.
///
/// >>> const Objects failed = Objects("extras.jobresult").filter({{"status", "FAILURE"}});
/// >>> for (const Record& result : failed.order_by("-date_created").all(10)) retry_one(result);
class Objects {
 public:
  explicit Objects(Text object_type);

  /// Those that meet every condition: names of filters of the REST lists (`name__ic`, `id`), each
  /// with a value or an array of alternatives.
  Objects filter(const Json& conditions) const;
  Objects with_ids(const std::vector<std::string>& ids) const;
  /// Sorted by a field, with `-` before its name in descending order.
  Objects order_by(Text field) const;

  /// All of them, or the first `most`; asked for in pages of 1,000. Throws Refused, whose
  /// fields() has the messages a filter.
  std::vector<Record> all(std::optional<std::size_t> most = std::nullopt) const;
  std::optional<Record> first() const;
  /// The one record; throws JobError where there is none or more than one.
  Record get(const Json& conditions = {}) const;
  std::size_t count() const;
  bool exists() const { return count() != 0; }
  const std::string& object_type() const noexcept { return object_type_; }

 private:
  Json ask(std::size_t limit, std::size_t offset) const;
  std::string object_type_;
  Json filters_;
  std::string sort_ = {};
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
