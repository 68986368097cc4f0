#include "model/dependency_order.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace windlass {

namespace {

class Ordering {
 public:
  explicit Ordering(const std::vector<Dependencies>& variables)
      : nodes_(variables.size()), told_(variables.size()) {
    for (std::size_t i = 0; i < variables.size(); ++i) {
      nodes_[i].conditions = variables[i].conditions.size();
      nodes_[i].references = variables[i].references.size();
      for (const std::size_t other : variables[i].conditions) nodes_[other].shows.push_back(i);
      for (const std::size_t other : variables[i].references) nodes_[other].narrows.push_back(i);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) consider(i);
  }

  DependencyOrder take() {
    while (!ready_.empty() || !held_up_.empty()) {
      std::set<std::size_t>& from = ready_.empty() ? held_up_ : ready_;
      tell(*from.begin());
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!told_[i]) out_.circular.push_back(i);
    }
    return std::move(out_);
  }

 private:
  struct Node {
    std::size_t conditions = 0;  ///< not told yet
    std::size_t references = 0;
    std::vector<std::size_t> shows;
    std::vector<std::size_t> narrows;
  };

  void consider(std::size_t i) {
    if (told_[i] || nodes_[i].conditions > 0) return;
    if (nodes_[i].references > 0) {
      held_up_.insert(i);
    } else {
      held_up_.erase(i);
      ready_.insert(i);
    }
  }

  void tell(std::size_t i) {
    ready_.erase(i);
    held_up_.erase(i);
    told_[i] = true;
    out_.order.push_back(i);
    for (const std::size_t other : nodes_[i].shows) {
      --nodes_[other].conditions;
      consider(other);
    }
    for (const std::size_t other : nodes_[i].narrows) {
      --nodes_[other].references;
      consider(other);
    }
  }

  std::vector<Node> nodes_;
  std::vector<bool> told_;
  std::set<std::size_t> ready_;    ///< everything it needs is told
  std::set<std::size_t> held_up_;  ///< only references are missing
  DependencyOrder out_;
};

}  // namespace

DependencyOrder order_dependencies(const std::vector<Dependencies>& variables) {
  const auto is_free = [](const Dependencies& needs) {
    return needs.conditions.empty() && needs.references.empty();
  };
  if (std::ranges::all_of(variables, is_free)) {  // most forms
    DependencyOrder as_declared;
    as_declared.order.resize(variables.size());
    std::iota(as_declared.order.begin(), as_declared.order.end(), std::size_t{0});
    return as_declared;
  }
  return Ordering(variables).take();
}

}  // namespace windlass
