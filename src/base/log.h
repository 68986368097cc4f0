#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass::log {

/// One named fact of a log line. The value is text; never a secret.
struct Field {
  std::string_view name;
  std::string value;
};
using Fields = std::initializer_list<Field>;

enum class Level { kDebug, kInfo, kWarning, kError };
enum class Format { kText, kJson };

/// Our own log, on stderr (jobs have their own). Call once, before threads start. Without it: info,
/// text.
void configure(Level least, Format format);

/// Thread-safe; never throws; a line that cannot be written is dropped.
void write(Level level, std::string_view message, Fields fields);
inline void debug(std::string_view message, Fields fields = {}) {
  write(Level::kDebug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  write(Level::kInfo, message, fields);
}
inline void warning(std::string_view message, Fields fields = {}) {
  write(Level::kWarning, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  write(Level::kError, message, fields);
}
/// Logs an error value with its code and detail.
void error(std::string_view message, const Error& cause);

}  // namespace windlass::log
