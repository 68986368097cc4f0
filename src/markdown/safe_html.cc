#include "markdown/safe_html.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "base/text.h"
#include "markdown/html_writer.h"

namespace windlass {

namespace {

/// Cells that a table can have: missing ones are filled in by the parser, so that a short text
/// could make millions.
constexpr std::size_t kMostCells = 20'000;

struct FreeDocument {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, FreeDocument>;

/// The parser keeps some of its tables, those that extensions add to, in global variables.
std::mutex parser_mutex;

Document parse(std::string_view text) {
  const std::lock_guard lock(parser_mutex);
  cmark_gfm_core_extensions_ensure_registered();
  const std::unique_ptr<cmark_parser, void (*)(cmark_parser*)> parser(
      cmark_parser_new(CMARK_OPT_DEFAULT), &cmark_parser_free);
  for (const char* name : {"table", "strikethrough", "autolink"}) {
    cmark_syntax_extension* extension = cmark_find_syntax_extension(name);
    WL_CHECK(extension != nullptr, "cmark-gfm lacks an extension of its own");
    cmark_parser_attach_syntax_extension(parser.get(), extension);
  }
  cmark_parser_feed(parser.get(), text.data(), text.size());
  return Document(cmark_parser_finish(parser.get()));
}

bool could_be_a_huge_table(std::string_view text) {
  std::size_t lines = 0;
  std::size_t columns = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++lines;
    columns = std::max<std::size_t>(columns, std::ranges::count(line, '|') + 1);
  }
  return columns > 1 && columns * lines > kMostCells;
}

std::string as_written(std::string_view text) {
  std::string out = "<pre>";
  append_escaped(&out, text);
  return out + "</pre>\n";
}

}  // namespace

std::string safe_html(std::string_view markdown) {
  const std::string text = to_valid_utf8(markdown);
  if (text.size() > kLongestMarkdown || could_be_a_huge_table(text)) return as_written(text);
  HtmlWriter writer;
  const Document document = parse(text);
  return writer.write(document.get(), kDeepestMarkdown) ? writer.take() : as_written(text);
}

}  // namespace windlass
