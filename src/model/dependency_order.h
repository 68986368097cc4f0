#pragma once

#include <cstddef>
#include <vector>

namespace windlass {

/// What has to be known before one variable's value can be told, as positions in the form.
struct Dependencies {
  std::vector<std::size_t> conditions;  ///< variables that its visible_if names
  std::vector<std::size_t> references;  ///< variables that its query_params name
};

struct DependencyOrder {
  std::vector<std::size_t> order;     ///< everything that can be told, each after what it needs
  std::vector<std::size_t> circular;  ///< what its conditions lead back to, and what needs that
};

/// Orders variables so that neither the form's order nor that of the conditions matters.
/// Conditions are always kept. References give way where they go round in a circle (two fields may
/// narrow one another): the first in the form is told without. Pure; as good as linear.
DependencyOrder order_dependencies(const std::vector<Dependencies>& variables);

}  // namespace windlass
