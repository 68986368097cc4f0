/// A YAML document as a graph: an alias is the node that it stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "yaml_tag.hpp"

namespace windlass::jobs::internal {

/// Both count from 1; columns count characters.
struct YamlPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// What is wrong with a document, and where.
struct YamlProblem : std::runtime_error {
  YamlProblem(const YamlPlace& at, const std::string& what) : std::runtime_error(what), place(at) {}
  YamlPlace place;
};

struct YamlNode {
  enum class Kind : std::uint8_t { scalar, sequence, mapping };

  Kind kind = Kind::scalar;
  YamlTag tag = YamlTag::str;
  bool is_open = false;  ///< its value is being made
  bool is_made = false;  ///< it has been made before
  bool is_merging = false;
  const std::string* unknown_tag = nullptr;
  YamlPlace place = {};
  std::string text = {};                 ///< of a scalar
  std::vector<YamlNode*> children = {};  ///< of a mapping key, value, key, value …
};

struct YamlDocument {
  YamlNode* root = nullptr;  ///< none where the text is empty
  std::deque<YamlNode> nodes = {};
  std::set<std::string> unknown_tags = {};
};

/// Throws YamlProblem for what is no YAML, has a second document or too many levels.
YamlDocument compose_yaml(std::string_view text);

}  // namespace windlass::jobs::internal
