#include "model/git_repository.h"

#include <gtest/gtest.h>

#include "model/python_names.h"

namespace windlass {
namespace {

TEST(RepositorySlug, IsAPythonIdentifierThatIsNoKeyword) {
  for (const char* slug : {"netjobs", "net_jobs_2", "_x", "Net"}) {
    EXPECT_TRUE(is_repository_slug(slug)) << slug;
  }
  const std::string long_one(101, 'a');
  for (const std::string& slug :
       {std::string(), std::string("2net"), std::string("net-jobs"), std::string("net.jobs"),
        std::string("../x"), std::string("class"), std::string("None"), std::string("net jobs"),
        std::string("n\xc3\xa9t"), std::string("x\0y", 3), long_one}) {
    EXPECT_FALSE(is_repository_slug(slug)) << slug;
  }
}

TEST(RepositorySlug, IsMadeOfAnyName) {
  EXPECT_EQ(repository_slug("g1"), "g1");
  EXPECT_EQ(repository_slug("My Net-Jobs"), "my_net_jobs");
  EXPECT_EQ(repository_slug("  a//b.git "), "a_b_git");
  EXPECT_EQ(repository_slug("2nd floor"), "repo_2nd_floor");
  EXPECT_EQ(repository_slug("\xc3\xbc"), "repo");
  EXPECT_EQ(repository_slug("Class"), "class_repo");
  for (const std::string& name : {std::string(300, 'a'), std::string(), std::string("import"),
                                  std::string(99, 'a') + " b", std::string("\0", 1)}) {
    EXPECT_TRUE(is_repository_slug(repository_slug(name))) << name << repository_slug(name);
  }
}

TEST(PythonNames, KnowWhatComesWithPython) {
  for (const char* name : {"json", "os", "distutils", "tomllib", "_thread", "zoneinfo"}) {
    EXPECT_TRUE(is_python_library_module(name)) << name;
  }
  EXPECT_FALSE(is_python_library_module("netjobs"));
  EXPECT_FALSE(is_python_library_module("json.decoder"));
}

}  // namespace
}  // namespace windlass
