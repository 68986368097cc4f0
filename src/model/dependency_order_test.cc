#include "model/dependency_order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace windlass {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DependencyOrder, IsTheFormsOwnWithoutDependencies) {
  const DependencyOrder ordered = order_dependencies({{}, {}, {}});
  EXPECT_THAT(ordered.order, ElementsAre(0, 1, 2));
  EXPECT_THAT(ordered.circular, IsEmpty());
  EXPECT_THAT(order_dependencies({}).order, IsEmpty());
}

TEST(DependencyOrder, TellsFirstWhatOthersNeed) {
  EXPECT_THAT(order_dependencies({{{1}, {}}, {{}, {2}}, {}}).order, ElementsAre(2, 1, 0));
}

TEST(DependencyOrder, NamesWhatIsOnOrBehindACircleOfConditions) {
  const DependencyOrder ordered = order_dependencies({{{1}, {}}, {{2}, {}}, {{1}, {}}, {}});
  EXPECT_THAT(ordered.order, ElementsAre(3));
  EXPECT_THAT(ordered.circular, ElementsAre(0, 1, 2));
  EXPECT_THAT(order_dependencies({{{0}, {}}}).circular, ElementsAre(0));
}

TEST(DependencyOrder, LetsReferencesGiveWayInFormOrder) {
  const DependencyOrder ordered = order_dependencies({{{}, {1}}, {{}, {0}}, {{}, {1}}});
  EXPECT_THAT(ordered.order, ElementsAre(0, 1, 2));
  EXPECT_THAT(ordered.circular, IsEmpty());
}

TEST(DependencyOrder, KeepsTheConditionsOfAnyForm) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::size_t size = 1 + random() % 8;
    std::vector<Dependencies> variables(size);
    for (Dependencies& needs : variables) {
      if (random() % 2 == 0) needs.conditions.push_back(random() % size);
      if (random() % 3 == 0) needs.references.push_back(random() % size);
    }
    const DependencyOrder ordered = order_dependencies(variables);
    ASSERT_EQ(ordered.order.size() + ordered.circular.size(), size);
    const auto place = [&](std::size_t i) {
      return std::ranges::find(ordered.order, i) - ordered.order.begin();
    };
    for (const std::size_t i : ordered.order) {
      for (const std::size_t other : variables[i].conditions) EXPECT_LT(place(other), place(i));
    }
  }
}

TEST(DependencyOrder, TakesAChainOfAnyLength) {
  constexpr std::size_t kMany = 200'000;
  std::vector<Dependencies> variables(kMany);
  for (std::size_t i = 0; i + 1 < kMany; ++i) variables[i].conditions.push_back(i + 1);
  const DependencyOrder ordered = order_dependencies(variables);
  ASSERT_EQ(ordered.order.size(), kMany);
  EXPECT_EQ(ordered.order.front(), kMany - 1);
}

}  // namespace
}  // namespace windlass
