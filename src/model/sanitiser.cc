#include "model/sanitiser.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace windlass {

namespace {

/// A text in which this finds nothing has nothing for the default rules either. One pass, so that
/// ordinary lines cost little.
constexpr std::string_view kTrigger =
    R"(pass(?:wo?r?d|phrase|code)|pwd|secret|token|credential|authori[sz]ation|bearer|basic|://)"
    R"(|(?:api|access|private|encryption|signing)[ _-]?key|-----BEGIN)";

/// Words that name a secret, with what may hang on: db_password2, secret_key, AUTH-TOKEN.
#define WL_SECRET_WORD                                                \
  R"((?:pass(?:word|wd|phrase|code)|pwd|secrets?|token|credentials?)" \
  R"(|(?:api|access|private|encryption|signing)[ _-]?key)(?:[_-]?(?:key|value|\d{1,2}))?)"
/// What says nothing secret: results of checks, and what was redacted before.
#define WL_HARMLESS                                                                             \
  R"((?!\(redacted\)|(?:none|null|true|false|nil|undefined|not|too|required|invalid|incorrect)" \
  R"(|wrong|missing|empty|valid|expired|correct|hidden|optional|unknown|weak|unset)"            \
  R"()(?:\s|[.,;:!?)\]}]|$)))"
/// After "is" a sentence may go on.
#define WL_NO_SENTENCE \
  R"((?!(?:the|a|an|different|in|on|for|at|from|to|of|and|or|by|with)(?:\s|[.,;:!?)\]}]|$)))"
/// A value: quoted (the quotes stay; group 2 is the opening one), or everything up to white space,
/// a quote or the next parameter of a query, without closing punctuation. Possessive throughout, so
/// that long values need no stack.
#define WL_VALUE                                                 \
  R"((?:([bru]{0,2}(\\*["']))(?:(?!\3)(?:\\[^\r\n]|[^\r\n]))++)" \
  R"(|(?:[^\s"'&.,;:)\]}]|&(?!\w+=)|[.,;:)\]}]++(?=[^\s"'.,;:)\]}])(?!&\w+=))++))"

struct Rule {
  const char* expression;
  const char* replacement;
};

constexpr std::array kRules{
    Rule{
        R"((-----BEGIN ([A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?)-----)(?:[^-]++|-(?!----END \2-----))*+)",
        "$1(redacted)"},
    // Credentials in a URL. A port is no password; a password may hold characters that ought to be
    // escaped.
    Rule{R"(://(?:[^\s/?#"'<>]{0,512}|[^\s/?#@:"'<>]{0,256}:(?!\d{1,5}[/?#])[^\s"'<>]{0,256})@)",
         "://(redacted)@"},
    Rule{
        R"((authori[sz]ation\\*["']?[ \t]*+[:=][ \t]*+(?:[bru]{0,2}\\*["'])?+)"
        R"((?:(?:bearer|token|basic|digest|negotiate|apikey)[ \t]++)?+)(?!\(redacted\))[^\s"'\\]++)",
        "$1(redacted)"},
    Rule{R"(\b((?:bearer|basic|token)[ \t]++)(?=\S*\d)[\w.~+/=-]{16,})", "$1(redacted)"},
    Rule{"(" WL_SECRET_WORD R"(\\*["']?[ \t]*+(?>=>|:=|={1,3}|:)[ \t]*+))" WL_HARMLESS WL_VALUE,
         "$1$2(redacted)"},
    Rule{"(" WL_SECRET_WORD
         R"(["']?[ \t]++(?>(?:is|was)(?:[ \t]+(?:now|set|changed|reset))?+(?:[ \t]+to)?+)"
         R"(|(?:now|set|changed|reset|updated)[ \t]+to)[ \t]*+:?(?<=[ \t:])[ \t]*+))" WL_HARMLESS
             WL_NO_SENTENCE WL_VALUE,
         "$1$2(redacted)"},
    // "password 7 0822455D0A16", as network devices write it.
    Rule{R"(((?:password|secret)[ \t]++\d[ \t]++)(?!\(redacted\))\S++)", "$1(redacted)"},
    // "password hunter2": letters with digits are hardly a word of the sentence.
    Rule{"(" WL_SECRET_WORD R"([ \t]++)(?=\S*\d)(?=\S*[a-z])[^\s"'().,:=]{4,})", "$1(redacted)"},
};

/// Ends of names of JSON members whose values are secrets, without separators and digits.
constexpr std::array<std::string_view, 13> kSecretNames{
    "password", "passwd", "passphrase", "passcode",   "pwd",       "secret",     "secrets",
    "token",    "apikey", "accesskey",  "privatekey", "secretkey", "credentials"};

bool names_secret(std::string_view name) {
  std::string word;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalpha(letter)) word.push_back(static_cast<char>(std::tolower(letter)));
  }
  return word == "authorization" ||
         std::ranges::any_of(kSecretNames, [&](auto end) { return word.ends_with(end); });
}

/// Whether a value can hold a secret at all.
bool says_something(const json::value& value) {
  return !value.is_null() && !value.is_bool() && !(value.is_string() && value.get_string().empty());
}

}  // namespace

namespace {

/// An item of the setting as expression and replacement. Error: what is wrong with it.
Result<std::pair<std::string, std::string>> parse_item(std::string_view item) {
  constexpr std::string_view kArrow = " =>";
  auto arrow = item.rfind(std::string(kArrow) + " ");
  if (strip(item).ends_with(kArrow)) arrow = item.rfind(kArrow);  // replaced by nothing
  const std::string_view expression = strip(item.substr(0, arrow));
  const std::string_view replacement =
      arrow == std::string_view::npos ? kRedacted : strip(item.substr(arrow + kArrow.size()));
  WL_TRY(const Pattern pattern, Pattern::compile(expression, true));
  if (pattern.matches("").value_or(true)) {
    return Error{"pattern.invalid", "It matches the empty text, so it would be found everywhere."};
  }
  // The same groups, in a pattern that surely matches: does the replacement name what there is?
  const auto probe = Pattern::compile("(?:" + std::string(expression) + "\n)|", true);
  if (probe.ok() && !probe->replace_all("", replacement).ok()) {
    return Error{"pattern.invalid", "Its replacement \"" + std::string(replacement) +
                                        "\" names a group that it does not have."};
  }
  return std::pair(std::string(expression), std::string(replacement));
}

}  // namespace

const Sanitiser& Sanitiser::standard() {
  static const Sanitiser sanitiser = [] {
    std::vector<std::pair<std::string, std::string>> patterns;
    for (const Rule& rule : kRules) patterns.emplace_back(rule.expression, rule.replacement);
    Result<Sanitiser> made = make(patterns);
    WL_CHECK(made.ok(), "the default patterns compile: " + made.error().message);
    Result<Pattern> trigger = Pattern::compile(kTrigger, true);
    WL_CHECK(trigger.ok(), "the trigger compiles: " + trigger.error().message);
    Sanitiser standard;
    standard.defaults_ = made->own_;
    standard.trigger_ = *std::move(trigger);
    return standard;
  }();
  return sanitiser;
}

Result<Sanitiser> Sanitiser::make(
    const std::vector<std::pair<std::string, std::string>>& patterns) {
  Rules rules;
  for (const auto& [expression, replacement] : patterns) {
    WL_TRY(Pattern pattern, Pattern::compile(expression, true));
    rules.emplace_back(std::move(pattern), replacement);
  }
  Sanitiser sanitiser;
  sanitiser.own_ = std::make_shared<const Rules>(std::move(rules));
  return sanitiser;
}

Result<Sanitiser> Sanitiser::with_patterns(const std::vector<std::string>& items) {
  std::vector<std::pair<std::string, std::string>> patterns;
  std::string wrong;
  for (const std::string& item : items) {
    auto pattern = parse_item(item);
    if (pattern.ok()) {
      patterns.push_back(*std::move(pattern));
    } else {
      wrong += "\n  \"" + item + "\": " + pattern.error().message;
    }
  }
  if (!wrong.empty()) {
    return Error{"settings.invalid",
                 "The setting sanitiser_patterns has items that cannot be used:" + wrong};
  }
  Sanitiser sanitiser = standard();
  if (patterns.empty()) return sanitiser;
  WL_TRY(const Sanitiser own, make(patterns));
  sanitiser.own_ = own.own_;
  return sanitiser;
}

Sanitiser Sanitiser::with_secrets(Secrets secrets) const {
  Sanitiser sanitiser = *this;
  sanitiser.secrets_ = std::make_shared<const Secrets>(std::move(secrets));
  return sanitiser;
}

/// Nullopt when a pattern gives up.
std::optional<std::string> Sanitiser::apply(const Rules& rules, std::string text) {
  for (const auto& [pattern, replacement] : rules) {
    const Result<bool> found = pattern.matches(text);
    if (found.ok() && !*found) continue;
    Result<std::string> replaced = pattern.replace_all(text, replacement);
    if (!replaced.ok()) return std::nullopt;
    text = *std::move(replaced);
  }
  return text;
}

std::string Sanitiser::clean(std::string_view text) const {
  std::optional<std::string> out = hide(text);
  if (own_) out = apply(*own_, *std::move(out));
  if (!out || !defaults_) return out.value_or(std::string(kRedacted));
  const Result<bool> suspicious = trigger_->matches(*out);
  if (suspicious.ok() && !*suspicious) return *std::move(out);
  return apply(*defaults_, *std::move(out)).value_or(std::string(kRedacted));
}

json::value Sanitiser::clean(const json::value& value) const {
  if (const json::string* text = value.if_string()) {
    return json::value(to_json_view(clean(to_view(*text))));
  }
  if (const json::array* list = value.if_array()) {
    json::array out;
    out.reserve(list->size());
    for (const json::value& item : *list) out.push_back(clean(item));
    return out;
  }
  if (const json::object* object = value.if_object()) {
    json::object out;
    out.reserve(object->size());
    for (const auto& member : *object) {
      const bool secret = names_secret(member.key()) && says_something(member.value());
      out.emplace(secrets_ ? to_json_view(hide(member.key())) : json::string_view(member.key()),
                  secret ? json::value(to_json_view(kRedacted)) : clean(member.value()));
    }
    return out;
  }
  return value;
}

}  // namespace windlass
