#pragma once

#include <cmark-gfm.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "markdown/inline_tags.h"

namespace windlass {

/// Appends text so that it is text wherever it stands: in an element or in a quoted attribute.
void append_escaped(std::string* out, std::string_view text);

/// Writes the HTML of a parsed document: each node opens its elements when it is entered and closes
/// the same when it is left, so that the output is well-formed. One use, one thread.
class HtmlWriter {
 public:
  /// False when more than `deepest` elements stand within one another.
  bool write(cmark_node* document, int deepest);
  std::string take() { return std::move(out_); }

 private:
  void enter(cmark_node* node);
  void leave(cmark_node* node);
  std::string opening_of(cmark_node* node, std::string_view type);
  std::string begin_row(std::string tags);
  std::string begin_cell(cmark_node* cell);
  void open_link(cmark_node* node);
  void write_code_block(cmark_node* node);
  void write_tag(const InlineTag& tag);
  void write_raw_inline(cmark_node* node);
  void write_raw_block(std::string_view text);
  void append_plain(cmark_node* image);

  std::string out_;
  int depth_ = 0;
  int deepest_ = 0;  ///< that was reached
  std::size_t column_ = 0;
  bool in_link_ = false;
};

}  // namespace windlass
