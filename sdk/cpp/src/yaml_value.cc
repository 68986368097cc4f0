/// From nodes to a value: what PyYAML's SafeConstructor does, and what the Python SDK makes of that
/// in a result.
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/format.hpp>

#include "yaml.hpp"
#include "yaml_node.hpp"
#include "yaml_scalar.hpp"

namespace windlass::jobs::internal {
namespace {

using Kind = YamlNode::Kind;

[[noreturn]] void refuse(const YamlNode& node, const std::string& what) {
  throw YamlProblem(node.place, what);
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::scalar:
      return "a scalar";
    case Kind::sequence:
      return "a list";
    default:
      return "a map";
  }
}

void want(const YamlNode& node, Kind kind, const char* tag) {
  if (node.kind == kind) return;
  refuse(node, format("{} wants {}, and this is {}", tag, kind_name(kind), kind_name(node.kind)));
}

/// Members by key: of keys that are equal the first names the member, and the last has its value.
class Members {
 public:
  void set(YamlKey key, Json value) {
    all_text_ = all_text_ && key.identity.starts_with("text ");
    const auto [place, is_new] = places_.try_emplace(std::move(key.identity), found_.size());
    if (is_new) {
      found_.emplace_back(std::move(key.name), std::move(value));
    } else {
      found_[place->second].second = std::move(value);
    }
  }

  /// Keys that differ, such as 1 and "1", may have one name.
  Json::Object take() {
    if (all_text_) return std::move(found_);
    Json::Object members;
    std::unordered_map<std::string, std::size_t> names;
    for (Json::Member& member : found_) {
      const auto [place, is_new] = names.try_emplace(member.first, members.size());
      if (is_new) {
        members.push_back(std::move(member));
      } else {
        members[place->second].second = std::move(member.second);
      }
    }
    return members;
  }

 private:
  bool all_text_ = true;
  Json::Object found_;
  std::unordered_map<std::string, std::size_t> places_;
};

class Maker {
 public:
  explicit Maker(const YamlDocument& document) : left_(kMaxYamlCopies + document.nodes.size()) {}

  Json value(YamlNode& node, std::size_t depth) {
    visit(node);
    if (node.is_open) refuse(node, "this value contains itself");
    if (depth > kMaxYamlDepth) {
      refuse(node, format("with its aliases it has more than {} levels", kMaxYamlDepth));
    }
    node.is_open = true;
    Json made = value_of(node, depth);
    node.is_open = false;
    return made;
  }

 private:
  /// Counts what is made again.
  void visit(YamlNode& node) {
    if (node.is_made) charge(node, 1 + node.text.size() / 64 + node.children.size() / 2);
    node.is_made = true;
  }

  void charge(const YamlNode& node, std::size_t weight) {
    if (weight > left_) {
      refuse(node, format("its aliases make more than {} values", kMaxYamlCopies));
    }
    left_ -= weight;
  }

  Json value_of(YamlNode& node, std::size_t depth) {
    switch (node.tag) {
      case YamlTag::sequence:
        return list(node, depth);
      case YamlTag::mapping:
        return map(node, depth);
      case YamlTag::set:
        return set(node, depth);
      case YamlTag::omap:
        return pairs(node, depth, "!!omap");
      case YamlTag::pairs:
        return pairs(node, depth, "!!pairs");
      case YamlTag::unknown:
      case YamlTag::merge:
      case YamlTag::value:
        refuse_tag(node);
      default:
        return scalar(node, depth);
    }
  }

  [[noreturn]] static void refuse_tag(const YamlNode& node) {
    if (node.tag == YamlTag::merge) refuse(node, "<< stands for no value; put it in quotes");
    if (node.tag == YamlTag::value) refuse(node, "= stands for no value; put it in quotes");
    refuse(node, format("the tag {} is unknown", shown_yaml_tag(*node.unknown_tag)));
  }

  /// Runs what throws BadYamlScalar.
  template <class Make>
  static auto at(const YamlNode& node, const Make& make) {
    try {
      return make();
    } catch (const BadYamlScalar& problem) {
      refuse(node, problem.what());
    }
  }

  Json scalar(YamlNode& node, std::size_t depth) {
    return at(node, [&] { return yaml_scalar(node.tag, text_of(node, depth)); });
  }

  /// Of a map with the key = that one's value.
  const std::string& text_of(YamlNode& node, std::size_t depth) {
    const bool may_have = node.kind == Kind::mapping && node.tag != YamlTag::timestamp;
    if (may_have && depth <= kMaxYamlDepth) {
      for (std::size_t at = 0; at < node.children.size(); at += 2) {
        if (node.children[at]->tag == YamlTag::value) {
          visit(*node.children[at + 1]);
          return text_of(*node.children[at + 1], depth + 1);
        }
      }
    }
    want(node, Kind::scalar, "its tag");
    return node.text;
  }

  Json list(YamlNode& node, std::size_t depth) {
    want(node, Kind::sequence, "!!seq");
    Json::Array items;
    items.reserve(node.children.size());
    for (YamlNode* child : node.children) items.push_back(value(*child, depth + 1));
    return Json(std::move(items));
  }

  YamlKey key(YamlNode& node, std::size_t depth) {
    visit(node);
    switch (node.tag) {
      case YamlTag::sequence:
      case YamlTag::mapping:
      case YamlTag::set:
      case YamlTag::omap:
      case YamlTag::pairs:
        refuse(node, format("{} cannot be a key", kind_name(node.kind)));
      case YamlTag::unknown:
      case YamlTag::merge:
      case YamlTag::value:
        refuse_tag(node);
      default:
        return at(node, [&] { return yaml_key(node.tag, text_of(node, depth)); });
    }
  }

  Json map(YamlNode& node, std::size_t depth) {
    want(node, Kind::mapping, "!!map");
    flatten(node, 0);
    Members members;
    for (std::size_t at = 0; at < node.children.size(); at += 2) {
      YamlKey name = key(*node.children[at], depth + 1);
      members.set(std::move(name), value(*node.children[at + 1], depth + 1));
    }
    return Json(members.take());
  }

  /// An array of the keys.
  Json set(YamlNode& node, std::size_t depth) {
    want(node, Kind::mapping, "!!set");
    flatten(node, 0);
    Json::Array items;
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t at = 0; at < node.children.size(); at += 2) {
      YamlNode& item = *node.children[at];
      if (seen.try_emplace(key(item, depth + 1).identity, at).second) {
        items.push_back(scalar(item, depth + 1));
      }
      value(*node.children[at + 1], depth + 1);
    }
    return Json(std::move(items));
  }

  /// An array of arrays of two.
  Json pairs(YamlNode& node, std::size_t depth, const char* tag) {
    want(node, Kind::sequence, tag);
    Json::Array items;
    for (YamlNode* child : node.children) {
      if (child->kind != Kind::mapping || child->children.size() != 2) {
        refuse(*child, format("{} wants a list of maps with one key each", tag));
      }
      visit(*child);
      Json::Array pair;
      pair.push_back(value(*child->children[0], depth + 2));
      pair.push_back(value(*child->children[1], depth + 2));
      items.push_back(Json(std::move(pair)));
    }
    return Json(std::move(items));
  }

  /// Puts what merge keys name before the map's own members.
  void flatten(YamlNode& node, std::size_t depth) {
    if (depth > kMaxYamlDepth) {
      refuse(node, format("its merge keys go more than {} levels deep", kMaxYamlDepth));
    }
    if (node.is_merging) refuse(node, "this map merges itself");
    std::vector<YamlNode*> own;
    std::vector<YamlNode*> sources;
    for (std::size_t at = 0; at < node.children.size(); at += 2) {
      YamlNode* name = node.children[at];
      if (name->tag == YamlTag::merge) {
        sources.push_back(node.children[at + 1]);
        continue;
      }
      if (name->tag == YamlTag::value) name->tag = YamlTag::str;
      own.push_back(name);
      own.push_back(node.children[at + 1]);
    }
    if (sources.empty()) return;
    std::vector<YamlNode*> merged;
    node.is_merging = true;
    for (YamlNode* source : sources) merge(*source, merged, depth + 1);
    node.is_merging = false;
    merged.insert(merged.end(), own.begin(), own.end());
    node.children = std::move(merged);
  }

  void merge(YamlNode& source, std::vector<YamlNode*>& into, std::size_t depth) {
    const auto take = [&](const YamlNode& from) {
      charge(from, 1 + from.children.size() / 2);
      into.insert(into.end(), from.children.begin(), from.children.end());
    };
    if (source.kind == Kind::mapping) {
      flatten(source, depth);
      take(source);
      return;
    }
    if (source.kind == Kind::scalar) refuse(source, "<< wants a map or a list of maps");
    for (YamlNode* one : source.children) {
      if (one->kind != Kind::mapping) refuse(*one, "<< wants a map or a list of maps");
      flatten(*one, depth);
    }
    // Of maps in a list the first counts.
    for (auto one = source.children.rbegin(); one != source.children.rend(); ++one) take(**one);
  }

  std::size_t left_;
};

}  // namespace

Json parse_yaml(std::string_view text, const std::string& file) {
  try {
    YamlDocument document = compose_yaml(text);
    if (document.root == nullptr) return Json();
    return Maker(document).value(*document.root, 0);
  } catch (const YamlProblem& problem) {
    throw YamlError(format("{}, line {}, column {}: {}", file, problem.place.line,
                           problem.place.column, problem.what()));
  }
}

}  // namespace windlass::jobs::internal
