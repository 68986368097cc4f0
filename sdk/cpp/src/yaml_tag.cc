#include "yaml_tag.hpp"

#include <algorithm>
#include <array>

#include "yaml_scan.hpp"
#include "yaml_timestamp.hpp"

namespace windlass::jobs::internal {
namespace {

constexpr std::string_view kPrefix = "tag:yaml.org,2002:";

struct Named {
  std::string_view name;
  YamlTag tag;
};

constexpr std::array kTags{Named{"null", YamlTag::null},
                           Named{"bool", YamlTag::boolean},
                           Named{"int", YamlTag::integer},
                           Named{"float", YamlTag::floating},
                           Named{"timestamp", YamlTag::timestamp},
                           Named{"binary", YamlTag::binary},
                           Named{"str", YamlTag::str},
                           Named{"seq", YamlTag::sequence},
                           Named{"map", YamlTag::mapping},
                           Named{"set", YamlTag::set},
                           Named{"omap", YamlTag::omap},
                           Named{"pairs", YamlTag::pairs},
                           Named{"merge", YamlTag::merge},
                           Named{"value", YamlTag::value}};

constexpr std::array<std::string_view, 18> kWords{"yes",  "Yes",  "YES",  "no",    "No",    "NO",
                                                  "true", "True", "TRUE", "false", "False", "FALSE",
                                                  "on",   "On",   "ON",   "off",   "Off",   "OFF"};

template <class Words>
bool among(const Words& words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// `(?::[0-5]?[0-9])+`
bool sixties(YamlScan& scan) {
  bool any = false;
  while (scan.one(":")) {
    const std::string_view digits = scan.run(kDigits);
    if (digits.empty() || digits.size() > 2) return false;
    if (digits.size() == 2 && digits.front() > '5') return false;
    any = true;
  }
  return any;
}

/// `(?:[eE][-+][0-9]+)?$`
bool exponent_to_end(YamlScan scan) {
  if (scan.one("eE")) return scan.one("-+") && !scan.run(kDigits).empty() && scan.done();
  return scan.done();
}

bool is_float(std::string_view text) {
  YamlScan scan(text);
  const bool is_signed = scan.one("-+");
  YamlScan named = scan;
  if (named.text(".inf") || named.text(".Inf") || named.text(".INF")) return named.done();
  if (!is_signed && (named.text(".nan") || named.text(".NaN") || named.text(".NAN"))) {
    return named.done();
  }
  if (scan.one(".")) {
    if (is_signed || !scan.one(kDigits)) return false;
    scan.run(kDigitsAndLines);
    return exponent_to_end(scan);
  }
  if (!scan.one(kDigits)) return false;
  scan.run(kDigitsAndLines);
  YamlScan sixty = scan;
  if (sixties(sixty)) {
    if (!sixty.one(".")) return false;
    sixty.run(kDigitsAndLines);
    return sixty.done();
  }
  if (!scan.one(".")) return false;
  scan.run(kDigitsAndLines);
  return exponent_to_end(scan);
}

bool is_integer(std::string_view text) {
  YamlScan scan(text);
  scan.one("-+");
  if (scan.one("0")) {
    if (scan.done()) return true;
    if (scan.one("b")) return !scan.run("01_").empty() && scan.done();
    if (scan.one("x")) return !scan.run("0123456789abcdefABCDEF_").empty() && scan.done();
    return !scan.run("01234567_").empty() && scan.done();
  }
  if (!scan.one("123456789")) return false;
  scan.run(kDigitsAndLines);
  return scan.done() || (sixties(scan) && scan.done());
}

}  // namespace

YamlTag yaml_tag(std::string_view name) {
  if (!name.starts_with(kPrefix)) return YamlTag::unknown;
  name.remove_prefix(kPrefix.size());
  const auto found =
      std::find_if(kTags.begin(), kTags.end(), [&](const Named& one) { return one.name == name; });
  return found == kTags.end() ? YamlTag::unknown : found->tag;
}

std::string shown_yaml_tag(std::string_view name) {
  if (name.starts_with(kPrefix)) return "!!" + std::string(name.substr(kPrefix.size()));
  return name.starts_with('!') ? std::string(name) : "!<" + std::string(name) + ">";
}

YamlTag tag_of_plain(std::string_view whole) {
  if (whole.empty()) return YamlTag::null;
  const std::string_view text = without_last_break(whole);
  if (text.empty()) return YamlTag::str;
  if (std::string_view("-+.0123456789").find(text.front()) != std::string_view::npos) {
    if (is_float(text)) return YamlTag::floating;
    if (is_integer(text)) return YamlTag::integer;
    return is_plain_timestamp(text) ? YamlTag::timestamp : YamlTag::str;
  }
  if (among(std::array<std::string_view, 4>{"~", "null", "Null", "NULL"}, text)) {
    return YamlTag::null;
  }
  if (among(kWords, text)) return YamlTag::boolean;
  if (text == "<<") return YamlTag::merge;
  return text == "=" ? YamlTag::value : YamlTag::str;
}

}  // namespace windlass::jobs::internal
