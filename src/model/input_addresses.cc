#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "model/input_types.h"
#include "model/python_text.h"

namespace windlass {

namespace {

constexpr std::string_view kInvalid = "Please specify a valid IPv4 or IPv6 address.";

struct Address {
  int family = AF_INET;
  std::array<std::uint8_t, 16> bytes{};  ///< in network order; IPv4 has the first four

  int bits() const { return family == AF_INET ? 32 : 128; }
  bool bit(int i) const { return (bytes[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) & 1) != 0; }
  /// As netaddr prints it: IPv6 compressed, in lower case.
  std::string text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    return inet_ntop(family, bytes.data(), out.data(), out.size());
  }
};

/// A strict dotted quad, or IPv6 without a zone.
std::optional<Address> parse_address(std::string_view text) {
  // inet_pton reads up to a NUL, and no address is that long.
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return {};
  const std::string copy(text);
  for (const int family : {AF_INET, AF_INET6}) {
    Address address{family};
    if (inet_pton(family, copy.c_str(), address.bytes.data()) == 1) return address;
  }
  return std::nullopt;
}

struct Network {
  Address address;
  int prefix = 0;
  std::string text() const { return fmt::format("{}/{}", address.text(), prefix); }
  /// The same with the bits behind the prefix cleared.
  Network base() const {
    Network out = *this;
    for (int i = prefix; i < address.bits(); ++i) {
      out.address.bytes[static_cast<std::size_t>(i / 8)] &=
          static_cast<std::uint8_t>(~(0x80 >> (i % 8)));
    }
    return out;
  }
};

/// The prefix length that a netmask (255.255.255.0) or a host mask (0.0.0.255) stands for.
std::optional<int> prefix_of_mask(const Address& mask) {
  const bool first = mask.bit(0);
  int run = 0;
  while (run < mask.bits() && mask.bit(run) == first) ++run;
  for (int i = run; i < mask.bits(); ++i) {
    if (mask.bit(i) == first) return std::nullopt;
  }
  // All zeros is the netmask of everything.
  return first || run < mask.bits() ? run : 0;
}

std::optional<int> parse_prefix(std::string_view text, const Address& address) {
  int prefix = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  const bool is_number = problem == std::errc() && end == text.data() + text.size();
  if (is_number && prefix >= 0 && prefix <= address.bits()) return prefix;
  const auto mask = parse_address(text);
  if (!mask || mask->family != address.family) return std::nullopt;
  return prefix_of_mask(*mask);
}

/// An address with its mask; else `problem` says what is wrong with the text.
std::optional<Network> parse_network(const json::value& given, std::string* problem) {
  const std::string whole = python_text(given);
  const std::string_view text = python_strip(whole);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || text.find('/', slash + 1) != std::string_view::npos) {
    *problem = "CIDR mask (e.g. /24) is required.";
    return std::nullopt;
  }
  const auto address = parse_address(text.substr(0, slash));
  const auto prefix =
      address ? parse_prefix(text.substr(slash + 1), *address) : std::optional<int>();
  if (prefix) return Network{*address, *prefix};
  *problem = kInvalid;
  return std::nullopt;
}

}  // namespace

Result<Checked> check_address(const Variable&, const json::value& given, const CheckContext&) {
  const std::string whole = python_text(given);
  const std::string_view text = python_strip(whole);
  if (text.empty()) return Checked{};
  const auto address = parse_address(text);
  if (!address) return refused(fmt::format("Invalid IPv4/IPv6 address format: {}", text));
  return Checked{json::value(address->text()), {}};
}

Result<Checked> check_address_with_mask(const Variable&, const json::value& given,
                                        const CheckContext&) {
  std::string problem;
  const auto network = parse_network(given, &problem);
  if (!network) return refused(std::move(problem));
  return Checked{json::value(network->text()), {}};
}

Result<Checked> check_network(const Variable& variable, const json::value& given,
                              const CheckContext&) {
  Checked checked;
  std::string problem;
  const auto network = parse_network(given, &problem);
  if (!network) return refused(std::move(problem));
  if (const std::string base = network->base().text(); base != network->text()) {
    checked.errors.push_back(
        fmt::format("{} is not a valid prefix. Did you mean {}?", network->text(), base));
  }
  const auto least = variable.limit("min_prefix_length");
  const auto most = variable.limit("max_prefix_length");
  if (least && network->prefix < *least) {
    checked.errors.push_back(
        fmt::format("The prefix length must be greater than or equal to {}.", *least));
  }
  if (most && network->prefix > *most) {
    checked.errors.push_back(
        fmt::format("The prefix length must be less than or equal to {}.", *most));
  }
  checked.value = network->text();
  return checked;
}

void describe_address(const Variable& variable, json::object& schema) {
  schema["type"] = type_or_null(variable, "string");
  schema["anyOf"] = json::array{json::object{{"format", "ipv4"}}, json::object{{"format", "ipv6"}}};
}

void describe_address_with_mask(const Variable& variable, json::object& schema) {
  schema["type"] = type_or_null(variable, "string");
  schema["pattern"] = "^[0-9A-Fa-f.:]+/[0-9A-Fa-f.:]+$";
}

void describe_network(const Variable& variable, json::object& schema) {
  describe_address_with_mask(variable, schema);
  // No keyword of JSON Schema measures a prefix.
  for (const auto& [keyword, option] : {std::pair{"x-min-prefix-length", "min_prefix_length"},
                                        std::pair{"x-max-prefix-length", "max_prefix_length"}}) {
    if (const auto limit = variable.limit(option)) schema[keyword] = *limit;
  }
}

}  // namespace windlass
