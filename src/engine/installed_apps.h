#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/code_set.h"

namespace windlass::engine {

/// The installed packages that bring jobs, and installed libraries of jobs in C++, as sources of
/// code: which content of each serves, and whether another lies there now. One thread at a time.
class InstalledApps {
 public:
  /// `ask_again`: between imports of packages whose files are not known.
  InstalledApps(const std::vector<std::string>& packages,
                std::map<std::string, std::string> pythons, Micros ask_again);

  bool empty() const { return apps_.empty(); }
  /// Adds the packages to the set, in the setting's order.
  void add_to(CodeSet& set);
  /// What an import that began at `began` says of them; gives the packages in the sets their
  /// versions: "<app's version> <hash of the files>".
  void imported(const json::value& manifest, TimePoint began, const std::vector<CodeSet*>& sets);
  /// Looks at the files. True when some differ from those that were imported, and lie as they did
  /// at the look before; or when it is time to ask again for a package that could not be found.
  bool look(Micros now);

 private:
  struct App {
    std::string package;            ///< of a library, its module
    std::filesystem::path library;  ///< "" for a package
    std::string folder;             ///< "" while it is not known
    std::string version;            ///< of what was imported; "" before the first import
    std::string imported;           ///< stamps of the files that were
    std::string seen;               ///< stamps at the last look
  };
  std::string id_of(const App& app) const;
  static void add_library(App& app, SourceCode& source);

  std::vector<App> apps_;
  const std::map<std::string, std::string> pythons_;
  const Micros ask_again_;
  std::optional<Micros> asked_;  ///< last for packages whose files are not known
};

}  // namespace windlass::engine
