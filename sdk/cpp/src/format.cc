#include <charconv>
#include <sstream>
#include <windlass/jobs/format.hpp>

#include "format_spec.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace detail {
namespace {

/// Appends an argument as `{}` does: the common case, without a specification.
void append_plain(std::string& out, const Argument& argument) {
  if (argument.kind() == Argument::Kind::text) {
    out += argument.text();
  } else if (argument.kind() == Argument::Kind::integer) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, argument.integer()).ptr;
    out.append(digits, end);
  } else {
    internal::FormatSpec().append(out, argument);
  }
}

void append_beside(std::string& out, std::string_view format, std::span<const Argument> arguments) {
  out += format;
  for (const Argument& argument : arguments) {
    out += ' ';
    try {
      append_plain(out, argument);
    } catch (...) {
      out += "<unprintable>";
    }
  }
}

/// One replacement field, the text between braces; false where it does not fit the arguments.
bool append_field(std::string& out, std::string_view field, std::span<const Argument> arguments,
                  std::size_t& next) {
  std::size_t index = next;
  const std::size_t colon = field.find(':');
  const std::string_view number = field.substr(0, colon);
  if (number.empty()) {
    ++next;
  } else {
    const auto result = std::from_chars(number.data(), number.data() + number.size(), index);
    if (result.ec != std::errc() || result.ptr != number.data() + number.size()) return false;
  }
  if (index >= arguments.size()) return false;
  if (colon == std::string_view::npos) {
    append_plain(out, arguments[index]);
    return true;
  }
  const auto spec = internal::FormatSpec::parse(field.substr(colon + 1));
  return spec && spec->append(out, arguments[index]);
}

bool append_all(std::string& out, std::string_view format, std::span<const Argument> arguments) {
  std::size_t next = 0;
  std::size_t from = 0;
  while (true) {
    const std::size_t at = format.find_first_of("{}", from);
    out.append(format, from, at - from);
    if (at == std::string_view::npos) return true;
    const bool doubled = at + 1 < format.size() && format[at + 1] == format[at];
    if (doubled) {
      out += format[at];
      from = at + 2;
      continue;
    }
    const std::size_t end = format.find('}', at);
    if (format[at] == '}' || end == std::string_view::npos) return false;
    if (!append_field(out, format.substr(at + 1, end - at - 1), arguments, next)) return false;
    from = end + 1;
  }
}

}  // namespace

std::string Argument::shown() const {
  if (kind_ == Kind::json) {
    const Json value = made_.make(made_.object);
    return value.is_string() ? value.as_string() : value.dump();
  }
  std::ostringstream out;
  streamed_.print(out, streamed_.object);
  return std::move(out).str();
}

void append_formatted(std::string& out, std::string_view format,
                      std::span<const Argument> arguments) {
  const std::size_t before = out.size();
  bool fits = false;
  try {
    fits = append_all(out, format, arguments);
  } catch (...) {
    fits = false;  // what the author's operator<< threw: no reason to lose the text
  }
  if (fits) return;
  out.resize(before);
  append_beside(out, format, arguments);
}

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs
