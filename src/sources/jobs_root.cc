#include "sources/jobs_root.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/crypto.h"
#include "sources/reading.h"
#include "sources/scan.h"
#include "sources/tree.h"
#include "sources/version_store.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

/// How often a root whose files change while they are read is read again at once.
constexpr int kTries = 3;
/// Digits of a tree_id.
constexpr std::size_t kIdLength = 64;

Error moving_error() {
  return {"sources.moving",
          "The job files change while they are read; they are read again with the next change."};
}

/// Puts back what the unsettled files were in the tree before, content or absence.
void keep_earlier(Tree* tree, const std::set<std::string>& unsettled, const Tree& before) {
  if (unsettled.empty()) return;
  std::erase_if(*tree, [&](const auto& file) { return covers(unsettled, file.first); });
  for (const auto& file : before) {
    if (covers(unsettled, file.first)) tree->insert(file);
  }
}

std::optional<Tree> read_tree(const fs::path& folder) {
  const auto scan = scan_folder(folder);
  if (!scan.ok()) return std::nullopt;
  Tree tree;
  for (const ScannedFile& file : scan->files) {
    const auto content = read_file(folder / file.path, SIZE_MAX);
    if (!content.ok()) return std::nullopt;
    tree[file.path] = {content_hash(*content), file.executable};
  }
  return tree;
}

}  // namespace

class JobsRoot::Impl {
 public:
  explicit Impl(JobsRootOptions options)
      : options_(std::move(options)),
        root_(fs::absolute(options_.root).lexically_normal()),
        store_(fs::absolute(options_.home) / "sources", {kIdLength, read_tree}) {}

  Result<SourceVersion> snapshot(const std::set<std::string>& touched, WriteActivity* writes) {
    std::set<std::string> again = touched;
    for (int i = 1;; ++i) {
      auto version = try_snapshot(&again, writes, i == kTries);
      if (version.ok() || version.error().code != "sources.moving" || i == kTries) return version;
    }
  }

  Result<SourceVersion> compose(const SourceVersion& base,
                                const std::map<std::string, std::string>& replacements) {
    if (base.in_place) {
      return Error{"sources.in_place",
                   "The job files are used in place, so there are no earlier ones to go back to; "
                   "raise the setting sources_copy_limit."};
    }
    WL_TRY(const StoredVersion stored, open(base.id));
    Tree tree = stored.tree;
    std::map<std::string, StoredVersion> earlier;
    for (const auto& [module, id] : replacements) {
      if (!earlier.contains(id)) {
        WL_TRY(StoredVersion opened, open(id));
        earlier.emplace(id, std::move(opened));
      }
      const Tree files = module_files(earlier.at(id).tree, module);
      if (files.empty()) return missing(id);
      for (const auto& [path, file] : module_files(tree, module)) tree.erase(path);
      tree.insert(files.begin(), files.end());
    }
    std::vector<const StoredVersion*> origins = {&stored};
    for (const auto& [id, version] : earlier) origins.push_back(&version);
    const auto no_reader = [](const std::string& path) {
      return Result<std::string>(Error{"file.io", "A version's file " + path + " has vanished."});
    };
    WL_TRY(const StoredVersion made, store_.build(tree_id(tree), tree, origins, no_reader));
    return describe(made, base.warnings);
  }

  void prune(std::set<std::string> keep) {
    if (last_) keep.insert(last_->id);
    store_.prune(keep);
  }

 private:
  /// One look. On `sources.moving`, `again` names what to read again; the last look keeps the
  /// earlier content of what moves.
  Result<SourceVersion> try_snapshot(std::set<std::string>* again, WriteActivity* writes,
                                     bool last_try) {
    std::error_code failure;
    const fs::path folder = fs::canonical(root_, failure);
    if (writes != nullptr) writes->mark();
    WL_TRY(const Scan scan, scan_folder(failure ? root_ : folder));
    if (scan.bytes > options_.copy_limit) return in_place(scan);
    Reading reading = reader_.read(folder, scan, *again, last_ ? last_->tree : Tree());
    const WriteActivity::Activity activity =
        writes != nullptr ? writes->since_mark() : WriteActivity::Activity();
    for (const std::string& path : activity.touched) {
      if (!activity.open.contains(path))
        reading.moving.insert(path);  // what is open keeps its earlier content anyway
    }
    if (!reading.moving.empty() && !last_try) {
      again->insert(reading.moving.begin(), reading.moving.end());
      return moving_error();
    }
    reading.moving.insert(activity.open.begin(), activity.open.end());
    keep_earlier(&reading.tree, reading.moving, last_ ? last_->tree : Tree());
    return copy(folder, std::move(reading), again);
  }

  Result<SourceVersion> copy(const fs::path& folder, Reading reading,
                             std::set<std::string>* again) {
    const auto read = [&](const std::string& path) -> Result<std::string> {
      if (const auto kept = reading.contents.find(path); kept != reading.contents.end())
        return std::move(kept->second);
      std::string content;
      FileStamp stamp;
      const bool same = read_stable(folder / path, &content, &stamp) == ReadOutcome::kRead &&
                        content_hash(content) == reading.tree.at(path).hash;
      if (same) return content;
      again->insert(path);
      return moving_error();
    };
    std::vector<const StoredVersion*> origins;
    if (last_) origins.push_back(&*last_);
    WL_TRY(StoredVersion made, store_.build(tree_id(reading.tree), reading.tree, origins, read));
    last_ = std::move(made);
    return describe(*last_, std::move(reading.warnings));
  }

  SourceVersion describe(const StoredVersion& stored, std::vector<std::string> warnings) const {
    SourceVersion version{stored.id,           stored.path, root_,       {},
                          std::move(warnings), false,       stored.hold, false};
    version.modules = modules_of(stored.tree, &version.warnings);
    return version;
  }

  SourceVersion in_place(const Scan& scan) const {
    const Tree tree = tree_of_stamps(scan);
    SourceVersion version{tree_id(tree), root_, root_, {}, scan.warnings, true, nullptr, false};
    version.modules = modules_of(tree, &version.warnings);
    version.warnings.push_back(
        fmt::format("{} holds {} MiB, more than sources_copy_limit ({} MiB), and is used in place: "
                    "runs see edits at once, and a file that "
                    "breaks has no earlier version to go on with. Move large data elsewhere, or "
                    "raise the limit.",
                    root_.string(), scan.bytes >> 20, options_.copy_limit >> 20));
    return version;
  }

  static Error missing(const std::string& id) {
    return {"sources.version_missing",
            "The version " + id + " of the job files is not kept any more."};
  }

  Result<StoredVersion> open(const std::string& id) {
    auto version = store_.open(id, [&](const Tree& tree) { return tree_id(tree) == id; });
    if (!version) return missing(id);
    return std::move(*version);
  }

  const JobsRootOptions options_;
  const fs::path root_;
  VersionStore store_;
  RootReader reader_;
  std::optional<StoredVersion> last_;  ///< the newest snapshot, held
};

JobsRoot::JobsRoot(JobsRootOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
JobsRoot::~JobsRoot() = default;

Result<SourceVersion> JobsRoot::snapshot(const std::set<std::string>& touched,
                                         WriteActivity* writes) {
  return impl_->snapshot(touched, writes);
}
Result<SourceVersion> JobsRoot::compose(const SourceVersion& base,
                                        const std::map<std::string, std::string>& replacements) {
  return impl_->compose(base, replacements);
}
void JobsRoot::prune(const std::set<std::string>& keep) {
  impl_->prune(keep);
}

}  // namespace windlass::sources
