#include "base/clock.h"

#include <fmt/format.h>

#include <cctype>

namespace windlass {

namespace {

using std::chrono::duration_cast;

Error invalid_time(std::string_view text) {
  return {"time.invalid",
          fmt::format("\"{}\" is not a time; write it like 2026-01-31T09:30:00Z.", text)};
}

/// Reads fixed-width digits from the front of a text.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : rest_(text) {}
  bool number(int digits, int* out) {
    if (rest_.size() < static_cast<std::size_t>(digits)) return false;
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (!std::isdigit(static_cast<unsigned char>(rest_[i]))) return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    *out = value;
    return true;
  }
  bool one_of(std::string_view characters, char* out = nullptr) {
    if (rest_.empty() || characters.find(rest_[0]) == std::string_view::npos) return false;
    if (out != nullptr) *out = rest_[0];
    rest_.remove_prefix(1);
    return true;
  }
  bool at_digit() const {
    return !rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_[0]));
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool read_fraction(DigitReader& reader, int* micros) {
  *micros = 0;
  int digit = 0;
  int scale = 100'000;
  if (!reader.at_digit()) return false;
  while (reader.at_digit()) {
    if (!reader.number(1, &digit)) return false;
    *micros += digit * scale;
    scale /= 10;
  }
  return true;
}

}  // namespace

std::string to_rfc3339(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Result<TimePoint> parse_rfc3339(std::string_view text) {
  DigitReader reader(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
  if (!reader.number(4, &year) || !reader.one_of("-") || !reader.number(2, &month) ||
      !reader.one_of("-") || !reader.number(2, &day)) {
    return invalid_time(text);
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return invalid_time(text);
  TimePoint result = std::chrono::sys_days{date};
  if (reader.at_end()) return result;
  if (!reader.one_of("Tt ") || !reader.number(2, &hour) || !reader.one_of(":") ||
      !reader.number(2, &minute) || !reader.one_of(":") || !reader.number(2, &second)) {
    return invalid_time(text);
  }
  if (hour > 23 || minute > 59 || second > 60) return invalid_time(text);
  if (reader.one_of(".") && !read_fraction(reader, &micros)) return invalid_time(text);
  result += std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
            Micros{micros};
  char sign = 'Z';
  if (!reader.one_of("Zz+- ", &sign)) return invalid_time(text);
  if (sign != 'Z' && sign != 'z') {  // a '+' of a query string may arrive as a space
    int zone_hours = 0, zone_minutes = 0;
    if (!reader.number(2, &zone_hours) || !reader.one_of(":") || !reader.number(2, &zone_minutes) ||
        zone_hours > 23 || zone_minutes > 59) {
      return invalid_time(text);
    }
    const auto offset = std::chrono::hours{zone_hours} + std::chrono::minutes{zone_minutes};
    result -= sign == '-' ? -offset : offset;
  }
  if (!reader.at_end()) return invalid_time(text);
  return result;
}

TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
}

Micros SystemClock::steady() const {
  return duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
}

TimePoint FakeClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Micros FakeClock::steady() const {
  const std::lock_guard lock(mutex_);
  return now_.time_since_epoch();
}

void FakeClock::advance(Micros by) {
  const std::lock_guard lock(mutex_);
  now_ += by;
}

}  // namespace windlass
