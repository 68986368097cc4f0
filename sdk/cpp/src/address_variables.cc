#include <windlass/jobs/address_variables.hpp>

#include "declaration.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

template <class Value>
Json text_of(const std::optional<Value>& value) {
  return value ? Json(value->to_string()) : Json();
}

}  // namespace

IPAddressVar::~IPAddressVar() = default;
IPAddressVar::IPAddressVar(Job* job, Text name, const AddressOptions& options) : Input(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "IPAddressVar", options, detail::json_of(options.default_value));
}
Json IPAddressVar::to_json() const {
  return text_of(value_);
}
void IPAddressVar::arrive(const Json& value, detail::Arrival&) {
  if (!value.is_null()) value_ = IPAddress::parse(value.as_string());
}

IPAddressWithMaskVar::~IPAddressWithMaskVar() = default;
IPAddressWithMaskVar::IPAddressWithMaskVar(Job* job, Text name, const AddressOptions& options)
    : Input(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "IPAddressWithMaskVar", options, detail::json_of(options.default_value));
}
Json IPAddressWithMaskVar::to_json() const {
  return text_of(value_);
}
void IPAddressWithMaskVar::arrive(const Json& value, detail::Arrival&) {
  if (!value.is_null()) value_ = IPInterface::parse(value.as_string());
}

IPNetworkVar::~IPNetworkVar() = default;
IPNetworkVar::IPNetworkVar(Job* job, Text name, const NetworkOptions& options) : Input(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "IPNetworkVar", options, detail::json_of(options.default_value),
                {{"min_prefix_length", options.min_prefix_length},
                 {"max_prefix_length", options.max_prefix_length}});
}
Json IPNetworkVar::to_json() const {
  return text_of(value_);
}
void IPNetworkVar::arrive(const Json& value, detail::Arrival&) {
  if (!value.is_null()) value_ = IPNetwork::parse(value.as_string());
}

}  // namespace v1
}  // namespace windlass::jobs
