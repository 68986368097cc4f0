#include "sources/git/commit_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "sources/git/raw_tree.h"

namespace windlass::sources {

namespace {

constexpr int kMostLinks = 40;  // as the kernel
constexpr std::size_t kLongestLink = PATH_MAX - 1;
constexpr std::int64_t kStepsPerFile = 100;  // along the paths of links, on an average
constexpr std::int64_t kStepsPerLink = 20;   // what reading a link costs, in steps
constexpr std::size_t kLongestPointer = 1024;
constexpr std::string_view kPointerStart = "version https://git-lfs.github.com/spec/";
constexpr std::size_t kMostWarnings = 20;

Error unreadable() {
  return git_failed(
      "A file of the commit cannot be read from the mirror; sync the repository again.");
}

/// Where a symbolic link ends: a file or folder of the commit, or why it is left out.
struct LinkEnd {
  std::string folder;  ///< of a folder: its path
  std::optional<RawEntry> file;
  std::string refusal;
};

/// Makes the list of files. Visits are counted, so that links cannot blow a commit up.
class Lister {
 public:
  Lister(const RawTree& raw, git_odb* objects, const CheckoutLimits& limits, FetchWatch* watch,
         CommitFiles* out)
      : raw_(raw), objects_(objects), limits_(limits), watch_(watch), out_(*out) {}

  /// Adds what lies in `source` beneath `target`; `trail` are the folders being added.
  Result<void> folder(const std::string& source, const std::string& target) {
    WL_TRY_VOID(check_place(target, trail_.size()));
    trail_.push_back(source);
    for (const auto& [name, entry] : raw_.at(source)) {
      if (++visits_ > limits_.files) return too_many();
      if (!watch_->go_on()) return *watch_->failure();
      const std::string path = joined(target, name);
      WL_TRY_VOID(check_place(path, 0));
      WL_TRY_VOID(add(entry, joined(source, name), path));
    }
    trail_.pop_back();
    return ok();
  }

 private:
  using Kind = RawEntry::Kind;

  Result<void> add(const RawEntry& entry, const std::string& source, const std::string& target) {
    switch (entry.kind) {
      case Kind::kFolder:
        return folder(source, target);
      case Kind::kSubmodule:
        left_out(target,
                 "it is a Git submodule, and submodules are not fetched; put the files into the "
                 "repository itself");
        return ok();
      case Kind::kLink:
        return link(source, target);
      default:
        return file(entry, target);
    }
  }

  Result<void> file(const RawEntry& entry, const std::string& target) {
    WL_TRY(const std::size_t size, size_of(entry.id));
    bytes_ += static_cast<std::int64_t>(size);
    if (bytes_ > limits_.bytes) {
      return Error{"git.too_large",
                   fmt::format("The commit is not used: its files take more than {} MiB. Take out "
                               "what the jobs do not need, or raise the setting git_size_limit.",
                               static_cast<double>(limits_.bytes) / (1 << 20))};
    }
    if (size >= kPointerStart.size() && size <= kLongestPointer) {
      WL_TRY(const std::string content, read_blob(objects_, to_text(entry.id)));
      if (content.starts_with(kPointerStart)) {
        warn(target, "is a Git LFS pointer, not the file itself: LFS files are not fetched.");
      }
    }
    out_.tree[target] = {to_text(entry.id), entry.kind == Kind::kExecutable};
    return ok();
  }

  Result<void> link(const std::string& source, const std::string& target) {
    WL_TRY(const LinkEnd end, resolve(source));
    if (!end.refusal.empty()) {
      left_out(target, end.refusal);
      return ok();
    }
    if (end.file) return file(*end.file, target);
    const bool loop = std::any_of(trail_.begin(), trail_.end(),
                                  [&](const std::string& folder) { return folder == end.folder; });
    if (loop) {
      left_out(target, "the symbolic link leads back to a folder that it lies in");
      return ok();
    }
    return folder(end.folder, target);
  }

  /// Walks the link's path through the commit, following the links on the way.
  Result<LinkEnd> resolve(const std::string& source) {
    std::vector<std::string> at = parts_of(source);
    std::vector<std::string> rest;  // parts yet to be walked, the next one last
    rest.push_back(at.back());
    at.pop_back();
    for (int links = 0; !rest.empty();) {
      const std::string part = rest.back();
      rest.pop_back();
      WL_TRY_VOID(count_steps(1));
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        if (at.empty()) return LinkEnd{"", {}, "the symbolic link leads out of the repository"};
        at.pop_back();
        continue;
      }
      const RawEntry* entry = find(at, part);
      if (entry == nullptr || entry->kind == Kind::kSubmodule)
        return LinkEnd{"", {}, "the symbolic link leads to nothing"};
      if (entry->kind == Kind::kFolder) {
        at.push_back(part);
      } else if (entry->kind == Kind::kLink) {
        if (++links > kMostLinks) return LinkEnd{"", {}, "the symbolic link leads in a circle"};
        WL_TRY_VOID(count_steps(kStepsPerLink));
        WL_TRY(const std::string to, target_of(entry->id));
        if (to.empty() || to.front() == '/')
          return LinkEnd{"", {}, "the symbolic link leads out of the repository"};
        const auto parts = parts_of(to);
        rest.insert(rest.end(), parts.rbegin(), parts.rend());
      } else {
        if (!rest.empty()) return LinkEnd{"", {}, "the symbolic link leads to nothing"};
        return LinkEnd{"", *entry, ""};
      }
    }
    std::string folder;
    for (const std::string& part : at) folder = joined(folder, part);
    return LinkEnd{folder, {}, ""};
  }

  Result<void> count_steps(std::int64_t count) {
    steps_ += count;
    if (!watch_->go_on()) return *watch_->failure();
    if (steps_ <= limits_.files * kStepsPerFile) return ok();
    return Error{
        "git.too_large",
        "The commit is not used: its symbolic links lead over too many others and too long "
        "paths. Have them lead straight to the files."};
  }

  static std::vector<std::string> parts_of(std::string_view path) {
    const auto parts = split(path, '/');
    return {parts.begin(), parts.end()};
  }

  const RawEntry* find(const std::vector<std::string>& folder, const std::string& name) const {
    std::string path;
    for (const std::string& part : folder) path = joined(path, part);
    const auto entries = raw_.find(path);
    if (entries == raw_.end()) return nullptr;
    const auto entry = entries->second.find(name);
    return entry == entries->second.end() ? nullptr : &entry->second;
  }

  Result<std::string> target_of(const git_oid& id) {
    WL_TRY(const std::size_t size, size_of(id));
    if (size > kLongestLink) return std::string();
    return read_blob(objects_, to_text(id));
  }

  Result<std::size_t> size_of(const git_oid& id) {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, objects_, &id) != 0 || type != GIT_OBJECT_BLOB)
      return unreadable();
    return size;
  }

  Error too_many() const {
    return {"git.too_large",
            fmt::format("The commit is not used: with what its symbolic links lead to it has more "
                        "than {} files. Take out what the jobs do not need.",
                        limits_.files)};
  }

  void left_out(const std::string& path, const std::string& why) {
    warn(path, "is left out: " + why + ".");
  }
  void warn(const std::string& path, const std::string& what) {
    out_.warnings.push_back("\"" + path + "\" " + what);
  }

  const RawTree& raw_;
  git_odb* objects_;
  const CheckoutLimits limits_;
  FetchWatch* watch_;
  CommitFiles& out_;
  std::vector<std::string> trail_;
  std::int64_t visits_ = 0;
  std::int64_t steps_ = 0;
  std::int64_t bytes_ = 0;
};

/// Jobs in C++ alone need no Python package around them.
bool has_only_native_jobs(const Tree& tree) {
  if (tree.contains("jobs.py") || tree.contains("jobs/__init__.py")) return false;
  std::vector<std::string> ignored;
  return !native_modules_of(tree, "jobs", "", &ignored).empty();
}

Result<void> check_jobs(const Tree& tree, std::vector<std::string>* warnings) {
  if (has_only_native_jobs(tree)) return ok();
  if (!tree.contains("__init__.py")) {
    return Error{
        "git.no_init",
        "The repository has no file __init__.py at its root, without which its jobs cannot "
        "be imported; add an empty one."};
  }
  const bool file = tree.contains("jobs.py");
  const bool package = tree.contains("jobs/__init__.py");
  if (!file && !package) {
    const auto inside = tree.lower_bound("jobs/");
    const bool folder = inside != tree.end() && inside->first.starts_with("jobs/");
    return Error{"git.no_jobs",
                 folder ? "The repository's folder jobs has no file __init__.py, without which it "
                          "is no package; add one that imports the modules with the jobs."
                        : "The repository has neither a file jobs.py nor a folder jobs with a file "
                          "__init__.py, or with jobs in C++, at its root; only these are loaded."};
  }
  if (file && package)
    warnings->push_back(
        "\"jobs.py\" is not imported: the folder \"jobs\" is a package of that name.");
  return ok();
}

void shorten(std::vector<std::string>* warnings) {
  if (warnings->size() <= kMostWarnings) return;
  const std::size_t more = warnings->size() - kMostWarnings;
  warnings->resize(kMostWarnings);
  warnings->push_back(fmt::format("{} more files are left out or are not what they seem.", more));
}

}  // namespace

Result<CommitFiles> files_of_commit(git_repository* repository, const git_oid& commit,
                                    const CheckoutLimits& limits, FetchWatch* watch) {
  CommitFiles files;
  WL_TRY(const RawTree raw,
         read_raw_tree(repository, commit, limits.files, watch, &files.warnings));
  git_odb* opened = nullptr;
  if (git_repository_odb(&opened, repository) != 0) return unreadable();
  const Odb objects(opened);
  Lister lister(raw, objects.get(), limits, watch, &files);
  WL_TRY_VOID(lister.folder("", ""));
  WL_TRY_VOID(check_jobs(files.tree, &files.warnings));
  shorten(&files.warnings);
  return files;
}

Result<std::string> read_blob(git_odb* objects, const std::string& id) {
  git_oid oid;
  git_odb_object* found = nullptr;
  if (!from_text(id, &oid) || git_odb_read(&found, objects, &oid) != 0) return unreadable();
  const OdbObject object(found);
  return std::string(static_cast<const char*>(git_odb_object_data(object.get())),
                     git_odb_object_size(object.get()));
}

}  // namespace windlass::sources
