#include "server/rest/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/files.h"
#include "base/text.h"

namespace windlass::rest {
namespace {

/// Code → HTTP status, from the tables of spec/errors.md: "| `code` | 404 | meaning |"; 0 where no
/// answer carries the code.
std::map<std::string, int> documented() {
  std::map<std::string, int> codes;
  const std::string page = read_file(std::string(SPEC_FOLDER) + "/errors.md").value();
  for (const std::string_view line : split(page, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() < 4) continue;
    const std::string_view code = strip(cells[1]);
    if (code.size() < 3 || code.front() != '`') continue;
    codes[std::string(code.substr(1, code.size() - 2))] =
        std::atoi(std::string(strip(cells[2])).c_str());
  }
  return codes;
}

TEST(Errors, TableAndSpecificationAgree) {
  const auto page = documented();
  ASSERT_FALSE(page.empty());
  for (const ErrorAnswer& answer : error_answers()) {
    const std::string code(answer.code);
    ASSERT_TRUE(page.contains(code)) << code << " is not in spec/errors.md";
    EXPECT_EQ(page.at(code), answer.status) << code;
  }
  for (const auto& [code, status] : page) {
    if (status == 0) continue;
    EXPECT_EQ(answer_to(code).status, status) << code;
  }
}

TEST(Errors, ShapesAreTheOriginals) {
  const Error inputs{
      "job.inputs", "The inputs were refused.", "", {{"a", {"One.", "Two."}}, {"b", {"Three."}}}};
  EXPECT_EQ(error_response(inputs).body, R"({"errors":{"a":["One.","Two."],"b":["Three."]}})");
  EXPECT_EQ(error_response({"job.data_not_object", "Job data needs to be a dict"}).body,
            R"({"errors":["Job data needs to be a dict"]})");
  EXPECT_EQ(error_response({"job.queue_not_allowed", "\"x\" is not a valid choice."}).body,
            R"({"task_queue":["\"x\" is not a valid choice."]})");
  EXPECT_EQ(error_response({"rest.schedule_unsupported", "No."}).body,
            R"({"schedule":{"interval":["No."]}})");
  EXPECT_EQ(error_response(invalid_field("limit", "Bad.")).body, R"({"limit":["Bad."]})");
  const auto detail = error_response(no_such("job_result.not_found", "Job Result"));
  EXPECT_EQ(detail.status, 404);
  EXPECT_EQ(detail.body,
            R"({"detail":"No JobResult matches the given query.","code":"job_result.not_found"})");
}

TEST(Errors, UnknownCodesAreServerErrorsAndHideTheirDetail) {
  const auto answer = error_response({"what.ever", "Something broke.", "a password"});
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, ::testing::Not(::testing::HasSubstr("password")));
}

TEST(Errors, TextsOfClientsCannotBreakTheJson) {
  const auto answer = error_response(invalid_field("a\xff", "\"\xfe\" is bad"));
  EXPECT_TRUE(is_valid_utf8(answer.body));
}

}  // namespace
}  // namespace windlass::rest
