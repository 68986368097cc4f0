#pragma once

#include "storage/events.h"
#include "storage/sqlite/readers.h"

namespace windlass::sqlite {

class SqliteEventStore final : public EventStore {
 public:
  explicit SqliteEventStore(Readers& readers) : readers_(readers) {}

  Result<std::vector<Event>> list(const EventQuery& query) override;
  Result<std::int64_t> count(const EventQuery& query) override;
  Result<std::optional<Event>> get(std::int64_t number, std::int64_t sequence) override;
  Result<Page<NumberedEvent>> list_all(const EventQuery& query) override;

 private:
  Readers& readers_;
};

}  // namespace windlass::sqlite
