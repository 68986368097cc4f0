#include <gtest/gtest.h>

#include <stdexcept>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

namespace windlass::jobs {
namespace {

enum class Colour { red = 3, blue = 5 };

class TakesAll : public Job {
 public:
  StringVar text{this, "text", {.min_length = 2, .max_length = 4, .regex = "^[a-z]+$"}};
  IntegerVar count{this, "count", {.min_value = 1, .max_value = 9, .required = false}};
  BooleanVar flag{this, "flag"};
  ChoiceVar choice{
      this, "choice", {.choices = {{"a", "A"}, {"G", {{"b", "B"}}}}, .required = false}};
  MultiChoiceVar days{
      this, "days", {.choices = {{"mo", "Monday"}, {"tu", "Tuesday"}}, .default_value = {{"mo"}}}};
  EnumVar<Colour> colour{
      this,
      "colour",
      {.choices = {{Colour::red, "r", "Red"}, {Colour::blue, "b", "Blue"}}, .required = false}};
  MultiEnumVar<Colour> colours{
      this,
      "colours",
      {.choices = {{Colour::red, "r", "Red"}, {Colour::blue, "b", "Blue"}}, .required = false}};
  FileVar file{this, "file", {.required = false}};
  JSONVar settings{this, "settings", {.required = false}};
  IPAddressVar address{this, "address", {.required = false}};
  IPAddressWithMaskVar interface {
    this, "interface", { .required = false }
  };
  IPNetworkVar network{this, "network", {.min_prefix_length = 8, .required = false}};
  ObjectVar record{this, "record", {.model = "extras.job", .required = false}};
  MultiObjectVar records{this, "records", {.model = "extras.jobresult", .required = false}};
  DryRunVar dryrun{this};
  TextVar shown{this, "shown", {.visible_if = {{"flag", true}}}};

  Json run() override { return inputs(); }
};

TEST(Inputs, WhatIsLeftOutHasItsDefaultOrIsEmpty) {
  const auto run = testing::run_job<TakesAll>({{"text", "abc"}});
  EXPECT_EQ(run.result.dump(),
            R"({"text":"abc","count":null,"flag":false,"choice":"","days":["mo"],"colour":"",)"
            R"("colours":[],"file":null,"settings":null,"address":null,"interface":null,)"
            R"("network":null,"record":null,"records":[],"dryrun":false,"shown":""})")
      << run.traceback;
}

TEST(Inputs, ComeBackAsTheyWereGiven) {
  const Json given{{"text", "abc"},
                   {"count", 9},
                   {"flag", true},
                   {"choice", "b"},
                   {"days", {"tu", "mo"}},
                   {"colour", "b"},
                   {"colours", {"b", "r"}},
                   {"settings", {{"a", nullptr}}},
                   {"address", "192.0.2.1"},
                   {"interface", "192.0.2.1/24"},
                   {"network", "2001:db8::/32"},
                   {"record", "id-1"},
                   {"records", Json::array({"id-2"})},
                   {"dryrun", true},
                   {"shown", "x"},
                   {"file", nullptr}};
  const auto run = testing::run_job<TakesAll>(given, {.files = {{"file", {"a.csv", "1\r\n2"}}}});
  Json expected = given;
  expected["file"] = "a.csv";
  EXPECT_EQ(run.result, expected) << run.traceback;
}

TEST(Inputs, RefusesWhatTheServerWould) {
  try {
    testing::run_job<TakesAll>({{"text", "A"},
                                {"count", 10},
                                {"flag", "yes"},
                                {"choice", "G"},
                                {"days", Json::array()},
                                {"network", "10.0.0.0/7"},
                                {"address", "300.1.1.1"},
                                {"gone", 1}});
    FAIL();
  } catch (const std::invalid_argument& problem) {
    EXPECT_STREQ(problem.what(),
                 "TakesAll refuses these inputs:\n"
                 "gone: there is no such variable\n"
                 "text: its length of 1 is less than 2\n"
                 "count: 10 is more than 9\n"
                 "flag: wants true or false, got \"yes\"\n"
                 "choice: \"G\" is not one of the available choices\n"
                 "days: it is required\n"
                 "address: \"300.1.1.1\" is no IP address\n"
                 "network: its prefix of 7 bits is less than 8");
  }
  EXPECT_THROW(testing::run_job<TakesAll>({{"text", "ABC"}}), std::invalid_argument);
  EXPECT_THROW(testing::run_job<TakesAll>(), std::invalid_argument) << "text is required";
  EXPECT_THROW(testing::run_job<TakesAll>({{"text", "abc"}, {"flag", true}}), std::invalid_argument)
      << "shown is required when it shows";
}

class Reads : public Job {
 public:
  FileVar file{this, "file"};
  IntegerVar count{this, "count", {.required = false}};
  EnumVar<Colour> colour{this, "colour", {.choices = {{Colour::red, "r", "Red"}}}};
  Json run() override {
    std::string first;
    file->read_line(first);
    const std::string next = file->read(2);
    const std::vector<std::string> rest = file->lines();
    file->rewind();
    return {{"first", first},
            {"next", next},
            {"rest", rest},
            {"size", file->size()},
            {"again", file->read().size()},
            {"red", *colour == Colour::red},
            {"or", count.value_or(4)},
            {"count", *count}};
  }
};

TEST(Inputs, AnEmptyOneThatIsReadSaysWhatToDo) {
  const auto run =
      testing::run_job<Reads>({{"colour", "r"}}, {.files = {{"file", {"a", "one\r\ntwo\nthree"}}}});
  EXPECT_EQ(run.result["exc_type"], "EmptyInput");
  EXPECT_EQ(run.result["exc_message"],
            "The input count was left out: ask has_value() before reading it, or use value_or()");
}

TEST(Inputs, FilesAreReadByLinesAndBytes) {
  const auto run = testing::run_job<Reads>({{"colour", "r"}, {"count", 1}},
                                           {.files = {{"file", {"a", "one\r\ntwo\n\nthree"}}}});
  EXPECT_EQ(run.result.dump(),
            R"({"first":"one","next":"tw","rest":["o","","three"],"size":15,"again":15,"red":true,)"
            R"("or":1,"count":1})")
      << run.traceback;
}

class Chooses : public Job {
 public:
  static Choices site_choices(const Json& form) {
    if (form["region"].is_null()) throw std::runtime_error("no region");
    return {{"", "None"}, {form["region"].as_string(), {{1, "Paris"}}}};
  }
  ChoiceVar site{this, "site", {.choices_method = site_choices}};
  Json run() override { return *site; }
};

TEST(Inputs, ChoicesAreComputed) {
  EXPECT_EQ(testing::declaration<Chooses>()["variables"][0]["choices_method"], "site_choices");
  EXPECT_EQ(testing::choices<Chooses>("site", {{"region", "emea"}}).dump(),
            R"([["","None"],["emea",[["1","Paris"]]]])");
  EXPECT_THROW(testing::choices<Chooses>("site"), std::invalid_argument);
  EXPECT_EQ(testing::run_job<Chooses>({{"site", "anything"}}).result, "anything");
}

TEST(Address, CountsAndCompares) {
  EXPECT_EQ((IPAddress::parse("192.0.2.255") + 1).to_string(), "192.0.3.0");
  EXPECT_EQ((IPAddress::parse("2001:db8::") + -1).to_string(),
            "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_THROW(IPAddress::parse("255.255.255.255") + 1, JobError);
  EXPECT_THROW(IPAddress::parse("0.0.0.0") + -1, JobError);
  EXPECT_LT(IPAddress::parse("10.0.0.2"), IPAddress::parse("10.0.0.10"));
  const IPNetwork network = IPNetwork::parse("192.0.2.77/26");
  EXPECT_EQ(network.to_string(), "192.0.2.64/26");
  EXPECT_EQ(network.last().to_string(), "192.0.2.127");
  EXPECT_EQ(network.size(), 64U);
  EXPECT_EQ(network[1].to_string(), "192.0.2.65");
  EXPECT_THROW(network[64], JobError);
  EXPECT_TRUE(network.contains(IPAddress::parse("192.0.2.100")));
  EXPECT_FALSE(network.contains(IPAddress::parse("192.0.2.1")));
  EXPECT_EQ(IPInterface::parse("192.0.2.77/26").network(), network);
  for (const char* text : {"192.0.2.0/33", "192.0.2.0/x", "192.0.2.0/", "x/24", "192.0.2.0/-1"}) {
    EXPECT_THROW(IPNetwork::parse(text), JobError) << text;
  }
}

}  // namespace
}  // namespace windlass::jobs
