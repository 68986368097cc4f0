#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace windlass {

void check_failed(const char* condition, const char* file, int line, std::string_view message) {
  std::fprintf(stderr, "windlass: broken promise at %s:%d: %s: %.*s\n", file, line, condition,
               static_cast<int>(message.size()), message.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace windlass
