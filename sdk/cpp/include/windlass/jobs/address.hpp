/// IP addresses and networks, version 4 and 6.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// An address. Ordered by version and number.
class IPAddress {
 public:
  using Bytes = std::array<std::uint8_t, 16>;
  /// Throws JobError for what is no address.
  static IPAddress parse(std::string_view text);
  /// `bytes`: in network order; of an IPv4 address the first four count.
  IPAddress(int version, const Bytes& bytes) noexcept : version_(version), bytes_(bytes) {}

  /// 4 or 6.
  int version() const noexcept { return version_; }
  /// 32 or 128.
  int bits() const noexcept { return version_ == 4 ? 32 : 128; }
  const Bytes& bytes() const noexcept { return bytes_; }
  std::string to_string() const;
  std::string to_json() const { return to_string(); }
  /// The address `offset` further on. Throws JobError beyond the last or first one.
  IPAddress operator+(std::int64_t offset) const;
  friend auto operator<=>(const IPAddress&, const IPAddress&) = default;

 private:
  int version_;
  Bytes bytes_;
};

/// A network: its first address and the length of its prefix.
class IPNetwork {
 public:
  /// "192.0.2.0/24"; bits behind the prefix are cleared. Throws JobError.
  static IPNetwork parse(std::string_view text);
  IPNetwork(const IPAddress& member, int prefix_length);

  int version() const noexcept { return first_.version(); }
  const IPAddress& address() const noexcept { return first_; }
  /// Bits, from 0 on.
  int prefix_length() const noexcept { return prefix_length_; }
  const IPAddress& first() const noexcept { return first_; }
  IPAddress last() const;
  bool contains(const IPAddress& address) const;
  /// How many addresses it has, at most 2^63 - 1.
  std::uint64_t size() const noexcept;
  /// The address at that place, from 0 on; throws JobError where there is none. Those of an IPv4
  /// network that hosts can have are all but the first and the last.
  IPAddress operator[](std::uint64_t place) const;
  std::string to_string() const;
  std::string to_json() const { return to_string(); }
  friend auto operator<=>(const IPNetwork&, const IPNetwork&) = default;

 private:
  IPAddress first_;
  int prefix_length_;
};

/// An address with its mask, such as 192.0.2.1/24.
class IPInterface {
 public:
  /// Throws JobError.
  static IPInterface parse(std::string_view text);
  IPInterface(const IPAddress& address, int prefix_length);

  const IPAddress& address() const noexcept { return address_; }
  int prefix_length() const noexcept { return network_.prefix_length(); }
  const IPNetwork& network() const noexcept { return network_; }
  std::string to_string() const;
  std::string to_json() const { return to_string(); }
  friend auto operator<=>(const IPInterface&, const IPInterface&) = default;

 private:
  IPAddress address_;
  IPNetwork network_;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
