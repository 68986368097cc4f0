#include "storage/sqlite/event_store.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include "embedded_queries.h"
#include "storage/query_sql.h"
#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace {

bool asks_only(const EventQuery& query, EventKind kind) {
  return query.kinds.size() == 1 && query.kinds.front() == kind;
}

bool asks_level(const EventQuery& query, std::string_view level) {
  return std::find(query.levels.begin(), query.levels.end(), level) != query.levels.end();
}

/// Whether the index of the rarer levels serves the query.
bool only_notable(const EventQuery& query) {
  return asks_only(query, EventKind::kLog) && !query.levels.empty() &&
         !asks_level(query, "debug") && !asks_level(query, "info");
}

bool has_text_conditions(const EventQuery& query) {
  return !query.levels.empty() || !query.grouping.empty() || !query.search.empty();
}

/// Puts together the statement of a query's events.
class EventSql {
 public:
  std::vector<DbValue> values;

  /// " FROM … WHERE …"
  std::string source(const EventQuery& query) {
    const bool notable = only_notable(query);
    const bool status = asks_only(query, EventKind::kStatus);
    std::string text = " FROM event";
    if (notable) text += " INDEXED BY event_notable";
    if (status) text += " INDEXED BY event_status";
    text += " WHERE number = " + bound(query.number) + " AND sequence > " + bound(query.after);
    if (notable) {
      // As the index is declared, so that it can be used.
      text += " AND kind = 1 AND level NOT IN ('debug', 'info')";
    } else if (status) {
      text += " AND kind = 4";
    } else if (!query.kinds.empty()) {
      text += " AND kind" + one_of(query.kinds);
    }
    if (!query.levels.empty()) text += " AND level" + one_of(query.levels);
    if (!query.grouping.empty()) text += " AND grouping = " + bound(query.grouping);
    if (query.attempt > 0) text += " AND attempt = " + bound(query.attempt);
    if (!query.search.empty()) {
      const std::string pattern = contains_pattern(query.search);
      text += " AND (lower(message) LIKE lower(" + bound(pattern) +
              ") ESCAPE '\\' OR lower(grouping) LIKE lower(" + bound(pattern) + ") ESCAPE '\\')";
    }
    return text;
  }

  /// The columns of read_event(), then the number.
  std::string page_of_all(const EventQuery& query) {
    const std::string where = conditions_of_all(query);
    std::string order = " ORDER BY number, sequence";
    std::string text =
        "SELECT sequence, kind, attempt, created, level, grouping, message, log_object, "
        "absolute_url, data, number FROM event";
    const std::string range = " LIMIT " + bound(query.limit) + " OFFSET " + bound(query.offset);
    if (!only_notable(query)) return text + where + order + range;
    // Sorted within the index, so that no other entry is read.
    return text +
           " WHERE (number, sequence) IN (SELECT number, sequence FROM event INDEXED BY "
           "event_notable" +
           where + " AND kind = 1 AND level NOT IN ('debug', 'info')" + order + range + ")" + order;
  }

  std::string conditions_of_all(const EventQuery& query) {
    std::string text = " WHERE kind" + one_of(query.kinds);
    if (!query.levels.empty()) text += " AND level" + one_of(query.levels);
    return text;
  }

  /// Entries of all results whose levels have no counter of their own.
  std::string count_of_severe(const std::vector<std::string>& levels) {
    return "SELECT count(*) FROM event INDEXED BY event_notable WHERE kind = 1 AND level NOT IN "
           "('debug', 'info') AND level" +
           one_of(levels);
  }

  /// One range of the index a level, merged by SQLite in order of sequence.
  std::string page(const EventQuery& query) {
    std::string text;
    EventQuery range = query;
    const std::size_t ranges = only_notable(query) ? query.levels.size() : 1;
    for (std::size_t i = 0; i < ranges; ++i) {
      if (ranges > 1) range.levels = {query.levels[i]};
      text += (i == 0 ? "SELECT " : " UNION ALL SELECT ") +
              std::string(
                  "sequence, kind, attempt, created, level, grouping, message, log_object, "
                  "absolute_url, data") +
              source(range);
    }
    return text + " ORDER BY sequence LIMIT " + bound(query.limit) + " OFFSET " +
           bound(query.offset);
  }

 private:
  std::string bound(DbValue value) {
    values.push_back(std::move(value));
    return "?" + std::to_string(values.size());
  }

  std::string one_of(const std::vector<std::string>& texts) {
    std::string places;
    for (const std::string& text : texts) places += (places.empty() ? "" : ", ") + bound(text);
    return " IN (" + places + ")";
  }

  std::string one_of(const std::vector<EventKind>& kinds) {
    std::string places;
    for (const EventKind kind : kinds) {
      places += (places.empty() ? "" : ", ") + bound(static_cast<std::int64_t>(kind));
    }
    return " IN (" + places + ")";
  }
};

Event read_event(const SQLite::Statement& row) {
  Event event;
  event.sequence = value_at<std::int64_t>(row, 0);
  event.kind = static_cast<EventKind>(value_at<std::int64_t>(row, 1));
  event.attempt = value_at<std::int64_t>(row, 2);
  event.created = value_at<TimePoint>(row, 3);
  read(row.getColumn(4), &event.level);
  read(row.getColumn(5), &event.grouping);
  read(row.getColumn(6), &event.message);
  read(row.getColumn(7), &event.log_object);
  read(row.getColumn(8), &event.absolute_url);
  if (!read_json(row.getColumn(9), &event.data)) {
    report_damage("event", std::to_string(event.sequence), "data");
  }
  return event;
}

/// How many events of the kind there are up to and including this sequence.
std::int64_t count_up_to(Connection& db, std::int64_t number, std::int64_t sequence,
                         EventKind kind) {
  Prepared places = db.prepare(sql::kEventPlaces);
  places->bind(1, number);
  places->bind(2, sequence);
  if (!places->executeStep()) return 0;
  return value_at<std::int64_t>(*places, kind == EventKind::kLog ? 0 : 1);
}

/// The newest sequence of a result; 0 for none.
std::int64_t last_sequence(Connection& db, std::int64_t number) {
  Prepared counters = db.prepare(sql::kEventCounters);
  counters->bind(1, number);
  return counters->executeStep() ? value_at<std::int64_t>(*counters, 6) : 0;
}

/// The last sequence from `low` to `high` for which `before` holds, which it does up to one place;
/// `low` when for none beyond it.
std::int64_t last_before(std::int64_t low, std::int64_t high,
                         const std::function<bool(std::int64_t)>& before) {
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (before(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/// The events of an attempt follow those of the one before, which need not be read.
EventQuery within_attempt(Connection& db, EventQuery query) {
  if (query.attempt <= 1) return query;
  query.after =
      last_before(query.after, last_sequence(db, query.number), [&](std::int64_t sequence) {
        Prepared places = db.prepare(sql::kEventPlaces);
        places->bind(1, query.number);
        places->bind(2, sequence);
        return places->executeStep() && value_at<std::int64_t>(*places, 2) < query.attempt;
      });
  return query;
}

/// Both at least 0; what a caller skips may be as far as numbers go.
std::int64_t sum_within_bounds(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return a > kMost - b ? kMost : a + b;
}

/// Turns the offset into a sequence where that takes no reading of what is skipped: sequences have
/// no gaps, and each event says how many entries of either kind there were up to it.
EventQuery without_offset(Connection& db, EventQuery query) {
  const bool one_kind = asks_only(query, EventKind::kLog) || asks_only(query, EventKind::kConsole);
  if (query.offset <= 0 || has_text_conditions(query)) return query;
  if (query.kinds.empty()) {
    query.after = sum_within_bounds(query.after, query.offset);
    query.offset = 0;
  } else if (one_kind) {
    const EventKind kind = query.kinds.front();
    const std::int64_t skipped =
        sum_within_bounds(count_up_to(db, query.number, query.after, kind), query.offset);
    query.after =
        last_before(query.after, last_sequence(db, query.number), [&](std::int64_t sequence) {
          return count_up_to(db, query.number, sequence, kind) <= skipped;
        });
    query.offset = 0;
  }
  return query;
}

std::int64_t read_number(Connection& db, const std::string& statement,
                         const std::vector<DbValue>& values = {}) {
  Prepared number = db.prepare(statement);
  bind_all(*number, values);
  number->executeStep();
  return value_at<std::int64_t>(*number, 0);
}

/// How many log entries of these levels all results have together.
std::int64_t count_all_logs(Connection& db, const std::vector<std::string>& levels) {
  std::string columns = "0";
  std::vector<std::string> severe;
  for (const std::string& level : std::set<std::string>(levels.begin(), levels.end())) {
    const std::string counter(level_counter(level));
    if (counter == "error") {
      severe.push_back(level);
    } else {
      columns += " + " + counter + "_log_count";
    }
  }
  if (levels.empty()) {
    columns =
        "debug_log_count + info_log_count + success_log_count + warning_log_count + "
        "error_log_count";
  }
  const std::int64_t counted =
      read_number(db, "SELECT ifnull(sum(" + columns + "), 0) FROM job_result");
  if (severe.empty()) return counted;
  EventSql sql;
  const std::string statement = sql.count_of_severe(severe);
  return counted + read_number(db, statement, sql.values);
}

std::int64_t count_all(Connection& db, const EventQuery& query) {
  if (asks_only(query, EventKind::kLog)) return count_all_logs(db, query.levels);
  if (asks_only(query, EventKind::kConsole) && query.levels.empty()) {
    return read_number(db, "SELECT ifnull(sum(console_count), 0) FROM job_result");
  }
  EventSql sql;
  const std::string statement = "SELECT count(*) FROM event" + sql.conditions_of_all(query);
  return read_number(db, statement, sql.values);
}

/// The count from the result's counters; nullopt where they do not tell.
std::optional<std::int64_t> count_by_counters(Connection& db, const EventQuery& query) {
  if (query.after > 0 || query.attempt > 0 || !query.grouping.empty() || !query.search.empty()) {
    return std::nullopt;
  }
  Prepared counters = db.prepare(sql::kEventCounters);
  counters->bind(1, query.number);
  if (!counters->executeStep()) return 0;
  const auto counter = [&](int column) { return value_at<std::int64_t>(*counters, column); };
  if (query.kinds.empty() && query.levels.empty()) return counter(6);
  if (asks_only(query, EventKind::kConsole) && query.levels.empty()) return counter(5);
  if (!asks_only(query, EventKind::kLog)) return std::nullopt;
  std::int64_t sum = 0;
  int column = 0;
  for (const std::string_view level : {"debug", "info", "success", "warning"}) {
    if (query.levels.empty() || asks_level(query, level)) sum += counter(column);
    ++column;
  }
  const auto severe = std::initializer_list<std::string_view>{"failure", "error", "critical"};
  const auto asked = std::count_if(severe.begin(), severe.end(), [&](std::string_view level) {
    return asks_level(query, level);
  });
  if (query.levels.empty() || asked == 3) return sum + counter(4);
  if (asked == 0 || counter(4) == 0) return sum;
  return std::nullopt;  // one counter holds the three together
}

}  // namespace

Result<std::vector<Event>> SqliteEventStore::list(const EventQuery& asked) {
  return readers_.read([&](Connection& db) -> Result<std::vector<Event>> {
    std::vector<Event> events;
    // A level that never occurred is known without looking through all entries.
    if (!asked.levels.empty() && count_by_counters(db, asked) == 0) return events;
    const EventQuery query = without_offset(db, within_attempt(db, asked));
    EventSql sql;
    Prepared page = db.prepare(sql.page(query));
    bind_all(*page, sql.values);
    while (page->executeStep()) events.push_back(read_event(*page));
    return events;
  });
}

Result<std::int64_t> SqliteEventStore::count(const EventQuery& asked) {
  return readers_.read([&](Connection& db) -> Result<std::int64_t> {
    if (const auto known = count_by_counters(db, asked)) return *known;
    const EventQuery query = within_attempt(db, asked);
    EventSql sql;
    Prepared count = db.prepare("SELECT count(*)" + sql.source(query));
    bind_all(*count, sql.values);
    count->executeStep();
    return value_at<std::int64_t>(*count, 0);
  });
}

Result<std::optional<Event>> SqliteEventStore::get(std::int64_t number, std::int64_t sequence) {
  return readers_.read([&](Connection& db) -> Result<std::optional<Event>> {
    Prepared find = db.prepare(sql::kGetEvent);
    find->bind(1, number);
    find->bind(2, sequence);
    if (!find->executeStep()) return std::optional<Event>();
    return std::optional<Event>(read_event(*find));
  });
}

Result<Page<NumberedEvent>> SqliteEventStore::list_all(const EventQuery& query) {
  return readers_.read([&](Connection& db) -> Result<Page<NumberedEvent>> {
    Page<NumberedEvent> page;
    page.count = count_all(db, query);
    EventSql sql;
    Prepared rows = db.prepare(sql.page_of_all(query));
    bind_all(*rows, sql.values);
    while (rows->executeStep()) {
      page.items.push_back({value_at<std::int64_t>(*rows, 10), read_event(*rows)});
    }
    return page;
  });
}

}  // namespace windlass::sqlite
