#include <array>
#include <cmath>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs {
inline namespace v1 {
namespace {

const char* name_of(Json::Kind kind) {
  static constexpr std::array<const char*, 8> kNames{"null",       "a boolean", "an integer",
                                                     "an integer", "a number",  "a string",
                                                     "an array",   "an object"};
  return kNames[static_cast<std::size_t>(kind)];
}

[[noreturn]] void wrong_kind(const char* wanted, Json::Kind got) {
  throw JsonError(std::string("This JSON value is ") + name_of(got) + ", not " + wanted);
}

bool is_member(const Json& value) {
  return value.is_array() && value.size() == 2 && value.as_array()[0].is_string();
}

const Json kNull;

}  // namespace

JsonError::~JsonError() = default;

Json::Json(const char* text) : Json(text == nullptr ? std::string() : std::string(text)) {
  if (text == nullptr) *this = Json();
}
Json::Json(std::string_view text) : Json(std::string(text)) {}
Json::Json(std::string text) : kind_(Kind::text) {
  payload_.text = new std::string(std::move(text));
}
Json::Json(Array items) : kind_(Kind::array) {
  payload_.array = new Array(std::move(items));
}
Json::Json(Object members) : kind_(Kind::object) {
  payload_.object = new Object(std::move(members));
}

Json::Json(const std::vector<std::string>& texts) : Json(Array(texts.begin(), texts.end())) {}

Json::Json(std::initializer_list<detail::JsonElement> elements) : Json() {
  bool members = elements.size() != 0;
  for (const detail::JsonElement& element : elements) members = members && is_member(element.value);
  *this = members ? object(elements) : array(elements);
}

Json Json::array(std::initializer_list<detail::JsonElement> elements) {
  Array items;
  items.reserve(elements.size());
  for (const detail::JsonElement& element : elements) items.push_back(std::move(element.value));
  return Json(std::move(items));
}

Json Json::object(std::initializer_list<detail::JsonElement> elements) {
  Json made = Json(Object());
  for (const detail::JsonElement& element : elements) {
    if (!is_member(element.value)) {
      throw JsonError("Json::object() takes pairs of a name and a value, got " +
                      element.value.dump());
    }
    Array& pair = element.value.as_array();
    made[pair[0].as_string()] = std::move(pair[1]);
  }
  return made;
}

void Json::copy_payload(const Json& other) {
  kind_ = Kind::null;  // should the copy throw
  switch (other.kind_) {
    case Kind::text:
      payload_.text = new std::string(*other.payload_.text);
      break;
    case Kind::array:
      payload_.array = new Array(*other.payload_.array);
      break;
    default:
      payload_.object = new Object(*other.payload_.object);
  }
  kind_ = other.kind_;
}

void Json::destroy() noexcept {
  switch (kind_) {
    case Kind::text:
      delete payload_.text;
      break;
    case Kind::array:
      delete payload_.array;
      break;
    default:
      delete payload_.object;
  }
}

bool Json::as_bool() const {
  if (kind_ != Kind::boolean) wrong_kind("a boolean", kind_);
  return payload_.integer != 0;
}

std::int64_t Json::as_integer() const {
  if (kind_ == Kind::unsigned_integer) {
    throw JsonError("The integer " + dump() + " is too large for std::int64_t; use as_unsigned()");
  }
  if (kind_ == Kind::integer) return payload_.integer;
  constexpr double kLimit = 9223372036854775808.0;
  if (kind_ == Kind::number && std::trunc(payload_.number) == payload_.number &&
      payload_.number >= -kLimit && payload_.number < kLimit) {
    return static_cast<std::int64_t>(payload_.number);
  }
  wrong_kind("an integer", kind_);
}

std::uint64_t Json::as_unsigned() const {
  if (kind_ == Kind::unsigned_integer) return static_cast<std::uint64_t>(payload_.integer);
  const std::int64_t value = as_integer();
  if (value < 0) throw JsonError("The integer " + dump() + " is negative");
  return static_cast<std::uint64_t>(value);
}

double Json::as_number() const {
  if (kind_ == Kind::number) return payload_.number;
  if (kind_ == Kind::integer) return static_cast<double>(payload_.integer);
  if (kind_ == Kind::unsigned_integer) {
    return static_cast<double>(static_cast<std::uint64_t>(payload_.integer));
  }
  wrong_kind("a number", kind_);
}

const std::string& Json::as_string() const {
  if (kind_ != Kind::text) wrong_kind("a string", kind_);
  return *payload_.text;
}
const Json::Array& Json::as_array() const {
  if (kind_ != Kind::array) wrong_kind("an array", kind_);
  return *payload_.array;
}
Json::Array& Json::as_array() {
  if (kind_ != Kind::array) wrong_kind("an array", kind_);
  return *payload_.array;
}
const Json::Object& Json::as_object() const {
  if (kind_ != Kind::object) wrong_kind("an object", kind_);
  return *payload_.object;
}
Json::Object& Json::as_object() {
  if (kind_ != Kind::object) wrong_kind("an object", kind_);
  return *payload_.object;
}

std::size_t Json::size() const noexcept {
  if (kind_ == Kind::array) return payload_.array->size();
  return kind_ == Kind::object ? payload_.object->size() : 0;
}

const Json* Json::find(std::string_view name) const noexcept {
  if (kind_ != Kind::object) return nullptr;
  for (const Member& member : *payload_.object) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}
Json* Json::find(std::string_view name) noexcept {
  return const_cast<Json*>(static_cast<const Json*>(this)->find(name));
}

const Json& Json::at(std::string_view name) const {
  const Json* found = find(name);
  if (found != nullptr) return *found;
  if (kind_ != Kind::object) wrong_kind("an object", kind_);
  throw JsonError("This JSON object has no member " + std::string(name));
}

const Json& Json::at(std::size_t index) const {
  const Array& items = as_array();
  if (index < items.size()) return items[index];
  throw JsonError("This JSON array has " + std::to_string(items.size()) + " items, so none at " +
                  std::to_string(index));
}

Json& Json::operator[](std::string_view name) {
  if (kind_ == Kind::null) *this = Json(Object());
  if (Json* found = find(name)) return *found;
  return as_object().emplace_back(std::string(name), Json()).second;
}
const Json& Json::operator[](std::string_view name) const noexcept {
  const Json* found = find(name);
  return found == nullptr ? kNull : *found;
}

void Json::push_back(Json item) {
  if (kind_ == Kind::null) *this = Json(Array());
  as_array().push_back(std::move(item));
}

bool Json::erase(std::string_view name) {
  Object& members = as_object();
  for (auto member = members.begin(); member != members.end(); ++member) {
    if (member->first != name) continue;
    members.erase(member);
    return true;
  }
  return false;
}

const Json* Json::begin() const noexcept {
  return kind_ == Kind::array ? payload_.array->data() : nullptr;
}
const Json* Json::end() const noexcept {
  return kind_ == Kind::array ? payload_.array->data() + payload_.array->size() : nullptr;
}

bool Json::equals(const Json& other) const noexcept {
  if (is_number() && other.is_number()) {
    if (kind_ == other.kind_ && is_integer()) return payload_.integer == other.payload_.integer;
    return !(is_integer() && other.is_integer()) && as_number() == other.as_number();
  }
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::null:
      return true;
    case Kind::text:
      return *payload_.text == *other.payload_.text;
    case Kind::array:
      return *payload_.array == *other.payload_.array;
    case Kind::object:
      if (size() != other.size()) return false;
      for (const auto& [name, value] : *payload_.object) {
        const Json* theirs = other.find(name);
        if (theirs == nullptr || !(value == *theirs)) return false;
      }
      return true;
    default:
      return payload_.integer == other.payload_.integer;
  }
}

namespace detail {
std::string key_text(const Json& key) {
  return key.is_string() ? key.as_string() : key.dump();
}
}  // namespace detail

}  // namespace v1
}  // namespace windlass::jobs
