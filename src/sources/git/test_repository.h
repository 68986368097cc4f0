#pragma once

#include <git2.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "sources/git/git_mirror.h"
#include "sources/git/library.h"

namespace windlass::sources {

struct TestFile {
  std::string content;  ///< of a submodule: any commit's id
  unsigned mode = 0100644;
};
inline TestFile link_to(std::string target) {
  return {std::move(target), 0120000};
}

/// Path → file.
using TestFiles = std::map<std::string, TestFile>;

/// A bare repository to be fetched, which takes names that Git itself would not write. For tests.
class TestRepository {
 public:
  explicit TestRepository(std::filesystem::path path) : path_(std::move(path)) {
    prepare_git();
    git_repository* made = nullptr;
    EXPECT_EQ(git_repository_init(&made, path_.c_str(), 1), 0);
    repository_.reset(made);
    git_odb* objects = nullptr;
    EXPECT_EQ(git_repository_odb(&objects, made), 0);
    objects_.reset(objects);
  }

  std::string url() const { return "file://" + path_.string(); }
  const std::filesystem::path& path() const { return path_; }

  /// Commits these files onto the branch, on top of what it has unless `fresh`: then it is a forced
  /// push of another history. Returns the commit.
  std::string commit(const TestFiles& files, const std::string& branch = "main",
                     bool fresh = false) {
    return commit_tree(folder(files), branch, fresh);
  }

  /// Commits one tree of these entries, names as they are.
  struct Entry {
    unsigned mode;
    std::string name;
    git_oid id;
  };
  std::string commit_entries(const std::vector<Entry>& entries) {
    return commit_tree(tree(entries), "main", false);
  }
  git_oid blob(const std::string& content) { return write(content, GIT_OBJECT_BLOB); }
  git_oid tree(const std::vector<Entry>& entries) {
    std::string content;
    for (const Entry& entry : entries) {
      char mode[16];
      std::snprintf(mode, sizeof mode, "%o ", entry.mode);
      content += mode + entry.name + '\0';
      content.append(reinterpret_cast<const char*>(entry.id.id), GIT_OID_RAWSZ);
    }
    return write(content, GIT_OBJECT_TREE);
  }

  void tag(const std::string& name, const std::string& commit, bool annotated) {
    git_oid id;
    git_object* target = nullptr;
    ASSERT_TRUE(from_text(commit, &id));
    ASSERT_EQ(git_object_lookup(&target, repository_.get(), &id, GIT_OBJECT_ANY), 0);
    const Object object(target);
    git_oid made;
    if (annotated) {
      git_signature* who = signature();
      ASSERT_EQ(git_tag_create(&made, repository_.get(), name.c_str(), target, who, "release", 1),
                0);
      git_signature_free(who);
    } else {
      ASSERT_EQ(git_tag_create_lightweight(&made, repository_.get(), name.c_str(), target, 1), 0);
    }
  }

  void point(const std::string& reference, const git_oid& id) {
    git_reference* made = nullptr;
    ASSERT_EQ(git_reference_create(&made, repository_.get(), reference.c_str(), &id, 1, nullptr),
              0);
    git_reference_free(made);
  }

 private:
  static git_signature* signature() {
    git_signature* made = nullptr;
    git_signature_new(&made, "Ada", "ada@example.com", 1'700'000'000, 0);
    return made;
  }

  git_oid write(const std::string& content, git_object_t type) {
    git_oid id{};
    EXPECT_EQ(git_odb_write(&id, objects_.get(), content.data(), content.size(), type), 0);
    return id;
  }

  git_oid folder(const TestFiles& files) {
    std::map<std::string, TestFiles> folders;
    std::map<std::string, Entry> entries;  // as Git sorts them: a folder's name ends with a slash
    for (const auto& [path, file] : files) {
      const auto slash = path.find('/');
      if (slash != std::string::npos) {
        folders[path.substr(0, slash)][path.substr(slash + 1)] = file;
        continue;
      }
      git_oid id;
      if (file.mode == GIT_FILEMODE_COMMIT) {
        EXPECT_TRUE(from_text(file.content, &id));
      } else {
        id = blob(file.content);
      }
      entries[path] = {file.mode, path, id};
    }
    for (const auto& [name, inside] : folders)
      entries[name + "/"] = {0040000, name, folder(inside)};
    std::vector<Entry> sorted;
    for (const auto& [name, entry] : entries) sorted.push_back(entry);
    return tree(sorted);
  }

  std::string commit_tree(const git_oid& tree_id, const std::string& branch, bool fresh) {
    const std::string reference = "refs/heads/" + branch;
    std::string content = "tree " + to_text(tree_id) + "\n";
    git_oid parent;
    if (!fresh && git_reference_name_to_id(&parent, repository_.get(), reference.c_str()) == 0)
      content += "parent " + to_text(parent) + "\n";
    content +=
        "author Ada <ada@example.com> 1700000000 +0000\n"
        "committer Ada <ada@example.com> 1700000000 +0000\n\nCommit " +
        std::to_string(++commits_) + "\n";
    const git_oid id = write(content, GIT_OBJECT_COMMIT);
    point(reference, id);
    return to_text(id);
  }

  std::filesystem::path path_;
  Repository repository_;
  Odb objects_;
  int commits_ = 0;
};

/// A mirror in a temporary home, and a repository for it to fetch.
class TestMirror : public ::testing::Test {
 protected:
  TestMirror() {
    for (const char* name : {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"})
      ::unsetenv(name);
  }
  static TestFiles files(const std::string& jobs = "x = 1\n") {
    return {{"__init__.py", {""}}, {"jobs.py", {jobs}}};
  }
  GitOptions options() const {
    GitOptions options;
    options.folder = home_ / "git";
    options.file_roots = {folder_.path()};
    options.known_hosts_file = folder_.path() / "known_hosts";
    return options;
  }
  GitRemote remote(const std::string& branch = "main") const {
    GitRemote remote;
    remote.url = origin_.url();
    remote.branch = branch;
    return remote;
  }
  Result<GitHead> fetch(const std::string& branch = "main") {
    return mirror_.fetch(remote(branch), nullptr);
  }
  /// Fetches and checks out what the branch has.
  Result<SourceVersion> sync() {
    WL_TRY(const GitHead head, fetch());
    return mirror_.checkout(head.commit);
  }
  /// Commits a jobs.py of this content, then as sync().
  SourceVersion sync_jobs(const std::string& jobs) {
    origin_.commit(files(jobs));
    return sync().value();
  }
  /// The code of the refusal of a commit, "" when it is taken.
  std::string refusal_of(const TestFiles& files) {
    origin_.commit(files);
    const auto version = sync();
    return version.ok() ? "" : version.error().code;
  }
  static std::string content(const SourceVersion& version, const std::string& path) {
    return read_file(version.path / path).value_or("(missing)");
  }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::filesystem::path home_ = folder_.path() / "home";
  TestRepository origin_{folder_.path() / "origin.git"};
  GitMirror mirror_{options(), "netjobs"};
};

}  // namespace windlass::sources
