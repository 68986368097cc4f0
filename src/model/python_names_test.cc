#include "model/python_names.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

TEST(PythonNames, KnowWhatComesWithPython) {
  for (const char* name : {"json", "os", "distutils", "tomllib", "zoneinfo"}) {
    EXPECT_TRUE(is_python_library_module(name)) << name;
  }
  EXPECT_FALSE(is_python_library_module("netjobs"));
  EXPECT_FALSE(is_python_library_module("json.decoder"));
}

}  // namespace
}  // namespace windlass
