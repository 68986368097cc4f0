#include "sources/git/raw_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace windlass::sources {

namespace {

/// The name so that it can be shown: without control characters.
std::string shown(std::string_view name) {
  std::string text = to_valid_utf8(name);
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

/// Why the name cannot be used; "" when it can.
std::string_view danger_of(std::string_view name) {
  if (name.empty() || name == "." || name == "..") return "is no name of a file or folder";
  if (name.find('/') != std::string_view::npos) return "holds a slash";
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return "holds a control character";
  if (to_lower(name) == ".git") return "is Git's own folder";
  if (name.size() > 255) return "is longer than 255 bytes";
  return "";
}

Error unsafe(const std::string& folder, std::string_view name, std::string_view why) {
  return {"git.unsafe",
          fmt::format("The commit is not used: the name \"{}\" {}{}. Rename it in the repository.",
                      shown(name), folder.empty() ? "" : "in the folder \"" + shown(folder) + "\" ",
                      why)};
}

class Reader {
 public:
  Reader(git_repository* repository, std::int64_t limit, FetchWatch* watch,
         std::vector<std::string>* warnings)
      : repository_(repository), limit_(limit), watch_(watch), warnings_(warnings) {}

  Result<void> read(const std::string& folder, const git_oid& id, std::size_t depth) {
    if (!watch_->go_on()) return *watch_->failure();
    WL_TRY_VOID(check_place(folder, depth));
    git_tree* found = nullptr;
    if (git_tree_lookup(&found, repository_, &id) != 0)
      return git_failed("A folder of the commit cannot be read from the mirror.");
    const GitTree tree(found);
    auto& entries = tree_[folder];
    std::map<std::string, std::string> lower;  // → as it is
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      const std::string name = git_tree_entry_name(entry);
      WL_TRY_VOID(check_name(folder, name, &lower));
      if (!is_valid_utf8(name)) {
        warnings_->push_back("\"" + shown(joined(folder, name)) +
                             "\" is left out: its name is no UTF-8.");
      } else if (name != "__pycache__") {
        WL_TRY_VOID(add(folder, name, entry, depth, &entries));
      }
    }
    return ok();
  }

  RawTree take() { return std::move(tree_); }

 private:
  Result<void> check_name(const std::string& folder, const std::string& name,
                          std::map<std::string, std::string>* lower) {
    if (const auto why = danger_of(name); !why.empty()) return unsafe(folder, name, why);
    const auto [other, fresh] = lower->try_emplace(to_lower(name), name);
    if (!fresh) {
      return unsafe(folder, name,
                    "differs from \"" + shown(other->second) + "\" in upper and lower case alone");
    }
    if (++count_ > limit_) {
      return Error{
          "git.too_large",
          fmt::format("The commit is not used: it has more than {} files and folders. Take "
                      "out what the jobs do not need.",
                      limit_)};
    }
    return ok();
  }

  Result<void> add(const std::string& folder, const std::string& name, const git_tree_entry* entry,
                   std::size_t depth, std::map<std::string, RawEntry>* entries) {
    using Kind = RawEntry::Kind;
    const git_oid& id = *git_tree_entry_id(entry);
    switch (git_tree_entry_filemode(entry)) {
      case GIT_FILEMODE_TREE:
        entries->insert({name, {Kind::kFolder, id}});
        return read(joined(folder, name), id, depth + 1);
      case GIT_FILEMODE_LINK:
        entries->insert({name, {Kind::kLink, id}});
        return ok();
      case GIT_FILEMODE_COMMIT:
        entries->insert({name, {Kind::kSubmodule, id}});
        return ok();
      case GIT_FILEMODE_BLOB_EXECUTABLE:
        entries->insert({name, {Kind::kExecutable, id}});
        return ok();
      case GIT_FILEMODE_BLOB:
        entries->insert({name, {Kind::kFile, id}});
        return ok();
      default:
        return unsafe(folder, name, "is of a kind that Git does not know");
    }
  }

  git_repository* repository_;
  const std::int64_t limit_;
  FetchWatch* watch_;
  std::vector<std::string>* warnings_;
  RawTree tree_;
  std::int64_t count_ = 0;
};

}  // namespace

Result<void> check_place(const std::string& path, std::size_t depth) {
  const bool deep = depth > static_cast<std::size_t>(kDeepestFolder);
  if (!deep && path.size() <= kLongestPath) return ok();
  const std::string what = deep ? fmt::format("its folders lie more than {} deep", kDeepestFolder)
                                : fmt::format("it has a path of more than {} bytes", kLongestPath);
  return Error{"git.unsafe", fmt::format("The commit is not used: {}, at \"{}\". Move the files up "
                                         "in the repository.",
                                         what, shown(utf8_prefix(path, 200)))};
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

Result<RawTree> read_raw_tree(git_repository* repository, const git_oid& id, std::int64_t limit,
                              FetchWatch* watch, std::vector<std::string>* warnings) {
  git_commit* found = nullptr;
  if (git_commit_lookup(&found, repository, &id) != 0) {
    return git_failed("The commit " + to_text(id) +
                      " is not in the mirror; sync the repository again.");
  }
  const Commit commit(found);
  Reader reader(repository, limit, watch, warnings);
  WL_TRY_VOID(reader.read("", *git_commit_tree_id(commit.get()), 0));
  return reader.take();
}

}  // namespace windlass::sources
