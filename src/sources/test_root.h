#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "sources/version.h"

namespace windlass::sources {

/// A temporary home with a folder of jobs, for tests.
class TestRoot : public ::testing::Test {
 protected:
  TestRoot() { std::filesystem::create_directories(root_); }

  void write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary | std::ios::trunc) << content;
  }
  void remove(const std::string& path) const { std::filesystem::remove_all(root_ / path); }

  static std::string content(const SourceVersion& version, const std::string& path) {
    return read_file(version.path / path).value_or("(missing)");
  }
  static std::vector<std::string> module_names(const SourceVersion& version) {
    std::vector<std::string> names;
    for (const SourceModule& module : version.modules) names.push_back(module.name);
    return names;
  }
  /// Names in <home>/sources.
  std::set<std::string> stored() const {
    std::set<std::string> names;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(home_ / "sources", missing)) {
      names.insert(entry.path().filename());
    }
    return names;
  }
  static std::uint64_t inode_of(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
  }
  static unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::filesystem::path home_ = folder_.path() / "home";
  std::filesystem::path root_ = folder_.path() / "jobs";
};

}  // namespace windlass::sources
