#include "engine/choices.h"

#include <fmt/format.h>

#include "base/text.h"
#include "model/python_text.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kMostText = 1 << 20;
constexpr std::size_t kLongestQuote = 60;

Error wrong(std::string sentence) {
  return {"job.choices", std::move(sentence)};
}

/// Goes through choices, and counts.
class Checker {
 public:
  Result<json::array> list(const json::array& given, bool in_group) {
    json::array out;
    for (const json::value& entry : given) {
      WL_TRY(json::value checked, this->entry(entry, in_group));
      out.push_back(std::move(checked));
    }
    return out;
  }

 private:
  Result<json::value> entry(const json::value& given, bool in_group) {
    const json::array* pair = given.if_array();
    if (pair == nullptr || pair->size() != 2) {
      return wrong(fmt::format("holds {}, which is no (value, label) pair", quoted(given)));
    }
    WL_TRY(json::value first, text((*pair)[0]));
    const json::array* group = (*pair)[1].if_array();
    if (group == nullptr) {
      if (++entries_ > kMostEntries) {
        return wrong(fmt::format("has more than {} choices", kMostEntries));
      }
      WL_TRY(json::value label, text((*pair)[1]));
      return json::value(json::array{std::move(first), std::move(label)});
    }
    if (in_group) return wrong(fmt::format("has the group {} within a group", quoted(first)));
    WL_TRY(json::array members, list(*group, true));
    return json::value(json::array{std::move(first), std::move(members)});
  }

  Result<json::value> text(const json::value& given) {
    if (given.is_array() || given.is_object()) {
      return wrong(fmt::format("holds {}, where text belongs", quoted(given)));
    }
    std::string text = to_valid_utf8(python_text(given));
    text_ += text.size();
    if (text_ > kMostText) return wrong(fmt::format("has more than {} bytes of text", kMostText));
    return json::value(text);
  }

  static std::string quoted(const json::value& value) {
    const std::string text = to_text(value);
    const std::string_view shown = utf8_prefix(text, kLongestQuote);
    return shown.size() < text.size() ? std::string(shown) + "…" : text;
  }

  std::size_t entries_ = 0;
  std::size_t text_ = 0;
};

}  // namespace

Result<json::array> NoChoices::compute(const Job& job, const std::string& method,
                                       const json::object&) {
  return Error{"job.choices", "The choices that " + job.class_path + "." + method +
                                  "() computes cannot be had here."};
}

Result<json::array> checked_choices(const json::array& returned) {
  return Checker().list(returned, false);
}

}  // namespace windlass::engine
