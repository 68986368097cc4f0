#include <arpa/inet.h>

#include <charconv>
#include <windlass/jobs/address.hpp>
#include <windlass/jobs/errors.hpp>

namespace windlass::jobs {
inline namespace v1 {
namespace {

struct WithPrefix {
  IPAddress address;
  int prefix_length;
};

WithPrefix parse_with_prefix(std::string_view text, const char* what) {
  const std::size_t slash = text.find('/');
  const IPAddress address = IPAddress::parse(text.substr(0, slash));
  if (slash == std::string_view::npos) return {address, address.bits()};
  const std::string_view digits = text.substr(slash + 1);
  int length = -1;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (result.ec != std::errc() || result.ptr != digits.data() + digits.size() || length < 0 ||
      length > address.bits()) {
    throw JobError(std::string(text) + " is no " + what + ": the length of its prefix is wrong");
  }
  return {address, length};
}

/// The byte of a mask of that length.
unsigned mask_byte(int prefix_length, int byte) {
  const int bits = prefix_length - byte * 8;
  if (bits <= 0) return 0;
  return bits >= 8 ? 0xFFU : (0xFFU << (8 - bits)) & 0xFFU;
}

/// The member with all bits behind the prefix cleared, or set.
IPAddress edge(const IPAddress& member, int prefix_length, bool last) {
  IPAddress::Bytes bytes = member.bytes();
  for (int byte = 0; byte < member.bits() / 8; ++byte) {
    const unsigned mask = mask_byte(prefix_length, byte);
    unsigned value = bytes[static_cast<std::size_t>(byte)] & mask;
    if (last) value |= ~mask & 0xFFU;
    bytes[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(value);
  }
  return IPAddress(member.version(), bytes);
}

}  // namespace

IPAddress IPAddress::parse(std::string_view text) {
  const std::string copy(text);
  Bytes bytes{};
  if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return IPAddress(4, bytes);
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return IPAddress(6, bytes);
  throw JobError("\"" + copy + "\" is no IP address");
}

std::string IPAddress::to_string() const {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(version_ == 4 ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

IPAddress IPAddress::operator+(std::int64_t offset) const {
  Bytes bytes = bytes_;
  std::int64_t carry = offset;
  for (int byte = bits() / 8 - 1; byte >= 0 && carry != 0; --byte) {
    const std::int64_t sum = bytes[static_cast<std::size_t>(byte)] + (carry & 0xFF);
    bytes[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(sum & 0xFF);
    carry = (carry >> 8) + (sum >> 8);
  }
  if (carry != 0) {
    throw JobError("There is no address " + std::to_string(offset) + " from " + to_string());
  }
  return IPAddress(version_, bytes);
}

IPNetwork::IPNetwork(const IPAddress& member, int prefix_length)
    : first_(edge(member, prefix_length, false)), prefix_length_(prefix_length) {
  if (prefix_length < 0 || prefix_length > member.bits()) {
    throw JobError("A network of " + member.to_string() + " cannot have a prefix of " +
                   std::to_string(prefix_length) + " bits");
  }
}

IPNetwork IPNetwork::parse(std::string_view text) {
  const WithPrefix parsed = parse_with_prefix(text, "network");
  return IPNetwork(parsed.address, parsed.prefix_length);
}

IPAddress IPNetwork::last() const {
  return edge(first_, prefix_length_, true);
}

bool IPNetwork::contains(const IPAddress& address) const {
  return address.version() == version() && edge(address, prefix_length_, false) == first_;
}

std::uint64_t IPNetwork::size() const noexcept {
  const int free = first_.bits() - prefix_length_;
  return free >= 63 ? static_cast<std::uint64_t>(INT64_MAX) : std::uint64_t{1} << free;
}

IPAddress IPNetwork::operator[](std::uint64_t place) const {
  if (place >= size()) {
    throw JobError(to_string() + " has no address at " + std::to_string(place));
  }
  return first_ + static_cast<std::int64_t>(place);
}

std::string IPNetwork::to_string() const {
  return first_.to_string() + "/" + std::to_string(prefix_length_);
}

IPInterface::IPInterface(const IPAddress& address, int prefix_length)
    : address_(address), network_(address, prefix_length) {}

IPInterface IPInterface::parse(std::string_view text) {
  const WithPrefix parsed = parse_with_prefix(text, "address with a mask");
  return IPInterface(parsed.address, parsed.prefix_length);
}

std::string IPInterface::to_string() const {
  return address_.to_string() + "/" + std::to_string(prefix_length());
}

}  // namespace v1
}  // namespace windlass::jobs
