#include "server/http/response_head.h"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

namespace windlass::http {

namespace {

/// A header the server sends unless the response sets it.
struct DefaultHeader {
  std::string_view name;
  std::string_view line;
};

constexpr DefaultHeader kDefaults[] = {
    {"X-Content-Type-Options", "X-Content-Type-Options: nosniff\r\n"},
    {"Referrer-Policy", "Referrer-Policy: same-origin\r\n"},
    {"Cache-Control", "Cache-Control: no-store\r\n"},
};

/// Headers that follow from the framing; a response cannot set them.
bool is_framing(std::string_view name) {
  for (const std::string_view own :
       {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Server"}) {
    if (same_header(name, own)) return true;
  }
  return false;
}

/// A line break in a value would let whoever chose the value add headers.
void append_value(std::string_view value, std::string* out) {
  for (const char c : value) out->push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
}

}  // namespace

void append_head(const Response& response, const Framing& framing, std::string_view date,
                 std::string* out) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  fmt::format_to(std::back_inserter(*out), "HTTP/1.1 {} {}\r\nDate: {}\r\nServer: windlass\r\n",
                 response.status, std::string_view(reason.data(), reason.size()), date);
  bool given[std::size(kDefaults)] = {};
  for (const auto& [name, value] : response.headers) {
    if (is_framing(name)) continue;
    for (std::size_t i = 0; i < std::size(kDefaults); ++i) {
      given[i] = given[i] || same_header(name, kDefaults[i].name);
    }
    append_value(name, out);
    out->append(": ");
    append_value(value, out);
    out->append("\r\n");
  }
  for (std::size_t i = 0; i < std::size(kDefaults); ++i) {
    if (!given[i]) out->append(kDefaults[i].line);
  }
  if (framing.content_length) {
    fmt::format_to(std::back_inserter(*out), "Content-Length: {}\r\n", *framing.content_length);
  }
  if (framing.chunked) out->append("Transfer-Encoding: chunked\r\n");
  if (!framing.keep_alive) {
    out->append("Connection: close\r\n");
  } else if (!framing.http11) {
    out->append("Connection: keep-alive\r\n");
  }
  out->append("\r\n");
}

std::string http_date(TimePoint time) {
  using namespace std::chrono;
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace windlass::http
