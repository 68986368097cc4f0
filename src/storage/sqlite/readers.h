#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/errors.h"

namespace windlass::sqlite {

/// A pool of read-only connections, opened when first needed. Thread-safe; a caller waits while all
/// are in use.
class Readers {
 public:
  Readers(std::filesystem::path file, int most) : file_(std::move(file)), most_(most) {}

  /// Calls `body(Connection&)`, which returns a Result, with one snapshot of the database.
  template <class Body>
  auto read(Body body) -> std::invoke_result_t<Body&, Connection&> {
    return guarded([&]() -> std::invoke_result_t<Body&, Connection&> {
      const Lease lease(*this);
      // Ends in a rollback: nothing was written, and the snapshot is given back.
      const Transaction snapshot(*lease.connection, kBegin);
      return body(*lease.connection);
    });
  }

 private:
  struct Lease {
    explicit Lease(Readers& readers) : readers_(readers), connection(readers.take()) {}
    ~Lease() { readers_.give_back(std::move(connection)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Readers& readers_;
    std::unique_ptr<Connection> connection;
  };

  std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection);

  const std::filesystem::path file_;
  const int most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
};

}  // namespace windlass::sqlite
