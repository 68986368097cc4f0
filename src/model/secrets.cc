#include "model/secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/result.h"
#include "base/text.h"

namespace windlass {

namespace {

std::uint64_t start_of(std::string_view text) {
  std::uint64_t start = 0;
  std::memcpy(&start, text.data(), Secrets::kShortest);
  return start;
}

/// The character that valid UTF-8 begins with, which is taken off.
std::uint32_t take_character(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint32_t character = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (std::size_t at = 1; at < std::min(size, text.size()); ++at) {
    character = character << 6 | (static_cast<std::uint8_t>(text[at]) & 0x3FU);
  }
  text.remove_prefix(std::min(size, text.size()));
  return character;
}

/// Of JSON, the same in ASCII, as Python's json.dumps writes it.
std::string in_ascii(std::string_view quoted) {
  std::string out;
  while (!quoted.empty()) {
    const std::uint32_t character = take_character(quoted);
    if (character < 0x7F) {
      out.push_back(static_cast<char>(character));
    } else if (character < 0x10000) {
      out += fmt::format("\\u{:04x}", character);
    } else {
      const std::uint32_t rest = character - 0x10000;
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
    }
  }
  return out;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    out.append(text, 0, at).append(with);
    text.remove_prefix(at + what.size());
  }
  return out.append(text);
}

std::string base64_without_padding(std::string_view text) {
  std::string out = base64_encode(text);
  while (out.ends_with('=')) out.pop_back();
  return out;
}

bool is_short(std::string_view text) {
  return text.size() < Secrets::kShortest || utf8_length(text) < Secrets::kShortest;
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
  if (is_short(text) || too_many()) return;
  count_ += add_one(text);
  count_ += add_one(strip(text));
  for (const std::string_view line : split(text, '\n')) {
    if (!too_many()) count_ += add_one(strip(line));
  }
  const std::string json = to_text(json::value(to_json_view(text)));
  const std::string_view quoted = std::string_view(json).substr(1, json.size() - 2);
  add_one(quoted);
  add_one(in_ascii(quoted));
  const std::string encoded = percent_encode(text);
  add_one(encoded);
  add_one(replaced(encoded, "%2F", "/"));
  add_one(replaced(encoded, "%20", "+"));
  add_one(base64_without_padding(text));
}

/// Whether it is new.
bool Secrets::add_one(std::string_view text) {
  return !is_short(text) && added_.emplace(text).second;
}

void Secrets::prepare() {
  if (too_many()) added_.clear();
  known_.reserve(added_.size());
  while (!added_.empty()) {
    known_.push_back({std::move(added_.extract(added_.begin()).value())});
  }
  std::sort(known_.begin(), known_.end(),
            [](const Known& one, const Known& other) { return one.text < other.text; });
  link();
}

/// In sorted order a secret stands behind all that it begins with.
void Secrets::link() {
  std::vector<std::size_t> begins;  // each begins with the one before
  for (std::size_t at = 0; at < known_.size(); ++at) {
    Known& known = known_[at];
    while (!begins.empty() && !known.text.starts_with(known_[begins.back()].text)) {
      begins.pop_back();
    }
    known.within = begins.empty() ? at : begins.back();
    begins.push_back(at);
    Range& range = by_start_.try_emplace(start_of(known.text), Range{at, at}).first->second;
    range.end = at + 1;
    longest_ = std::max(longest_, known.text.size());
  }
}

/// Size of the longest secret that the text begins with; 0 for none. Sorted, it is the last that
/// does not stand behind the text, or one that this begins with.
std::size_t Secrets::longest_at(std::string_view text) const {
  if (text.size() < kShortest) return 0;
  const auto found = by_start_.find(start_of(text));
  if (found == by_start_.end()) return 0;
  const auto first = known_.begin() + static_cast<std::ptrdiff_t>(found->second.begin);
  const auto last = known_.begin() + static_cast<std::ptrdiff_t>(found->second.end);
  const auto after = std::upper_bound(
      first, last, text,
      [](std::string_view searched, const Known& known) { return searched < known.text; });
  if (after == first) return 0;
  for (auto at = static_cast<std::size_t>(after - known_.begin()) - 1;; at = known_[at].within) {
    if (text.starts_with(known_[at].text)) return known_[at].text.size();
    if (known_[at].within == at) return 0;
  }
}

std::string Secrets::hide(std::string_view text) const {
  WL_CHECK(added_.empty(), "secrets are prepared before they are looked for");
  if (text.empty() || empty()) return std::string(text);
  if (too_many()) return std::string(kRedacted);
  std::string out;
  std::size_t kept = 0;  // up to here `out` has everything
  for (std::size_t at = 0; at + kShortest <= text.size();) {
    const std::size_t size = longest_at(text.substr(at));
    if (size == 0) {
      ++at;
      continue;
    }
    out.append(text, kept, at - kept).append(kRedacted);
    kept = at += size;
  }
  return out.append(text, kept);
}

std::size_t Secrets::begun(std::string_view text) const {
  if (known_.empty()) return 0;
  for (std::size_t size = std::min(longest_ - 1, text.size()); size > 0; --size) {
    const std::string_view end = text.substr(text.size() - size);
    if (size >= kShortest && !by_start_.contains(start_of(end))) continue;
    const auto found = std::upper_bound(
        known_.begin(), known_.end(), end,
        [](std::string_view searched, const Known& known) { return searched < known.text; });
    if (found != known_.end() && found->text.starts_with(end)) return size;
  }
  return 0;
}

}  // namespace windlass
