#pragma once

#include <string_view>
#include <vector>

namespace windlass {

/// A file of the web page, as the build made it.
struct PageFile {
  std::string_view path;  ///< "index.html", "assets/…"
  std::string_view content;
  bool gzip = false;  ///< `content` is compressed with gzip
};

/// The web page that this binary carries; empty where it was built without one.
std::vector<PageFile> embedded_page();

}  // namespace windlass
