/// Variables for IP addresses and networks.
#pragma once

#include <windlass/jobs/address.hpp>
#include <windlass/jobs/variable.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

struct AddressOptions {
  Text label = {};
  Text description = {};
  std::optional<Text> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// An IPv4 or IPv6 address without mask; without a value when optional and left out.
class IPAddressVar : public Input<IPAddress> {
 public:
  IPAddressVar(Job* job, Text name, const AddressOptions& options = {});
  ~IPAddressVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

/// An address with its mask, such as 192.0.2.1/24.
class IPAddressWithMaskVar : public Input<IPInterface> {
 public:
  IPAddressWithMaskVar(Job* job, Text name, const AddressOptions& options = {});
  ~IPAddressWithMaskVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

struct NetworkOptions {
  Text label = {};
  Text description = {};
  /// Bounds in bits, both included.
  std::optional<int> min_prefix_length = {};
  std::optional<int> max_prefix_length = {};
  std::optional<Text> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// A network, such as 192.0.2.0/24.
class IPNetworkVar : public Input<IPNetwork> {
 public:
  IPNetworkVar(Job* job, Text name, const NetworkOptions& options = {});
  ~IPNetworkVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
