/// From text to nodes, by libyaml. The one file that calls it: the build joins the two and hides
/// libyaml's names, see cmake/yaml.cmake.
#include <yaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <new>
#include <windlass/jobs/format.hpp>

#include "yaml.hpp"
#include "yaml_node.hpp"

namespace windlass::jobs::internal {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kMarkAfterBreak = "\n\xEF\xBB\xBF";

YamlPlace place_of(const yaml_mark_t& mark) {
  return {mark.line + 1, mark.column + 1};
}

YamlPlace place_of_byte(std::string_view text, std::size_t offset) {
  YamlPlace place;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      place = {place.line + 1, 1};
    } else if ((c & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// One step of the parser. Owns what libyaml has allocated for it.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }

  yaml_event_t* operator->() { return &event_; }
  yaml_event_t* get() { return &event_; }
  YamlPlace place() const { return place_of(event_.start_mark); }

 private:
  yaml_event_t event_{};
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()),
                                 text_.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&parser_); }

  /// `event` is a fresh one.
  void next(Event& event) {
    if (yaml_parser_parse(&parser_, event.get()) == 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    std::string what = parser_.problem == nullptr ? "it cannot be parsed" : parser_.problem;
    if (parser_.error == YAML_READER_ERROR) {
      throw YamlProblem(place_of_byte(text_, parser_.problem_offset), what);
    }
    if (parser_.context != nullptr) {
      what += format(", {}", parser_.context);
      const yaml_mark_t& from = parser_.context_mark;
      if (from.index != parser_.problem_mark.index) {
        what += format(" from line {}, column {} on", from.line + 1, from.column + 1);
      }
    }
    throw YamlProblem(place_of(parser_.problem_mark), what);
  }

  std::string_view text_;
  yaml_parser_t parser_{};
};

class Composer {
 public:
  explicit Composer(std::string_view text) : parser_(text) {}

  YamlDocument document() {
    step(YAML_STREAM_START_EVENT);
    Event begin;
    parser_.next(begin);
    if (begin->type == YAML_STREAM_END_EVENT) return std::move(found_);
    Event first;
    parser_.next(first);
    found_.root = &node(first, 0);
    step(YAML_DOCUMENT_END_EVENT);
    Event end;
    parser_.next(end);
    if (end->type != YAML_STREAM_END_EVENT) {
      throw YamlProblem(end.place(), "a second document begins; one is read");
    }
    return std::move(found_);
  }

 private:
  /// The parser gives these in this order, or fails.
  void step(yaml_event_type_t) {
    Event event;
    parser_.next(event);
  }

  YamlNode& node(Event& event, std::size_t depth) {
    switch (event->type) {
      case YAML_ALIAS_EVENT:
        return anchored(event);
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT: {
        YamlNode& made = add(event, YamlNode::Kind::sequence, event->data.sequence_start.tag,
                             event->data.sequence_start.anchor);
        children(made, YAML_SEQUENCE_END_EVENT, depth + 1);
        return made;
      }
      default: {
        YamlNode& made = add(event, YamlNode::Kind::mapping, event->data.mapping_start.tag,
                             event->data.mapping_start.anchor);
        children(made, YAML_MAPPING_END_EVENT, depth + 1);
        return made;
      }
    }
  }

  YamlNode& scalar(Event& event) {
    const auto& read = event->data.scalar;
    YamlNode& made = add(event, YamlNode::Kind::scalar, read.tag, read.anchor);
    made.text.assign(reinterpret_cast<const char*>(read.value), read.length);
    const std::string_view tag = text_of(read.tag);
    if (tag == "!" || read.plain_implicit != 0) {
      made.tag = tag_of_plain(made.text);
    } else if (tag.empty()) {
      made.tag = YamlTag::str;
    }
    return made;
  }

  void children(YamlNode& of, yaml_event_type_t end, std::size_t depth) {
    if (depth > kMaxYamlDepth) {
      throw YamlProblem(of.place, format("it has more than {} levels", kMaxYamlDepth));
    }
    while (true) {
      Event event;
      parser_.next(event);
      if (event->type == end) return;
      of.children.push_back(&node(event, depth));
    }
  }

  YamlNode& add(Event& event, YamlNode::Kind kind, const yaml_char_t* tag,
                const yaml_char_t* anchor) {
    YamlNode& made = found_.nodes.emplace_back();
    made.kind = kind;
    made.place = event.place();
    const std::string_view name = text_of(tag);
    if (name.empty() || name == "!") {
      made.tag = kind == YamlNode::Kind::sequence ? YamlTag::sequence : YamlTag::mapping;
    } else {
      made.tag = yaml_tag(name);
      if (made.tag == YamlTag::unknown) {
        made.unknown_tag = &*found_.unknown_tags.emplace(name).first;
      }
    }
    if (anchor != nullptr && !anchors_.emplace(text_of(anchor), &made).second) {
      throw YamlProblem(made.place, format("a second anchor &{}", text_of(anchor)));
    }
    return made;
  }

  YamlNode& anchored(Event& event) const {
    const std::string_view name = text_of(event->data.alias.anchor);
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      throw YamlProblem(event.place(), format("there is no anchor for the alias *{}", name));
    }
    return *found->second;
  }

  Parser parser_;
  YamlDocument found_;
  std::map<std::string, YamlNode*, std::less<>> anchors_;
};

}  // namespace

YamlDocument compose_yaml(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  // libyaml would pass over it.
  const std::size_t mark = text.find(kMarkAfterBreak);
  if (mark != std::string_view::npos) {
    throw YamlProblem(place_of_byte(text, mark + 1), "a byte order mark begins the line");
  }
  return Composer(text).document();
}

}  // namespace windlass::jobs::internal
