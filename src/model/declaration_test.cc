#include "model/declaration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> mistakes_of(const std::string& members) {
  const json::value declaration = parse_json(R"({"name": "v", )" + members + "}").value();
  return declaration_mistakes(Variable(declaration));
}

TEST(Declaration, ADefaultThatItsRulesRefuseIsAMistake) {
  for (const auto& [members, message] : std::vector<std::pair<std::string, std::string>>{
           {R"("type": "IntegerVar", "has_default": true, "default": 0, "min_value": 1)",
            "greater than or equal to 1"},
           {R"("type": "StringVar", "has_default": true, "default": "abcd", "max_length": 3)",
            "at most 3 characters"},
           {R"("type": "StringVar", "has_default": true, "default": "a", "regex": "^b")", ""},
           {R"("type": "ChoiceVar", "has_default": true, "default": "z", "choices": [["a", "A"]])",
            "z is not one of the available choices"},
           {R"("type": "MultiChoiceVar", "has_default": true, "default": ["a", "z"],
               "choices": [["a", "A"]])",
            "z is not one of the available choices"},
           {R"("type": "IPNetworkVar", "has_default": true, "default": "10.0.0.1/8")", ""}}) {
    EXPECT_THAT(mistakes_of(members),
                ElementsAre(testing::AllOf(HasSubstr("The default of the variable v breaks"),
                                           HasSubstr(message))))
        << members;
  }
}

TEST(Declaration, BoundsThatLetNothingThroughAreOneMistake) {
  EXPECT_THAT(mistakes_of(R"("type": "IntegerVar", "min_value": 5, "max_value": 3,
                             "has_default": true, "default": 4)"),
              ElementsAre("The variable v can take no value: its min_value 5 is greater than its "
                          "max_value 3."));
  EXPECT_THAT(mistakes_of(R"("type": "StringVar", "min_length": 2, "max_length": 1)"),
              ElementsAre(HasSubstr("min_length 2")));
}

TEST(Declaration, WhatIsRightOrCannotBeJudgedIsNone) {
  for (const char* members : {
           R"("type": "IntegerVar", "has_default": true, "default": 3, "min_value": 3,
              "max_value": 3)",
           R"("type": "StringVar", "has_default": true, "default": "", "min_length": 2)",
           R"("type": "StringVar", "required": true)",
           R"("type": "BooleanVar", "has_default": true, "default": false)",
           R"("type": "ObjectVar", "has_default": true, "default": "router-1",
              "model": "extras.job")",
           R"("type": "ChoiceVar", "has_default": true, "default": "z", "choices": [],
              "choices_method": "sites")"}) {
    EXPECT_THAT(mistakes_of(members), IsEmpty()) << members;
  }
}

}  // namespace
}  // namespace windlass
