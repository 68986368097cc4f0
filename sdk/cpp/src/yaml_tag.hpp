/// The tags that PyYAML's safe loader knows, and what plain scalars are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace windlass::jobs::internal {

enum class YamlTag : std::uint8_t {
  null,
  boolean,
  integer,
  floating,
  timestamp,
  binary,
  str,
  sequence,
  mapping,
  set,
  omap,
  pairs,
  merge,
  value,
  unknown
};

/// Of the whole tag, such as "tag:yaml.org,2002:int".
YamlTag yaml_tag(std::string_view name);
/// As it is written in a document, such as "!!int".
std::string shown_yaml_tag(std::string_view name);

/// What a plain scalar is, by the rules of PyYAML's resolver.
YamlTag tag_of_plain(std::string_view text);

}  // namespace windlass::jobs::internal
