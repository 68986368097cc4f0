#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/job_result.h"
#include "storage/query.h"

namespace windlass {

/// Which events of one result are asked for. One index range on (result, sequence).
struct EventQuery {
  std::int64_t number = 0;       ///< of the result
  std::vector<EventKind> kinds;  ///< empty: all
  std::int64_t after = 0;        ///< only sequences greater than this
  std::int64_t limit = 1000;
  std::int64_t offset = 0;          ///< skipped matches; costs their reading
  std::vector<std::string> levels;  ///< empty: all
  std::string grouping;             ///< exact; "" for all
  std::int64_t attempt = 0;         ///< of the run; 0 for all
  std::string search;               ///< text within message or grouping, any case; "" for all
};

/// An event, and the number of the result that it belongs to.
struct NumberedEvent {
  std::int64_t number = 0;
  Event event;
};

/// What happened in runs. Written through ResultStore::exchange. All calls block; all are
/// thread-safe.
class EventStore {
 public:
  virtual ~EventStore() = default;
  virtual Result<std::vector<Event>> list(const EventQuery& query) = 0;
  /// Number of events that match, limit and offset aside. From the result's counters where only
  /// kind and level are asked.
  virtual Result<std::int64_t> count(const EventQuery& query) = 0;
  virtual Result<std::optional<Event>> get(std::int64_t number, std::int64_t sequence) = 0;
  /// Log entries or console lines of all results, by result and sequence, and how many there are.
  /// Of the query count one kind, levels, limit and offset. The count adds up the results'
  /// counters, and what is skipped is read: for looking around, not for following.
  virtual Result<Page<NumberedEvent>> list_all(const EventQuery& query) = 0;
};

}  // namespace windlass
