#include "model/records.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "model/git_repository.h"
#include "model/job.h"
#include "model/job_result.h"

namespace windlass {
namespace {

template <class T>
class FieldLists : public testing::Test {};
using Kinds =
    testing::Types<Job, JobResult, JobQueue, Worker, User, Token, FileProxy, GitRepository>;
TYPED_TEST_SUITE(FieldLists, Kinds);

/// Whether the C++ type behind a member can hold what the kind says.
bool holds(FieldKind kind, std::size_t alternative, bool optional_id) {
  using enum FieldKind;
  // The order of Member: bool, int64, double, string, Uuid, TimePoint, status, json, then the
  // optional ones.
  switch (kind) {
    case kBool:
      return alternative == 0;
    case kInteger:
      return alternative == 1;
    case kNumber:
      return alternative == 2;
    case kText:
      return alternative == 3 || alternative == 10;
    case kId:
      return alternative == 4;
    case kReference:
      return alternative == 4 || optional_id;
    case kTime:
      return alternative == 5 || alternative == 9;
    case kStatus:
      return alternative == 6;
    case kJson:
      return alternative == 7;
  }
  return false;
}

TYPED_TEST(FieldLists, AreConsistent) {
  std::set<std::string_view> names;
  for (const Field<TypeParam>& field : fields_of<TypeParam>()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name << " twice";
    EXPECT_TRUE(holds(field.kind, field.member.index(), field.member.index() == 8)) << field.name;
    EXPECT_EQ(field.refers_to.empty(), field.kind != FieldKind::kReference) << field.name;
    EXPECT_FALSE(field.has(kHidden) && field.has(kWritable)) << field.name;
    EXPECT_EQ(find_field<TypeParam>(field.name), &field);
  }
  EXPECT_TRUE(names.contains("id"));
  EXPECT_EQ(find_field<TypeParam>("no_such_field"), nullptr);
}

TYPED_TEST(FieldLists, NameTheirResource) {
  const ResourceInfo& info = resource_of<TypeParam>();
  EXPECT_NE(info.object_type.find('.'), std::string_view::npos);
  EXPECT_NE(info.path.find('/'), std::string_view::npos);
  EXPECT_FALSE(info.label.empty());
  EXPECT_FALSE(info.table.empty());
}

TEST(Secrets, AreHiddenFields) {
  EXPECT_TRUE(find_field<User>("password")->has(kHidden));
  EXPECT_TRUE(find_field<Token>("key_hash")->has(kHidden));
}

}  // namespace
}  // namespace windlass
