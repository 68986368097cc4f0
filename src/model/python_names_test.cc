#include "model/python_names.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

TEST(PythonNames, KnowWhatComesWithPython) {
  for (const char* name : {"abc", "json", "os", "distutils", "tomllib", "zoneinfo"}) {
    EXPECT_TRUE(is_python_library_module(name)) << name;
  }
  EXPECT_FALSE(is_python_library_module("netjobs"));
  for (const char* name : {"json.decoder", "", " ", "abc aifc", "js"})
    EXPECT_FALSE(is_python_library_module(name)) << name;
}

}  // namespace
}  // namespace windlass
