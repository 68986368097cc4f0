#include "engine/questions.h"

#include <fmt/format.h>

#include "engine/input_lookup.h"

namespace windlass::engine {

namespace {

constexpr std::int64_t kMostObjects = 1000;
constexpr std::size_t kMostValues = 10'000;

Error invalid(std::string sentence) {
  return {"ask.invalid", std::move(sentence)};
}

Result<std::string> text_member(const json::object& ask, std::string_view name) {
  const json::value* member = ask.if_contains(name);
  if (member != nullptr && member->is_string()) return std::string(to_view(member->get_string()));
  return invalid(fmt::format("The question needs \"{}\", a text.", name));
}

Result<std::int64_t> count_member(const json::object& ask, std::string_view name,
                                  std::int64_t fallback) {
  const json::value* member = ask.if_contains(name);
  if (member == nullptr || member->is_null()) return fallback;
  if (member->is_int64() && member->get_int64() >= 0) return member->get_int64();
  return invalid(fmt::format("\"{}\" is a whole number of at least 0.", name));
}

/// Field → list of texts.
Result<ObjectFilters> filters_member(const json::object& ask) {
  ObjectFilters filters;
  const json::value* member = ask.if_contains("filters");
  if (member == nullptr || member->is_null()) return filters;
  if (!member->is_object()) return invalid("\"filters\" is an object: field → list of texts.");
  std::size_t count = 0;
  for (const auto& [name, values] : member->get_object()) {
    std::vector<std::string>& texts = filters[std::string(name)];
    const json::array* list = values.if_array();
    const bool is_list = list != nullptr && !list->empty();
    if (!is_list) {
      return invalid(fmt::format("The filter \"{}\" needs a list of at least one text.",
                                 std::string_view(name)));
    }
    for (const json::value& value : *list) {
      if (!value.is_string()) {
        return invalid(
            fmt::format("The values of the filter \"{}\" are texts.", std::string_view(name)));
      }
      if (++count > kMostValues) {
        return invalid(
            fmt::format("A question takes at most {} filter values; ask in pieces.", kMostValues));
      }
      texts.emplace_back(to_view(value.get_string()));
    }
  }
  return filters;
}

/// Uploads that the question only tells of: field → {"name", "size"}. The rules look at no content
/// but whether there is some.
Result<UploadedFiles> files_member(const json::object& ask) {
  UploadedFiles files;
  const json::value* member = ask.if_contains("files");
  if (member == nullptr || member->is_null()) return files;
  const Error wrong = invalid("\"files\" is an object: field → {\"name\", \"size\"}.");
  if (!member->is_object()) return wrong;
  for (const auto& [field, file] : member->get_object()) {
    const std::int64_t size = get_int(file, "size", -1);
    if (!file.is_object() || size < 0) return wrong;
    files[std::string(field)] = {get_string(file, "name"), size > 0 ? "x" : ""};
  }
  return files;
}

}  // namespace

Result<json::value> Questions::answer(const json::object& ask) const {
  WL_TRY(const std::string question, text_member(ask, "question"));
  if (question == "objects") return objects(ask);
  if (question == "validate") return validate(ask);
  return invalid(
      fmt::format("There is no question \"{}\"; there are objects and validate.", question));
}

Result<json::value> Questions::objects(const json::object& ask) const {
  ObjectsWanted wanted;
  WL_TRY(wanted.object_type, text_member(ask, "object_type"));
  WL_TRY(ObjectFilters filters, filters_member(ask));
  wanted.filters.push_back(std::move(filters));
  if (const json::value* sort = ask.if_contains("sort"); sort != nullptr && !sort->is_null()) {
    WL_TRY(wanted.sort, text_member(ask, "sort"));
  }
  WL_TRY(wanted.limit, count_member(ask, "limit", wanted.limit));
  WL_TRY(wanted.offset, count_member(ask, "offset", 0));
  if (wanted.limit > kMostObjects) {
    return invalid(fmt::format("\"limit\" is at most {}; ask in pages, by offset.", kMostObjects));
  }
  WL_TRY(FoundObjects found, ObjectDirectory(storage_).find(wanted));
  return json::value{{"count", found.count}, {"objects", std::move(found.objects)}};
}

Result<json::value> Questions::validate(const json::object& ask) const {
  WL_TRY(const std::string class_path, text_member(ask, "class_path"));
  WL_TRY(const Job job, storage_.jobs().find_by_class_path(class_path));
  const json::value* data = ask.if_contains("data");
  WL_TRY(const UploadedFiles files, files_member(ask));
  WL_TRY(json::object inputs,
         checked_inputs(storage_, choices_, job, data != nullptr ? *data : json::value(), files));
  for (const auto& [field, file] : files) {
    json::value* input = inputs.if_contains(field);
    if (input == nullptr || !input->is_object()) continue;
    input->get_object()["size"] = get_int(ask.at("files").at(field), "size");
  }
  return json::value(std::move(inputs));
}

json::object answer_frame(std::int64_t ask, const Result<json::value>& answer) {
  json::object frame{{"type", "answer"}, {"ask", ask}};
  if (answer.ok()) {
    frame["value"] = *answer;
    return frame;
  }
  const Error& error = answer.error();
  json::object fields;
  for (const auto& [field, messages] : error.fields) {
    fields[field] = json::array(messages.begin(), messages.end());
  }
  frame["error"] = {
      {"code", error.code}, {"message", error.message}, {"fields", std::move(fields)}};
  return frame;
}

}  // namespace windlass::engine
