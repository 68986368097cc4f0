#include <algorithm>
#include <limits>
#include <random>

#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;

namespace {

Event console_event(const std::string& line) {
  Event event = log_event(line, "stdout", "");
  event.kind = EventKind::kConsole;
  return event;
}

Event progress_event(std::int64_t done) {
  Event event = log_event("", "", "");
  event.kind = EventKind::kProgress;
  event.data = json::object{{"done", done}, {"total", 10}};
  return event;
}

std::vector<std::string> messages(const std::vector<Event>& events) {
  std::vector<std::string> out;
  for (const Event& event : events) out.push_back(event.message);
  return out;
}

/// Whether an event is asked for, in the plainest words: what every adapter is compared with.
bool matches(const Event& event, const EventQuery& query) {
  const auto holds = [](const auto& values, const auto& value) {
    return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
  };
  return event.sequence > query.after && holds(query.kinds, event.kind) &&
         holds(query.levels, event.level) &&
         (query.grouping.empty() || event.grouping == query.grouping) &&
         (query.search.empty() || event.message.find(query.search) != std::string::npos ||
          event.grouping.find(query.search) != std::string::npos);
}

}  // namespace

TEST_P(EventsConformance, EndsWhereNumbersDo) {
  enqueue(add_job());
  const Worker worker = add_worker();
  RunWrite part = write_of(claim(worker).at(0));
  part.events = {log_event("one", "info", ""), log_event("two", "info", ""), console_event("x")};
  write(worker, part);
  EventQuery query;
  query.number = part.number;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::vector<EventKind>& kinds :
       {std::vector<EventKind>{}, {EventKind::kLog}, {EventKind::kLog, EventKind::kConsole}}) {
    query.kinds = kinds;
    query.offset = kMost;
    query.after = 1;
    EXPECT_THAT(messages(storage().events().list(query).value()), IsEmpty());
    query.after = kMost;
    EXPECT_THAT(messages(storage().events().list(query).value()), IsEmpty());
    query.offset = 1;
    EXPECT_THAT(messages(storage().events().list(query).value()), IsEmpty());
  }
}

TEST_P(EventsConformance, KeepsEveryField) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  Event event = log_event("Gr\u00fc\u00dfe\nto `all`", "critical", "grouping");
  event.log_object = "Site 1";
  event.absolute_url = "/sites/1/";
  event.sequence = 77;
  event.created = clock().now() + std::chrono::microseconds(3);
  RunWrite part = write_of(run);
  part.events = {event, progress_event(3), console_event("printed")};
  write(worker, part);
  const Event kept = storage().events().get(run.result.number, 3).value().value();
  EXPECT_EQ(kept.sequence, 3);
  EXPECT_EQ(kept.kind, EventKind::kLog);
  EXPECT_EQ(kept.attempt, 1);
  EXPECT_EQ(kept.created, event.created);
  EXPECT_EQ(kept.level, event.level);
  EXPECT_EQ(kept.grouping, event.grouping);
  EXPECT_EQ(kept.message, event.message);
  EXPECT_EQ(kept.log_object, event.log_object);
  EXPECT_EQ(kept.absolute_url, event.absolute_url);
  EXPECT_TRUE(kept.data.is_null());
  EXPECT_EQ(get_int(storage().events().get(run.result.number, 4).value()->data, "done"), 3);
  EXPECT_EQ(storage().events().get(run.result.number, 5).value()->kind, EventKind::kConsole);
  EXPECT_EQ(storage().events().get(run.result.number, 6).value(), std::nullopt);
  EXPECT_EQ(reload(run.result).console_count, 1);
}

TEST_P(EventsConformance, EachResultHasItsOwnSequence) {
  const Job job = add_job();
  enqueue(job);
  enqueue(job);
  const Worker worker = add_worker();
  for (const ClaimedRun& run : claim(worker, 2)) {
    RunWrite part = write_of(run);
    part.events = {log_event("of " + std::to_string(run.result.number))};
    write(worker, part);
    EventQuery query;
    query.number = run.result.number;
    query.kinds = {EventKind::kLog};
    EXPECT_THAT(messages(storage().events().list(query).value()),
                ElementsAre("of " + std::to_string(run.result.number)));
  }
}

TEST_P(EventsConformance, AnUnknownResultHasNone) {
  EventQuery query;
  query.number = 12345;
  EXPECT_THAT(storage().events().list(query).value(), IsEmpty());
  EXPECT_EQ(storage().events().count(query).value(), 0);
  query.kinds = {EventKind::kLog};
  query.offset = 5;
  EXPECT_THAT(storage().events().list(query).value(), IsEmpty());
}

TEST_P(EventsConformance, SearchTakesItsTextLiterally) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  RunWrite part = write_of(run);
  part.events = {log_event("100% done"), log_event("100 done"),
                 log_event("x", "info", "UPPER_case"), log_event("y", "info", "upperXcase"),
                 log_event("\u00dcbersicht")};
  write(worker, part);
  EventQuery query;
  query.number = run.result.number;
  query.search = "100%";
  EXPECT_THAT(messages(storage().events().list(query).value()), ElementsAre("100% done"));
  query.search = "upper_";
  EXPECT_THAT(messages(storage().events().list(query).value()), ElementsAre("x"));
  EXPECT_EQ(storage().events().count(query).value(), 1);
  query.search = "\u00fcBERS";
  EXPECT_THAT(messages(storage().events().list(query).value()), ElementsAre("\u00dcbersicht"));
}

TEST_P(EventsConformance, EntriesOfAllResultsAreListedAndCounted) {
  const Job job = add_job();
  for (int i = 0; i < 2; ++i) enqueue(job);
  const Worker worker = add_worker();
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < 2; ++i) {
    const ClaimedRun run = claim(worker).at(0);
    numbers.push_back(run.result.number);
    RunWrite part = write_of(run);
    part.events = {log_event("a"), console_event("line"), log_event("b", "error"),
                   log_event("c", "critical"), log_event("d", "warning")};
    write(worker, part);
  }
  const auto asked = [&](EventKind kind, std::vector<std::string> levels, std::int64_t limit = 100,
                         std::int64_t offset = 0) {
    EventQuery query;
    query.kinds = {kind};
    query.levels = std::move(levels);
    query.limit = limit;
    query.offset = offset;
    const Page<NumberedEvent> page = storage().events().list_all(query).value();
    std::vector<std::string> shown{std::to_string(page.count)};
    for (const NumberedEvent& item : page.items) {
      shown.push_back((item.number == numbers[0] ? "1" : "2") + item.event.message);
    }
    return shown;
  };
  EXPECT_THAT(asked(EventKind::kLog, {}),
              ElementsAre("8", "1a", "1b", "1c", "1d", "2a", "2b", "2c", "2d"));
  EXPECT_THAT(asked(EventKind::kLog, {}, 2, 3), ElementsAre("8", "1d", "2a"));
  EXPECT_THAT(asked(EventKind::kLog, {"info", "info"}), ElementsAre("2", "1a", "2a"));
  EXPECT_THAT(asked(EventKind::kLog, {"error", "warning"}),
              ElementsAre("4", "1b", "1d", "2b", "2d"));
  EXPECT_THAT(asked(EventKind::kLog, {"critical"}, 1, 1), ElementsAre("2", "2c"));
  EXPECT_THAT(asked(EventKind::kConsole, {}), ElementsAre("2", "1line", "2line"));
  EXPECT_THAT(asked(EventKind::kConsole, {"stderr"}), ElementsAre("0"));
}

/// Random questions about a random log, each compared with the plain answer.
TEST_P(EventsConformance, AnyQuestionHasThePlainAnswer) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  std::mt19937 random(20261123);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<std::string> levels{"debug",   "info",    "info",  "success",
                                        "warning", "failure", "error", "critical"};
  for (int batch = 0; batch < 8; ++batch) {
    RunWrite part = write_of(run);
    for (int i = 0; i < 40; ++i) {
      const std::string text = "message " + std::to_string(below(20));
      part.events.push_back(below(4) == 0   ? console_event(text)
                            : below(9) == 0 ? progress_event(i)
                                            : log_event(text, levels[below(levels.size())],
                                                        "group " + std::to_string(below(3))));
    }
    write(worker, part);
  }
  EventQuery all;
  all.number = run.result.number;
  all.limit = 10000;
  const std::vector<Event> events = storage().events().list(all).value();
  ASSERT_EQ(events.size(), 322u);

  for (int i = 0; i < 400; ++i) {
    EventQuery query;
    query.number = run.result.number;
    const std::vector<std::vector<EventKind>> kinds{{},
                                                    {EventKind::kLog},
                                                    {EventKind::kConsole},
                                                    {EventKind::kLog, EventKind::kConsole},
                                                    {EventKind::kStatus}};
    query.kinds = kinds[below(kinds.size())];
    if (below(2) == 0) query.after = static_cast<std::int64_t>(below(330));
    if (below(2) == 0) query.offset = static_cast<std::int64_t>(below(200));
    query.limit = static_cast<std::int64_t>(1 + below(50));
    for (std::size_t n = below(4); n > 0; --n) {
      const std::string& level = levels[below(levels.size())];
      if (std::find(query.levels.begin(), query.levels.end(), level) == query.levels.end()) {
        query.levels.push_back(level);
      }
    }
    if (below(4) == 0) query.grouping = "group 1";
    if (below(4) == 0) query.search = "e 1";

    std::vector<std::int64_t> expected;
    std::int64_t matched = 0;
    for (const Event& event : events) {
      if (!matches(event, query)) continue;
      ++matched;
      if (matched > query.offset && static_cast<std::int64_t>(expected.size()) < query.limit) {
        expected.push_back(event.sequence);
      }
    }
    std::vector<std::int64_t> got;
    const std::vector<Event> page = storage().events().list(query).value();
    for (const Event& event : page) got.push_back(event.sequence);
    ASSERT_EQ(got, expected) << "question " << i;
    ASSERT_EQ(storage().events().count(query).value(), matched) << "question " << i;
  }
}

TEST_P(EventsConformance, RemovingAResultRemovesItsEvents) {
  const Job job = add_job();
  enqueue(job);
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  EXPECT_EQ(storage().results().remove(run.result.id).error().code, "job_result.not_final");
  RunWrite part = write_of(run);
  for (int i = 0; i < 12'000; ++i) part.events.push_back(log_event("entry"));
  part.outcome = outcome_of(JobResultStatus::kSuccess);
  part.outcome->result = std::string(kListValueLimit + 1, 'x');
  write(worker, part);
  storage().results().remove(run.result.id).value();
  EXPECT_EQ(storage().results().get(run.result.id).error().code, "job_result.not_found");
  EXPECT_EQ(storage().results().remove(run.result.id).error().code, "job_result.not_found");
  EventQuery query;
  query.number = run.result.number;
  EXPECT_EQ(storage().events().count(query).value(), 0);
  EXPECT_THAT(storage().events().list(query).value(), IsEmpty());
  EXPECT_GT(enqueue(job).number, run.result.number) << "a number is never given twice";
}

}  // namespace windlass::conformance
