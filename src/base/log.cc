#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

namespace windlass::log {

namespace {

std::atomic<Format> format{Format::kText};

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("windlass",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_level(spdlog::level::info);
    made->flush_on(spdlog::level::debug);
    made->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc));
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "info";
}

std::string json_line(Level level, std::string_view message, Fields fields) {
  json::object line;
  line["time"] = to_rfc3339(SystemClock().now());
  line["level"] = to_json_view(name_of(level));
  line["message"] = to_valid_utf8(message);
  for (const Field& field : fields) line[to_json_view(field.name)] = to_valid_utf8(field.value);
  return to_text(line);
}

std::string text_line(Level level, std::string_view message, Fields fields) {
  std::string line = to_rfc3339(SystemClock().now()) + " " + std::string(name_of(level)) + " " +
                     std::string(message);
  for (const Field& field : fields) {
    line += "  " + std::string(field.name) + "=" + field.value;
  }
  return line;
}

}  // namespace

void configure(Level least, Format wanted) {
  logger().set_level(to_spdlog(least));
  format = wanted;
}

void write(Level level, std::string_view message, Fields fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  try {
    logger().log(to_spdlog(level), format == Format::kJson ? json_line(level, message, fields)
                                                           : text_line(level, message, fields));
  } catch (const std::exception&) {
    return;  // nowhere left to say it
  }
}

void error(std::string_view message, const Error& cause) {
  write(Level::kError, message,
        {{"code", cause.code}, {"reason", cause.message}, {"detail", cause.detail}});
}

}  // namespace windlass::log
