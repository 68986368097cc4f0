#include "cli/variable_table.h"

#include <gtest/gtest.h>

namespace windlass::cli {
namespace {

TEST(VariableTable, ShowsEveryRule) {
  const json::value variables = parse_json(R"([
    {"name": "label", "type": "StringVar", "label": "Label", "description": "Two letters\n and more", "required": true,
     "has_default": false, "default": null, "widget": null, "visible_if": null, "sensitive": true,
     "min_length": null, "max_length": 6, "regex": "^[A-Z]{2}$"},
    {"name": "metres", "type": "IntegerVar", "label": "", "description": "", "required": false, "has_default": true,
     "default": 2, "widget": null, "visible_if": {"size": ["m", "l"], "spare": [false]}, "min_value": 0, "max_value": 50},
    {"name": "größe", "type": "ChoiceVar", "label": "", "description": "Grö", "required": true, "has_default": true,
     "default": "m", "choices": [["s", "s"], ["Big", [["m", "Medium"]]]], "choices_method": null},
    {"name": "site", "type": "ChoiceVar", "required": true, "has_default": false, "choices": [],
     "choices_method": "site_choices"},
    {"name": "job", "type": "ObjectVar", "required": true, "has_default": false, "model": "extras.job",
     "display_field": "", "query_params": {"enabled": true}, "null_option": null}])")
                                    .value();
  EXPECT_EQ(variable_table(variables),
            "  NAME    TYPE        REQUIRED  DEFAULT  RULES\n"
            "  label   StringVar   yes                sensitive, max_length 6, regex ^[A-Z]{2}$\n"
            "      Label: Two letters\n"
            "      and more\n"
            "  metres  IntegerVar  no        2        min_value 0, max_value 50, shown if size is "
            "m or l and "
            "spare is false\n"
            "  größe   ChoiceVar   yes       \"m\"      one of s, m (Medium)\n"
            "      Grö\n"
            "  site    ChoiceVar   yes                choices computed by site_choices()\n"
            "  job     ObjectVar   yes                model extras.job, query_params "
            "{\"enabled\":true}\n");
}

TEST(VariableTable, CutsLongListsOfChoices) {
  json::array choices;
  for (int i = 0; i < 25; ++i) choices.push_back(json::array{std::to_string(i), std::to_string(i)});
  const json::value variables = json::array{
      json::object{{"name", "n"}, {"type", "ChoiceVar"}, {"choices", std::move(choices)}}};
  const std::string table = variable_table(variables);
  EXPECT_NE(table.find("18, 19, and 5 more\n"), std::string::npos) << table;
}

TEST(VariableTable, IsNothingWithoutVariables) {
  EXPECT_EQ(variable_table(json::array{}), "");
  EXPECT_EQ(variable_table(nullptr), "");
}

}  // namespace
}  // namespace windlass::cli
