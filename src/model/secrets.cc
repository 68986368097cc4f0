#include "model/secrets.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace windlass {

namespace {

std::uint64_t start_of(std::string_view text) {
  std::uint64_t start = 0;
  std::memcpy(&start, text.data(), Secrets::kShortest);
  return start;
}

}  // namespace

void Secrets::add(const json::value& value) {
  if (const json::string* text = value.if_string()) {
    add_text(to_view(*text));
  } else if (const json::array* list = value.if_array()) {
    for (const json::value& item : *list) add(item);
  } else if (const json::object* object = value.if_object()) {
    for (const auto& member : *object) add(member.value());
  }
}

void Secrets::add_text(std::string_view text) {
  add_one(text);
  add_one(strip(text));
  for (const std::string_view line : split(text, '\n')) add_one(strip(line));
  const std::string quoted = to_text(json::value(to_json_view(text)));
  add_one(std::string_view(quoted).substr(1, quoted.size() - 2));
}

void Secrets::add_one(std::string_view text) {
  if (text.size() < kShortest || utf8_length(text) < kShortest) return;
  std::vector<std::string>& known = by_start_[start_of(text)];
  if (std::find(known.begin(), known.end(), text) != known.end()) return;
  known.emplace_back(text);
  std::sort(known.begin(), known.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

/// The longest secret that the text begins with; "" for none.
std::string_view Secrets::longest_at(std::string_view text) const {
  if (text.size() < kShortest) return {};
  const auto found = by_start_.find(start_of(text));
  if (found == by_start_.end()) return {};
  for (const std::string& secret : found->second) {
    if (text.starts_with(secret)) return secret;
  }
  return {};
}

std::string Secrets::hide(std::string_view text) const {
  if (empty()) return std::string(text);
  std::string out;
  std::size_t kept = 0;  // up to here `out` has everything
  for (std::size_t at = 0; at + kShortest <= text.size();) {
    const std::string_view secret = longest_at(text.substr(at));
    if (secret.empty()) {
      ++at;
      continue;
    }
    out.append(text, kept, at - kept).append(kRedacted);
    kept = at += secret.size();
  }
  return out.append(text, kept);
}

bool Secrets::may_go_on(std::string_view text) const {
  for (const auto& [start, secrets] : by_start_) {
    for (const std::string& secret : secrets) {
      for (std::size_t size = std::min(secret.size() - 1, text.size()); size > 0; --size) {
        if (text.ends_with(std::string_view(secret).substr(0, size))) return true;
      }
    }
  }
  return false;
}

}  // namespace windlass
