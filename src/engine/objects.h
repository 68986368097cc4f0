#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "storage/storage.h"

namespace windlass::engine {

/// Field, with a suffix such as `__gte` where the lists of REST take one → values, as text. Values
/// of one field are alternatives; `q` searches.
using ObjectFilters = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Which objects are asked for.
struct ObjectsWanted {
  std::string object_type;             ///< "extras.job", any case
  std::vector<ObjectFilters> filters;  ///< all must hold
  std::string sort;                    ///< as in the lists of REST; "" for their order
  std::int64_t limit = 50;             ///< 0: only the count
  std::int64_t offset = 0;
};

struct FoundObjects {
  std::int64_t count = 0;  ///< of all that match
  json::array objects;
};

/// The objects of Windlass that jobs and variables can name, whatever their type, as JSON: `id,
/// object_type, display, url` (a path), then the fields of the model's list but for hidden ones; a
/// reference is {"id", "object_type", "url"} or null, a time is RFC 3339, a status its word. What
/// is large in a result (over kListValueLimit) is null unless one object alone is found. Storage
/// outlives it. Thread-safe; blocks on storage.
class ObjectDirectory {
 public:
  explicit ObjectDirectory(Storage& storage) : storage_(storage) {}

  /// Errors: `object.unknown_type`, `query.invalid` with the messages of all fields at once, and
  /// what the sentence says exists; `storage.*`.
  Result<FoundObjects> find(const ObjectsWanted& wanted) const;
  /// The object that `text` names: by its id, or by what people call it (a job by class path or
  /// name, a user by username, a queue by name, a Git
  /// repository by slug or name). Errors: `object.not_found`, `object.unknown_type`.
  Result<Uuid> resolve(std::string_view object_type, const std::string& text) const;

 private:
  Storage& storage_;
};

/// The object types, in the order that sentences name them.
const std::vector<std::string_view>& object_types();

}  // namespace windlass::engine
