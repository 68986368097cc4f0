#include "sources/write_activity.h"

namespace windlass::sources {

bool covers(const std::set<std::string>& paths, const std::string& path) {
  if (paths.empty()) return false;
  for (auto end = path.size(); end != std::string::npos;
       end = end == 0 ? std::string::npos : path.rfind('/', end - 1)) {
    if (paths.contains(path.substr(0, end))) return true;
  }
  return false;
}

}  // namespace windlass::sources
