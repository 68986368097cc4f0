#include "markdown/html_writer.h"

#include <cmark-gfm-core-extensions.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/text.h"

namespace windlass {

namespace {

struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
using Iterator = std::unique_ptr<cmark_iter, FreeIterator>;

Iterator iterate(cmark_node* node) {
  return Iterator(cmark_iter_new(node));
}

std::string_view type_of(cmark_node* node) {
  return cmark_node_get_type_string(node);
}

std::string_view literal_of(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? "" : text;
}

/// A link's target with every character that has no place in a URL percent-encoded: what browsers
/// drop (tabs, line breaks) or read as something else (backslashes) among them.
std::string encoded_url(std::string_view url) {
  constexpr std::string_view kPunctuation = "-_.~!*'();:@&=+$,/?#%[]";
  std::string out;
  for (const char c : url) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPunctuation.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// Whether a link may lead there: to the web, to a mailbox, to a path of our own server.
bool is_allowed(std::string_view url) {
  if (url.starts_with('/')) return !url.starts_with("//");
  const std::string scheme = to_lower(url.substr(0, 8));
  return scheme.starts_with("http://") || scheme.starts_with("https://") ||
         scheme.starts_with("mailto:");
}

bool is_leaf(cmark_node* node) {
  constexpr std::string_view kLeaves[] = {"html_block", "thematic_break", "code_block",
                                          "text",       "softbreak",      "linebreak",
                                          "code",       "html_inline"};
  return std::ranges::find(kLeaves, type_of(node)) != std::end(kLeaves);
}

void mark(cmark_node* node) {
  cmark_node_set_user_data(node, node);
}
bool is_marked(cmark_node* node) {
  return cmark_node_get_user_data(node) != nullptr;
}

/// Marks the raw tags among the children that stay: all but those that are text.
void settle_tags(cmark_node* parent) {
  std::vector<InlineTag> tags;
  std::vector<cmark_node*> nodes;
  for (cmark_node* child = cmark_node_first_child(parent); child != nullptr;
       child = cmark_node_next(child)) {
    if (cmark_node_get_type(child) != CMARK_NODE_HTML_INLINE) continue;
    const auto tag = read_inline_tag(literal_of(child));
    if (!tag || tag->length != literal_of(child).size() || tag->name == "hr") continue;
    tags.push_back(*tag);
    nodes.push_back(child);
  }
  const std::vector<bool> stays = balanced(tags);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (stays[i]) mark(nodes[i]);
  }
}

bool is_tight(cmark_node* paragraph) {
  cmark_node* item = cmark_node_parent(paragraph);
  cmark_node* list = item == nullptr ? nullptr : cmark_node_parent(item);
  return list != nullptr && cmark_node_get_type(list) == CMARK_NODE_LIST &&
         cmark_node_get_list_tight(list) != 0;
}
bool is_in_header(cmark_node* cell) {
  return type_of(cmark_node_parent(cell)) == "table_header";
}
bool begins_body(cmark_node* row) {
  cmark_node* before = cmark_node_previous(row);
  return before == nullptr || type_of(before) == "table_header";
}

std::string closing_of(cmark_node* node, std::string_view type) {
  if (type == "paragraph") return "</p>\n";
  if (type == "emph") return "</em>";
  if (type == "strong") return "</strong>";
  if (type == "strikethrough") return "</del>";
  if (type == "heading") return fmt::format("</h{}>\n", cmark_node_get_heading_level(node));
  if (type == "block_quote") return "</blockquote>\n";
  if (type == "item") return "</li>\n";
  if (type == "list")
    return cmark_node_get_list_type(node) == CMARK_BULLET_LIST ? "</ul>\n" : "</ol>\n";
  if (type == "table") return "</table>\n";
  if (type == "table_header") return "</tr>\n</thead>\n";
  if (type == "table_row")
    return cmark_node_next(node) == nullptr ? "</tr>\n</tbody>\n" : "</tr>\n";
  if (type == "table_cell") return is_in_header(node) ? "</th>" : "</td>";
  return "";
}

}  // namespace

void append_escaped(std::string* out, std::string_view text) {
  for (const char c : text) {
    if (c == '<') {
      *out += "&lt;";
    } else if (c == '>') {
      *out += "&gt;";
    } else if (c == '&') {
      *out += "&amp;";
    } else if (c == '"') {
      *out += "&quot;";
    } else if (c == '\'') {
      *out += "&#39;";
    } else {
      *out += c;
    }
  }
}

bool HtmlWriter::write(cmark_node* document, int deepest) {
  const Iterator iterator = iterate(document);
  while (cmark_iter_next(iterator.get()) != CMARK_EVENT_DONE) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    if (cmark_iter_get_event_type(iterator.get()) == CMARK_EVENT_EXIT) {
      --depth_;
      leave(node);
    } else if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
      append_plain(node);
      cmark_iter_reset(iterator.get(), node, CMARK_EVENT_EXIT);
    } else {
      settle_tags(node);
      if (!is_leaf(node)) deepest_ = std::max(deepest_, ++depth_);
      enter(node);
    }
    if (deepest_ > deepest) return false;
  }
  return true;
}

void HtmlWriter::enter(cmark_node* node) {
  const std::string_view type = type_of(node);
  if (type == "text") {
    append_escaped(&out_, literal_of(node));
  } else if (type == "softbreak") {
    out_ += "\n";
  } else if (type == "linebreak") {
    out_ += "<br />\n";
  } else if (type == "code") {
    out_ += "<code>";
    append_escaped(&out_, literal_of(node));
    out_ += "</code>";
  } else if (type == "html_inline") {
    write_raw_inline(node);
  } else if (type == "html_block") {
    write_raw_block(literal_of(node));
  } else if (type == "code_block") {
    write_code_block(node);
  } else if (type == "thematic_break") {
    out_ += "<hr />\n";
  } else if (type == "link") {
    open_link(node);
  } else if (type == "paragraph" && is_tight(node)) {
    return;
  } else {
    out_ += opening_of(node, type);
  }
}

void HtmlWriter::leave(cmark_node* node) {
  const std::string_view type = type_of(node);
  if (type == "link") {
    if (!is_marked(node)) return;
    out_ += "</a>";
    in_link_ = false;
  } else if (type == "paragraph" && is_tight(node)) {
    if (cmark_node_next(node) != nullptr) out_ += "\n";
  } else {
    out_ += closing_of(node, type);
  }
}

std::string HtmlWriter::opening_of(cmark_node* node, std::string_view type) {
  if (type == "paragraph") return "<p>";
  if (type == "emph") return "<em>";
  if (type == "strong") return "<strong>";
  if (type == "strikethrough") return "<del>";
  if (type == "heading") return fmt::format("<h{}>", cmark_node_get_heading_level(node));
  if (type == "block_quote") return "<blockquote>\n";
  if (type == "item") return "<li>";
  if (type == "list") {
    if (cmark_node_get_list_type(node) == CMARK_BULLET_LIST) return "<ul>\n";
    const int start = cmark_node_get_list_start(node);
    return start == 1 ? "<ol>\n" : fmt::format("<ol start=\"{}\">\n", start);
  }
  if (type == "table") return "<table>\n";
  if (type == "table_header") return begin_row("<thead>\n<tr>");
  if (type == "table_row") return begin_row(begins_body(node) ? "<tbody>\n<tr>" : "<tr>");
  if (type == "table_cell") return begin_cell(node);
  return "";
}

std::string HtmlWriter::begin_row(std::string tags) {
  column_ = 0;
  return tags;
}

std::string HtmlWriter::begin_cell(cmark_node* cell) {
  cmark_node* table = cmark_node_parent(cmark_node_parent(cell));
  const std::uint8_t* alignments = cmark_gfm_extensions_get_table_alignments(table);
  const bool known = column_ < cmark_gfm_extensions_get_table_columns(table);
  const std::uint8_t alignment = known ? alignments[column_] : 0;
  ++column_;
  const std::string_view side = alignment == 'l'   ? " align=\"left\""
                                : alignment == 'c' ? " align=\"center\""
                                : alignment == 'r' ? " align=\"right\""
                                                   : "";
  return fmt::format("<{}{}>", is_in_header(cell) ? "th" : "td", side);
}

void HtmlWriter::open_link(cmark_node* node) {
  const std::string url = encoded_url(cmark_node_get_url(node));
  if (in_link_ || !is_allowed(url)) return;
  in_link_ = true;
  mark(node);
  out_ += "<a href=\"";
  append_escaped(&out_, url);
  out_ += "\" rel=\"noopener noreferrer nofollow\">";
}

void HtmlWriter::write_code_block(cmark_node* node) {
  const std::string_view info = cmark_node_get_fence_info(node);
  const std::string_view language = info.substr(0, info.find_first_of(" \t"));
  out_ += "<pre><code";
  if (!language.empty()) {
    out_ += " class=\"language-";
    append_escaped(&out_, language);
    out_ += "\"";
  }
  out_ += ">";
  append_escaped(&out_, literal_of(node));
  out_ += "</code></pre>\n";
}

void HtmlWriter::write_tag(const InlineTag& tag) {
  if (tag.kind == InlineTag::Kind::kEmpty) {
    out_ += fmt::format("<{} />", tag.name);
    return;
  }
  const bool closes = tag.kind == InlineTag::Kind::kCloses;
  depth_ += closes ? -1 : 1;
  deepest_ = std::max(deepest_, depth_);
  out_ += fmt::format("<{}{}>", closes ? "/" : "", tag.name);
}

void HtmlWriter::write_raw_inline(cmark_node* node) {
  if (is_marked(node)) {
    write_tag(*read_inline_tag(literal_of(node)));
  } else {
    append_escaped(&out_, literal_of(node));
  }
}

/// A block of raw HTML is text with a few tags in it: no Markdown is read there.
void HtmlWriter::write_raw_block(std::string_view text) {
  std::vector<InlineTag> tags;
  std::vector<std::size_t> places;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (const auto tag = read_inline_tag(text.substr(at))) {
      tags.push_back(*tag);
      places.push_back(at);
    }
  }
  const std::vector<bool> stays = balanced(tags);
  std::size_t written = 0;
  out_ += "<div>";
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!stays[i]) continue;
    append_escaped(&out_, text.substr(written, places[i] - written));
    write_tag(tags[i]);
    written = places[i] + tags[i].length;
  }
  append_escaped(&out_, text.substr(written));
  out_ += "</div>\n";
}

/// What an image is replaced by: the text of its description.
void HtmlWriter::append_plain(cmark_node* image) {
  const Iterator iterator = iterate(image);
  while (cmark_iter_next(iterator.get()) != CMARK_EVENT_DONE) {
    if (cmark_iter_get_event_type(iterator.get()) == CMARK_EVENT_ENTER)
      append_escaped(&out_, literal_of(cmark_iter_get_node(iterator.get())));
  }
}

}  // namespace windlass
