#include "class_definitions.hpp"

#include "source_tokens.hpp"

namespace windlass::jobs::internal {
namespace {

using Tokens = std::vector<Token>;

bool is_at(const Tokens& tokens, std::size_t at, std::string_view text) {
  return at < tokens.size() && tokens[at].text == text;
}

/// The token after attributes and the like, from `tokens[at]` on.
std::size_t skip_attributes(const Tokens& tokens, std::size_t at) {
  while (at < tokens.size()) {
    const std::string_view text = tokens[at].text;
    const bool is_bracket = text == "[";
    if (!is_bracket && text != "alignas" && text != "__attribute__") break;
    if (!is_bracket) ++at;
    int depth = 0;
    for (; at < tokens.size(); ++at) {
      const std::string_view inner = tokens[at].text;
      if (inner == "[" || inner == "(") ++depth;
      if ((inner == "]" || inner == ")") && --depth == 0) break;
    }
    ++at;
  }
  return at;
}

/// The last part of a qualified name from `at` on, which is moved behind it. "" where there is
/// none.
std::string_view take_name(const Tokens& tokens, std::size_t& at) {
  std::string_view name;
  while (at < tokens.size()) {
    if (is_at(tokens, at, ":") && is_at(tokens, at + 1, ":")) {
      at += 2;
    } else if (tokens[at].is_word && (name.empty() || is_at(tokens, at - 1, ":"))) {
      name = tokens[at++].text;
    } else {
      break;
    }
  }
  return name;
}

/// Behind the arguments of a template, if they stand at `at`.
std::size_t skip_arguments(const Tokens& tokens, std::size_t at) {
  if (!is_at(tokens, at, "<")) return at;
  int depth = 0;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].text == "<") ++depth;
    if (tokens[at].text == ">" && --depth == 0) return at + 1;
  }
  return at;
}

/// The names between the colon at `at` and the brace.
std::vector<std::string> bases_from(const Tokens& tokens, std::size_t at) {
  std::vector<std::string> bases;
  ++at;
  while (at < tokens.size() && tokens[at].text != "{") {
    const std::string_view word = tokens[at].text;
    if (word == "public" || word == "protected" || word == "private" || word == "virtual" ||
        word == ",") {
      ++at;
      continue;
    }
    const std::string_view name = take_name(tokens, at);
    if (name.empty()) {
      ++at;
    } else {
      bases.emplace_back(name);
      at = skip_arguments(tokens, at);
    }
  }
  return bases;
}

}  // namespace

std::vector<ClassDefinition> class_definitions(std::string_view source) {
  const Tokens tokens = tokens_of(source);
  std::vector<ClassDefinition> found;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const Token& word = tokens[index];
    if (word.text != "class" && word.text != "struct") continue;
    if (index > 0 && tokens[index - 1].text == "enum") continue;
    std::size_t at = skip_attributes(tokens, index + 1);
    const std::string_view name = take_name(tokens, at);
    if (is_at(tokens, at, "final")) ++at;
    const bool has_bases = is_at(tokens, at, ":");
    if (name.empty() || (!has_bases && !is_at(tokens, at, "{"))) continue;
    found.push_back({std::string(name), word.line,
                     has_bases ? bases_from(tokens, at) : std::vector<std::string>(),
                     index > 0 && tokens[index - 1].text == ">"});
  }
  return found;
}

}  // namespace windlass::jobs::internal
