#include "storage/sqlite/input_rows.h"

#include "embedded_queries.h"
#include "storage/sqlite/rows.h"

namespace windlass::sqlite {

namespace {

void put_bytes(SQLite::Statement& statement, int index, const std::string& bytes) {
  statement.bindNoCopy(index, static_cast<const void*>(bytes.data()),
                       static_cast<int>(bytes.size()));
}

std::string bytes_at(const SQLite::Statement& statement, int index) {
  const SQLite::Column column = statement.getColumn(index);
  const auto* bytes = static_cast<const char*>(column.getBlob());
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(column.getBytes()));
}

}  // namespace

void insert_inputs(Connection& db, std::int64_t number, const NewRun& run) {
  if (!run.sealed_inputs.empty()) {
    Prepared input = db.prepare(sql::kInsertInput);
    input->bind(1, number);
    put(*input, 2, run.sealed_inputs);
    input->exec();
  }
  for (const InputFile& file : run.files) {
    Prepared insert = db.prepare(sql::kInsertInputFile);
    insert->bind(1, number);
    put(*insert, 2, file.field);
    put(*insert, 3, file.name);
    put(*insert, 4, file.sealed);
    put_bytes(*insert, 5, file.content);
    insert.run();
  }
}

Result<std::vector<InputFile>> read_input_files(Connection& db, std::int64_t number,
                                                std::int64_t lease_token) {
  Prepared lease = db.prepare(sql::kHoldsLease);
  lease->bind(1, number);
  lease->bind(2, lease_token);
  if (!lease->executeStep()) {
    return Error{"job_result.lease_lost", "The worker's lease on the run is no longer valid."};
  }
  std::vector<InputFile> files;
  Prepared list = db.prepare(sql::kListInputFiles);
  list->bind(1, number);
  while (list->executeStep()) {
    files.push_back({value_at<std::string>(*list, 0), value_at<std::string>(*list, 1),
                     value_at<bool>(*list, 2), bytes_at(*list, 3)});
  }
  return files;
}

Result<std::int64_t> reseal_inputs(Connection& db, const Reseal& change) {
  std::int64_t changed = 0;
  std::int64_t number = 0;
  while (true) {
    std::string sealed;
    {
      Prepared next = db.prepare(sql::kNextSealedInput);
      next->bind(1, number);
      if (!next->executeStep()) return changed;
      number = value_at<std::int64_t>(*next, 0);
      sealed = value_at<std::string>(*next, 1);
    }
    WL_TRY(const std::string anew, change(sealed));
    if (anew == sealed) continue;
    Prepared set = db.prepare(sql::kSetSealedInput);
    set->bind(1, number);
    put(*set, 2, anew);
    changed += set.run();
  }
}

Result<std::int64_t> reseal_files(Connection& db, const Reseal& change) {
  std::int64_t changed = 0;
  std::int64_t number = 0;
  std::string field;
  while (true) {
    std::string sealed;
    {
      Prepared next = db.prepare(sql::kNextSealedFile);
      next->bind(1, number);
      const std::string after = field;
      put(*next, 2, after);
      if (!next->executeStep()) return changed;
      number = value_at<std::int64_t>(*next, 0);
      field = value_at<std::string>(*next, 1);
      sealed = bytes_at(*next, 2);
    }
    WL_TRY(const std::string anew, change(sealed));
    if (anew == sealed) continue;
    Prepared set = db.prepare(sql::kSetSealedFile);
    set->bind(1, number);
    put(*set, 2, field);
    put_bytes(*set, 3, anew);
    changed += set.run();
  }
}

}  // namespace windlass::sqlite
