#include <algorithm>
#include <ostream>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/objects.hpp>

#include "run.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {
constexpr std::size_t kPage = 1000;  // the most that the host sends at once
}  // namespace

struct Record::State {
  std::string object_type;
  std::string id;
  Json fields;
  bool whole = false;  ///< whether `fields` is all that the server has
};

Record::Record(Text object_type, Text id)
    : state_(std::make_shared<State>(State{object_type.string(), id.string(), {}, false})) {}

Record::Record(Json fields)
    : state_(std::make_shared<State>(
          State{fields.at("object_type").as_string(), fields.at("id").as_string(), {}, false})) {
  state_->whole = fields.contains("display");
  state_->fields = std::move(fields);
}

const std::string& Record::id() const noexcept {
  return state_->id;
}
const std::string& Record::object_type() const noexcept {
  return state_->object_type;
}

void Record::reload() const {
  const Json answer = internal::ask(
      "objects", Json::object({{"object_type", state_->object_type},
                               {"filters", Json::object({{"id", Json::array({state_->id})}})},
                               {"limit", kPage},
                               {"offset", 0}}));
  const Json& found = answer.at("objects");
  if (found.empty()) {
    throw JobError("There is no " + state_->object_type + " with the id " + state_->id);
  }
  state_->fields = found[0];
  state_->whole = true;
}

const Json& Record::field(std::string_view name, bool must_load) const {
  if (const Json* known = state_->fields.find(name)) return *known;
  if (!state_->whole || must_load) reload();
  if (const Json* known = state_->fields.find(name)) return *known;
  throw JobError("A record of " + state_->object_type + " has no field " + std::string(name));
}

const Json& Record::operator[](std::string_view name) const {
  return field(name, false);
}

std::string Record::display() const {
  const Json& text = field("display", false);
  return text.is_string() ? text.as_string() : state_->id;
}

std::string Record::url() const {
  const Json& path = field("url", false);
  return path.is_string() ? path.as_string() : std::string();
}

std::optional<Record> Record::related(std::string_view name) const {
  const Json& reference = field(name, false);
  if (reference.is_null()) return std::nullopt;
  if (!reference.is_object() || !reference.contains("object_type")) {
    throw JobError("The field " + std::string(name) + " of " + state_->object_type +
                   " refers to no record");
  }
  return Record(reference);
}

Json Record::to_json() const {
  return Json::object(
      {{"id", state_->id}, {"object_type", state_->object_type}, {"url", field("url", false)}});
}

std::ostream& operator<<(std::ostream& out, const Record& record) {
  return out << record.display();
}

Objects::Objects(Text object_type) : object_type_(object_type.string()), filters_(Json::object()) {}

Objects Objects::filter(const Json& conditions) const {
  if (!conditions.is_null() && !conditions.is_object()) {
    throw JobError("filter() wants names of filters, each with a value, got " + conditions.dump());
  }
  Objects narrower = *this;
  if (conditions.is_null()) return narrower;
  for (const auto& [name, wanted] : conditions.as_object()) {
    if (narrower.filters_.contains(name)) throw JobError("filter() has " + name + " twice");
    narrower.filters_[name] = wanted.is_array() ? wanted : Json::array({wanted});
  }
  return narrower;
}

Objects Objects::with_ids(const std::vector<std::string>& ids) const {
  return filter(Json::object({{"id", ids}}));
}

Objects Objects::order_by(Text field) const {
  Objects sorted = *this;
  sorted.sort_ = field.string();
  return sorted;
}

Json Objects::ask(std::size_t limit, std::size_t offset) const {
  Json members = Json::object(
      {{"object_type", object_type_}, {"filters", filters_}, {"limit", limit}, {"offset", offset}});
  if (!sort_.empty()) members["sort"] = sort_;
  return internal::ask("objects", std::move(members));
}

std::vector<Record> Objects::all(std::optional<std::size_t> most) const {
  std::vector<Record> records;
  while (true) {
    const std::size_t size =
        std::min(kPage, most.value_or(kPage + records.size()) - records.size());
    if (size == 0) return records;
    Json answer = ask(size, records.size());
    const Json::Array& page = answer.at("objects").as_array();
    for (const Json& fields : page) records.emplace_back(fields);
    if (page.size() < size) return records;
  }
}

std::optional<Record> Objects::first() const {
  std::vector<Record> found = all(1);
  if (found.empty()) return std::nullopt;
  return found[0];
}

Record Objects::get(const Json& conditions) const {
  const std::vector<Record> found = filter(conditions).all(2);
  if (found.size() == 1) return found[0];
  const std::string what = object_type_ + " with " + conditions.dump();
  throw JobError((found.empty() ? "There is no " : "There is more than one ") + what);
}

std::size_t Objects::count() const {
  return static_cast<std::size_t>(ask(0, 0).at("count").as_unsigned());
}

}  // namespace v1
}  // namespace windlass::jobs
