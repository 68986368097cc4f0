#include "embedded/page.h"

#include <charconv>

#include "base/result.h"
#include "base/text.h"

extern "C" {
extern const char windlass_page_pack_begin[];
extern const char windlass_page_pack_end[];
}

namespace windlass {

std::vector<PageFile> embedded_page() {
  std::string_view rest{
      windlass_page_pack_begin,
      static_cast<std::size_t>(windlass_page_pack_end - windlass_page_pack_begin)};
  std::vector<PageFile> files;
  while (!rest.empty()) {
    const auto line_end = rest.find('\n');
    const auto words = split(rest.substr(0, line_end), ' ');
    WL_CHECK(line_end != std::string_view::npos && words.size() == 3,
             "the embedded web page is damaged");
    std::size_t size = 0;
    std::from_chars(words[2].data(), words[2].data() + words[2].size(), size);
    rest.remove_prefix(line_end + 1);
    files.push_back({words[0], rest.substr(0, size), words[1] == "gzip"});
    rest.remove_prefix(size);
  }
  return files;
}

}  // namespace windlass
