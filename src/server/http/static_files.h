#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/response.h"

namespace windlass::http {

/// A file as the program carries it; the texts live as long as the program.
struct StaticFile {
  std::string_view path;  ///< "assets/index-4f2a.js"
  std::string_view content;
  bool gzip = false;  ///< `content` is compressed with gzip
};

/// The files of the web page, served from memory. What is compressed goes out as it lies to clients
/// that take gzip, and is unpacked for the others. `/assets/` holds files whose names change with
/// their content, so browsers keep those for a year; all else is asked for again by its ETag.
/// Thread-safe: nothing changes after the constructor.
class StaticFiles {
 public:
  explicit StaticFiles(const std::vector<StaticFile>& files);

  bool empty() const { return files_.empty(); }
  /// Answers GET and HEAD: the file of the request's path, else index.html, which shows by itself
  /// what its address names; 404 for a path under /assets/ that is none. Others are 405.
  Response serve(const Request& request) const;
  /// The file of this name, whatever the request's path; 404 when there is none.
  Response serve_file(const Request& request, std::string_view name) const;

 private:
  struct Known {
    StaticFile file;
    std::string hash;
  };
  std::map<std::string, Known, std::less<>> files_;
};

}  // namespace windlass::http
