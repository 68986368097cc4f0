#include "cli/repository_rules.h"

#include <gtest/gtest.h>

namespace windlass::cli {
namespace {

TEST(RepositoryRules, LoopbackAddressesAreThisMachinesAlone) {
  for (const char* listen :
       {"127.0.0.1:8001", "127.0.0.2:0", "localhost:80", "[::1]:8001", ":8001"})
    EXPECT_TRUE(is_loopback(listen)) << listen;
  for (const char* listen :
       {"0.0.0.0:8001", "[::]:8001", "jobs.example.org:80", "127.example.org:80"})
    EXPECT_FALSE(is_loopback(listen)) << listen;
}

TEST(RepositoryRules, FilesAreReachedBeneathTheFoldersThatAreAllowed) {
  Settings settings;
  settings.home = "/home/ada/.windlass";
  EXPECT_FALSE(repository_rules(settings, false).check_remote_url("file:///srv/x").ok());
  EXPECT_TRUE(repository_rules(settings, true).check_remote_url("file:///srv/x").ok());
  settings.git_file_roots = {"/srv/git"};
  EXPECT_FALSE(repository_rules(settings, true).check_remote_url("file:///srv/x").ok());
  EXPECT_EQ(repository_rules(settings, true).jobs_root, "/home/ada/.windlass/jobs");
}

}  // namespace
}  // namespace windlass::cli
