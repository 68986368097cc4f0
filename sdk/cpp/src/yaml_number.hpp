/// Numbers of YAML 1.1, by the rules of PyYAML and of Python's int() and float().
#pragma once

#include <string>
#include <string_view>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {

/// ASCII letters only.
std::string lower_case(std::string_view text);

/// Binary, octal, hexadecimal, decimal, or to the base of 60. Throws BadYamlScalar for what is none
/// and for more than 64 bits.
Json yaml_integer(std::string_view text);

/// Decimal, or to the base of 60; may be infinite or nan. Throws BadYamlScalar.
double yaml_float(std::string_view text);

}  // namespace windlass::jobs::internal
