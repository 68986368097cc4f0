#include "embedded/sdk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"

namespace windlass {

TEST(EmbeddedSdk, UnpacksOnceAndHoldsThePackageAndItsLibraries) {
  const TemporaryFolder home = TemporaryFolder::make().value();
  const auto first = unpack_sdk(home.path() / "sdk");
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_TRUE(std::filesystem::exists(first->python / "windlass" / "__init__.py"));
  EXPECT_TRUE(std::filesystem::exists(first->vendor / "netaddr" / "__init__.py"));
  EXPECT_TRUE(std::filesystem::exists(first->vendor / "yaml" / "__init__.py"));
  EXPECT_TRUE(std::filesystem::exists(first->native / "include" / "windlass" / "jobs.hpp"));
  const auto runner = first->native / "bin" / "windlass-native-runner";
  EXPECT_EQ(::access(runner.c_str(), X_OK), 0);
  const auto written = std::filesystem::last_write_time(first->python / "windlass" / "__init__.py");
  const auto second = unpack_sdk(home.path() / "sdk");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->python, first->python);
  EXPECT_EQ(std::filesystem::last_write_time(second->python / "windlass" / "__init__.py"), written);
}

TEST(EmbeddedSdk, AFolderThatCannotBeMadeIsAnError) {
  const auto result = unpack_sdk("/proc/no-such-place/sdk");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "file.io");
}

}  // namespace windlass
