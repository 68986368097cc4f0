#include "runner/version.h"

#include <gtest/gtest.h>

namespace windlass::runner {
namespace {

TEST(Version, IsDescribedAsTheProtocolHasIt) {
  Version version;
  version.spec = {"v1", {{"jobs_root", "/versions/v1", "/jobs", {"good", "hangs"}}}};
  version.skipped["hangs"] = {"ImportTimeout", "The import took too long."};
  EXPECT_EQ(json::value(describe(version)), parse_json(R"({"id": "v1", "sources": [
    {"kind": "jobs_root", "path": "/versions/v1", "root": "/jobs", "modules": ["good"],
     "skip": {"hangs": "The import took too long."}}]})")
                                                .value());
}

TEST(Version, AsksForACheckOnlyWhenOneIsWanted) {
  Version version;
  version.spec.id = "v1";
  EXPECT_FALSE(describe(version).contains("check"));
  version.spec.check = true;
  EXPECT_EQ(describe(version).at("check"), json::value(true));
}

}  // namespace
}  // namespace windlass::runner
