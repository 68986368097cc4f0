/// The logger whose entries stand in the run's log.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <windlass/jobs/format.hpp>
#include <windlass/jobs/text.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

enum class Level : std::uint8_t { debug, info, success, warning, failure, error, critical };

/// Logs to the run under way, from any thread of the job; outside of a run to stderr. A log call
/// never throws, and sends its entry before it returns.
///
/// >>> logger.info("Checked {} of {}", done, total);
/// >>> logger.grouping("summary").success("All done");
/// >>> logger.about(device.name(), "/devices/7/").failure("It does not answer");
///
/// Without arguments the text stands as it is, braces too. An entry's grouping is the name of the
/// calling function unless grouping() says another.
class Logger {
 public:
  template <class... Arguments>
  void debug(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::debug, format, arguments...);
  }
  template <class... Arguments>
  void info(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::info, format, arguments...);
  }
  /// Between info and warning.
  template <class... Arguments>
  void success(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::success, format, arguments...);
  }
  template <class... Arguments>
  void warning(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::warning, format, arguments...);
  }
  /// Between warning and error. Does not fail the run; Job::fail() does.
  template <class... Arguments>
  void failure(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::failure, format, arguments...);
  }
  template <class... Arguments>
  void error(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::error, format, arguments...);
  }
  template <class... Arguments>
  void critical(const Format& format, const Arguments&... arguments) const noexcept {
    log(Level::critical, format, arguments...);
  }

  template <class... Arguments>
  void log(Level level, const Format& format, const Arguments&... arguments) const noexcept {
    if constexpr (sizeof...(Arguments) == 0) {
      write(level, format, {});
    } else {
      const detail::Argument all[] = {detail::Argument::of(arguments)...};
      write(level, format, all);
    }
  }

  /// A logger whose entries have that grouping.
  Logger grouping(Text name) const;
  /// A logger whose entries are about an object: its text and its address, a path or URL.
  Logger about(Text object, Text url = "") const;
  /// The same for an object with operator<<, whose address is what `get_absolute_url()` or
  /// `url()` gives where it has one.
  template <class T>
  requires(!std::convertible_to<const T&, Text>) Logger about(const T& object)
  const {
    const std::string text = format("{}", object);
    if constexpr (requires { Text(object.get_absolute_url()); }) {
      return about(Text(text), Text(object.get_absolute_url()));
    } else if constexpr (requires { Text(object.url()); }) {
      return about(Text(text), Text(object.url()));
    } else {
      return about(Text(text));
    }
  }
  /// A logger whose entries stand on stderr alone, not in the run's log.
  Logger console_only() const;

 private:
  void write(Level level, const Format& format,
             std::span<const detail::Argument> arguments) const noexcept;

  std::string grouping_ = {};
  std::string object_ = {};
  std::string url_ = {};
  bool has_object_ = false;
  bool console_only_ = false;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
