#include "sources/git/file_place.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/files.h"
#include "base/text.h"
#include "sources/git/library.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostAlternates = 5;  // as libgit2 follows

class Checker {
 public:
  explicit Checker(const std::vector<fs::path>& roots) : roots_(roots) {}

  /// The folder and all beneath it, also where its symbolic links lead.
  Result<void> folder(const fs::path& path) {
    std::vector<fs::path> folders = {path};
    while (!folders.empty()) {
      const fs::path next = folders.back();
      folders.pop_back();
      if (!lies_within(next)) return leads_out(next);
      std::error_code failure;
      const fs::path resolved = fs::weakly_canonical(next, failure);
      if (!failure && !walked_.insert(resolved).second) continue;
      for (const auto& entry : list(resolved, &failure)) {
        std::error_code gone;
        const bool link = entry.is_symlink(gone);
        if (link && !lies_within(entry.path())) return leads_out(entry.path());
        if (entry.is_directory(gone)) folders.push_back(entry.path());
      }
      if (failure && failure != std::errc::no_such_file_or_directory) {
        return Error{"git.unreachable", "The repository's folder " + to_valid_utf8(next.string()) +
                                            " cannot be read: " + failure.message() +
                                            ". Give Windlass' account access to it."};
      }
    }
    return ok();
  }

  /// A folder of objects, and those from which it borrows.
  Result<void> objects(const fs::path& path) {
    WL_TRY_VOID(folder(path));
    std::error_code failure;
    const fs::path list = path / "info" / "alternates";
    if (!fs::exists(list, failure)) return ok();
    WL_TRY(std::string text, read_file(list));
    std::replace(text.begin(), text.end(), '\r', '\n');
    for (const std::string_view line : split(text, '\n')) {
      if (line.empty() || line.front() == '#') continue;
      // Any other path would be taken from where this process happens to be.
      if (line.front() != '/' && line.front() != '.') return leads_out(list);
      const fs::path other = path / line;
      if (!borrowed_.insert(other.lexically_normal()).second) continue;
      if (borrowed_.size() > kMostAlternates) return leads_out(list);
      WL_TRY_VOID(objects(other));
    }
    return ok();
  }

 private:
  static std::vector<fs::directory_entry> list(const fs::path& folder, std::error_code* failure) {
    std::vector<fs::directory_entry> entries;
    for (auto at = fs::directory_iterator(folder, *failure); !*failure && at != fs::end(at);
         at.increment(*failure)) {
      entries.push_back(*at);
    }
    return entries;
  }
  bool lies_within(const fs::path& path) const {
    return std::any_of(roots_.begin(), roots_.end(),
                       [&](const fs::path& root) { return lies_beneath(path, root); });
  }
  static Error leads_out(const fs::path& path) {
    return {"git.url",
            "The repository leads out of the folders of the setting git_file_roots, at " +
                to_valid_utf8(path.string()) +
                ". Use a repository that has all of its files, such as a clone made with "
                "`git clone --bare --no-local`, or add the folder to the setting."};
  }

  const std::vector<fs::path>& roots_;
  std::set<fs::path> walked_;
  std::set<fs::path> borrowed_;  ///< alternates
};

}  // namespace

Result<void> check_file_place(const fs::path& path, const std::vector<fs::path>& roots) {
  git_repository* opened = nullptr;
  if (git_repository_open_ext(&opened, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0) {
    return Error{"git.unreachable",
                 "There is no Git repository at " + to_valid_utf8(path.string()) + ".", git_said()};
  }
  const Repository repository(opened);
  if (std::find(roots.begin(), roots.end(), fs::path("/")) != roots.end()) return ok();
  const fs::path common = git_repository_commondir(opened);
  Checker checker(roots);
  WL_TRY_VOID(checker.folder(git_repository_path(opened)));
  WL_TRY_VOID(checker.folder(common));
  return checker.objects(common / "objects");
}

}  // namespace windlass::sources
