#include "runner/version.h"

#include <gtest/gtest.h>

namespace windlass::runner {
namespace {

TEST(Version, IsDescribedAsTheProtocolHasIt) {
  Version version;
  version.spec = {"v1", {{"jobs_root", "/versions/v1", "/jobs", {"good", "hangs"}}}};
  version.skipped["hangs"] = {"ImportTimeout", "The import took too long."};
  EXPECT_EQ(json::value(describe(version)), parse_json(R"({"id": "v1", "sources": [
    {"kind": "jobs_root", "name": "jobs_root", "path": "/versions/v1", "root": "/jobs", "modules": ["good"],
     "skip": {"hangs": "The import took too long."}}]})")
                                                .value());
}

TEST(Version, DescribesAnInstalledPackageWithoutFolders) {
  Version version;
  version.spec = {"v1", {{"app", {}, {}, {"my_app"}, "app:my_app", "1.0 abc"}}};
  EXPECT_EQ(json::value(describe(version)), parse_json(R"({"id": "v1", "sources": [
    {"kind": "app", "name": "app:my_app", "modules": ["my_app"], "skip": {}}]})")
                                                .value());
}

TEST(Version, KnowsTheVersionOfAClassBySource) {
  Version version;
  version.spec = {"both",
                  {{"git", "/g/c1", "/g/current", {"net.jobs"}, "git:net", "c1"},
                   {"jobs_root", "/v/h1", "/jobs", {"one"}, "jobs_root", "h1"}}};
  version.skipped["net.jobs"] = {"InterpreterExited", "It ended."};
  take_manifest(version, parse_json(R"({"type": "manifest", "threads": 1, "modules": [
    {"name": "one", "source": "jobs_root", "error": null, "classes": [{"class_path": "one.A"}]},
    {"name": "two", "source": "git:net", "error": null, "classes": [{"class_path": "net.jobs.B"}]}
  ]})")
                             .value()
                             .get_object());
  EXPECT_EQ(source_version(version, "one.A"), "h1");
  EXPECT_EQ(source_version(version, "net.jobs.B"), "c1");
  EXPECT_EQ(source_version(version, "one.Unknown"), "both");
  const json::value& left_out = version.manifest.frame.at("modules").at(2);
  EXPECT_EQ(get_string(left_out, "source"), "git:net");
  EXPECT_EQ(get_string(left_out, "file_path"), "/g/current/net/jobs.py");
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
