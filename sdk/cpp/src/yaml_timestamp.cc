#include "yaml_timestamp.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <windlass/jobs/format.hpp>

#include "yaml_scalar.hpp"
#include "yaml_scan.hpp"

namespace windlass::jobs::internal {
namespace {

struct Fields {
  int year = 0, month = 0, day = 0;
  bool two_digits = false;  ///< both month and day
  bool has_time = false;
  int hour = 0, minute = 0, second = 0, microsecond = 0;
  bool has_offset = false;
  int offset = 0;  ///< minutes east
};

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : scan_(text) {}

  /// None where the text has another form.
  std::optional<Fields> fields() {
    Fields found;
    found.year = digits(4, 4);
    if (!well_ || !scan_.one("-")) return std::nullopt;
    found.month = digits(1, 2);
    found.two_digits = length_ == 2;
    if (!well_ || !scan_.one("-")) return std::nullopt;
    found.day = digits(1, 2);
    found.two_digits = found.two_digits && length_ == 2;
    if (well_ && !scan_.done()) time(found);
    if (!well_ || !scan_.done()) return std::nullopt;
    return found;
  }

 private:
  int digits(std::size_t least, std::size_t most) {
    const std::string_view found = scan_.run(kDigits, most);
    length_ = found.size();
    well_ = well_ && length_ >= least;
    return number(found);
  }

  void wanted(bool there) { well_ = well_ && there; }

  void time(Fields& found) {
    found.has_time = true;
    wanted(scan_.one("Tt") || !scan_.run(" \t").empty());
    found.hour = digits(1, 2);
    wanted(scan_.one(":"));
    found.minute = digits(2, 2);
    wanted(scan_.one(":"));
    found.second = digits(2, 2);
    if (scan_.one(".")) {
      std::string fraction(scan_.run(kDigits).substr(0, 6));
      fraction.resize(6, '0');
      found.microsecond = number(fraction);
    }
    if (scan_.done()) return;
    scan_.run(" \t");
    found.has_offset = true;
    if (scan_.one("Z")) return;
    const bool west = scan_.one("-");
    wanted(west || scan_.one("+"));
    found.offset = digits(1, 2) * 60;
    if (scan_.one(":")) found.offset += digits(2, 2);
    if (west) found.offset = -found.offset;
  }

  YamlScan scan_;
  bool well_ = true;
  std::size_t length_ = 0;
};

bool exists(const Fields& of) {
  const auto month = static_cast<unsigned>(of.month);
  const auto day = static_cast<unsigned>(of.day);
  return of.year >= 1 &&
         std::chrono::year_month_day(std::chrono::year(of.year), std::chrono::month(month),
                                     std::chrono::day(day))
             .ok() &&
         of.hour < 24 && of.minute < 60 && of.second < 60 && of.offset > -1440 && of.offset < 1440;
}

std::string date_text(const Fields& of) {
  return format("{:04}-{:02}-{:02}", of.year, of.month, of.day);
}

std::string time_text(const Fields& of) {
  std::string text = format("{:02}:{:02}:{:02}", of.hour, of.minute, of.second);
  if (of.microsecond != 0) text += format(".{:06}", of.microsecond);
  if (!of.has_offset) return text;
  const int minutes = of.offset < 0 ? -of.offset : of.offset;
  return text + (of.offset < 0 ? "-" : "+") + format("{:02}:{:02}", minutes / 60, minutes % 60);
}

/// Microseconds since 1970, with the offset taken off.
std::int64_t instant(const Fields& of) {
  using namespace std::chrono;
  const sys_days date(year(of.year) / month(static_cast<unsigned>(of.month)) /
                      day(static_cast<unsigned>(of.day)));
  const microseconds since = date.time_since_epoch() + hours(of.hour) +
                             minutes(of.minute - of.offset) + seconds(of.second) +
                             microseconds(of.microsecond);
  return since.count();
}

}  // namespace

bool is_plain_timestamp(std::string_view text) {
  const std::optional<Fields> found = Reader(text).fields();
  return found.has_value() && (found->has_time || found->two_digits);
}

YamlTimestamp yaml_timestamp(std::string_view text) {
  const std::optional<Fields> found = Reader(without_last_break(text)).fields();
  if (!found.has_value()) throw BadYamlScalar(text, "is no date or time");
  if (!exists(*found)) throw BadYamlScalar(text, "is a date or time that there is not");
  std::string shown = date_text(*found);
  if (!found->has_time) return {shown, "date " + shown};
  shown += "T" + time_text(*found);
  if (!found->has_offset) return {shown, "time " + shown};
  return {shown, format("instant {}", instant(*found))};
}

}  // namespace windlass::jobs::internal
