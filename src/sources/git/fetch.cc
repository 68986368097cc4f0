#include "sources/git/fetch.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/files.h"
#include "base/text.h"
#include "sources/git/copy_objects.h"
#include "sources/git/ssh_transport.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

constexpr const char* kHeadReference = "refs/windlass/head";
constexpr std::size_t kMostReferences = 1'000'000;

/// To other paths of the same host alone: the token is for that host.
constexpr git_remote_redirect_t kRedirects = GIT_REMOTE_REDIRECT_NONE;

/// What the callbacks of libgit2 get of a fetch.
struct Fetch {
  const GitRemote& remote;
  const RemoteUrl& url;
  const GitOptions& options;
  FetchWatch* watch;
  SshAccess ssh = {};
  bool gave_credentials = false;
};

Fetch& of(void* payload) {
  return *static_cast<Fetch*>(payload);
}

int give_credentials(git_credential** out, const char* /*url*/, const char* /*user*/,
                     unsigned allowed, void* payload) {
  Fetch& fetch = of(payload);
  const bool has_token = fetch.remote.kind == GitRemote::Secret::kToken;
  if (!has_token || (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0) {
    fetch.watch->fail(
        {"git.credentials",
         has_token
             ? fmt::format("{} takes no user name and token for this repository.", fetch.url.host)
             : fmt::format("{} gives this repository out only to who signs in, or there is no "
                           "such repository: check the URL, and give the repository a token "
                           "that may read it.",
                           fetch.url.host)});
    return GIT_EUSER;
  }
  if (fetch.gave_credentials) {
    fetch.watch->fail(
        {"git.credentials",
         fmt::format("{} refused the repository's user name and token; check that the "
                     "token has not expired and may read the repository.",
                     fetch.url.host)});
    return GIT_EUSER;
  }
  fetch.gave_credentials = true;
  std::string user = fetch.remote.username;
  // With a token most hosts take any name.
  if (user.empty()) user = fetch.url.host == "bitbucket.org" ? "x-token-auth" : "git";
  return git_credential_userpass_plaintext_new(out, user.c_str(), fetch.remote.secret.c_str());
}

int show_progress(const git_indexer_progress* stats, void* payload) {
  Fetch& fetch = of(payload);
  if (static_cast<std::int64_t>(stats->received_bytes) > fetch.options.fetch_limit) {
    fetch.watch->fail(
        {"git.too_large",
         fmt::format("The fetch was given up after {} MiB: the repository's history is "
                     "too large.",
                     fetch.options.fetch_limit >> 20)});
    return GIT_EUSER;
  }
  fetch.watch->set_progress(fmt::format("{} of {} objects, {:.1f} MiB", stats->received_objects,
                                        stats->total_objects,
                                        static_cast<double>(stats->received_bytes) / (1 << 20)));
  return fetch.watch->go_on() ? 0 : GIT_EUSER;
}

int hear_server(const char* /*text*/, int /*size*/, void* payload) {
  return of(payload).watch->go_on() ? 0 : GIT_EUSER;
}

int choose_transport(git_transport** out, git_remote* remote, void* payload) {
  return make_ssh_transport(out, remote, &of(payload).ssh);
}

git_remote_callbacks callbacks_of(Fetch* fetch) {
  git_remote_callbacks callbacks;
  git_remote_init_callbacks(&callbacks, GIT_REMOTE_CALLBACKS_VERSION);
  callbacks.credentials = give_credentials;
  callbacks.transfer_progress = show_progress;
  callbacks.sideband_progress = hear_server;
  if (fetch->url.scheme == RemoteUrl::Scheme::kSsh) callbacks.transport = choose_transport;
  callbacks.payload = fetch;
  return callbacks;
}

Result<SshAccess> ssh_access(const GitRemote& remote, const RemoteUrl& url,
                             const GitOptions& options) {
  SshAccess access;
  access.host = url.host;
  if (url.port != 0) access.port = url.port;
  access.path = url.path;
  access.username = !remote.username.empty() ? remote.username : url.user;
  if (access.username.empty()) access.username = "git";
  if (remote.kind == GitRemote::Secret::kSshKey) access.private_key = remote.secret;
  if (remote.kind == GitRemote::Secret::kToken) access.password = remote.secret;
  access.known_hosts = remote.known_hosts;
  std::error_code missing;
  if (strip(access.known_hosts).empty() && fs::exists(options.known_hosts_file, missing)) {
    WL_TRY(access.known_hosts, read_file(options.known_hosts_file));
  }
  return access;
}

/// What to hand to libgit2: for files the path, resolved, so that it is the one that was checked.
std::string place_of(const GitRemote& remote, const RemoteUrl& url) {
  if (url.scheme != RemoteUrl::Scheme::kFile) return remote.url;
  std::error_code failure;
  return fs::weakly_canonical(url.path, failure).string();
}

/// Why the fetch did not work, from what we or libgit2 know.
Error explain(const Fetch& fetch, int code) {
  if (fetch.watch->failure()) {
    Error error = *fetch.watch->failure();
    if (error.detail.empty()) error.detail = git_said();
    return error;
  }
  const std::string where = shown_url(fetch.remote.url);
  const std::string said = git_said();
  const git_error* last = git_error_last();
  const int kind = last != nullptr ? last->klass : GIT_ERROR_NONE;
  if (code == GIT_ECERTIFICATE || kind == GIT_ERROR_SSL) {
    return {"git.unreachable",
            where +
                " cannot be trusted: its TLS certificate is not valid, or not known here. If it "
                "is signed by an authority of your own, add that to the system's certificates.",
            said};
  }
  if (said.ends_with("404") || said.ends_with("403") || said.ends_with("401")) {
    return {"git.credentials",
            where + " does not exist, or the repository's credentials may not read it.", said};
  }
  if (kind == GIT_ERROR_NET || kind == GIT_ERROR_HTTP || kind == GIT_ERROR_SSH ||
      fetch.url.scheme == RemoteUrl::Scheme::kFile) {
    return {
        "git.unreachable",
        "The repository " + where + " cannot be fetched" + (said.empty() ? "." : ": " + said + "."),
        said};
  }
  return git_failed("The fetch from " + where + " failed.");
}

struct RemoteReference {
  std::string name;
  git_oid id;
};

Result<RemoteReference> find_reference(git_remote* remote, const Fetch& fetch) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (const int code = git_remote_ls(&heads, &count, remote); code != 0)
    return explain(fetch, code);
  if (count > kMostReferences)
    return Error{"git.too_large", "The repository has more than a million branches and tags."};
  for (const std::string_view kind : {"refs/heads/", "refs/tags/"}) {
    const std::string wanted = std::string(kind) + fetch.remote.branch;
    for (std::size_t i = 0; i < count; ++i) {
      if (wanted == heads[i]->name) return RemoteReference{wanted, heads[i]->oid};
    }
  }
  return Error{"git.no_branch",
               fmt::format("The repository {} has no branch or tag \"{}\"{}.",
                           shown_url(fetch.remote.url), to_valid_utf8(fetch.remote.branch),
                           count == 0 ? "; it is empty: push a commit first" : "")};
}

bool has_object(git_repository* repository, const git_oid& id) {
  git_odb* opened = nullptr;
  if (git_repository_odb(&opened, repository) != 0) return false;
  const Odb objects(opened);
  return git_odb_exists(objects.get(), &id) == 1;
}

Result<void> download(git_repository* repository, git_remote* remote,
                      const RemoteReference& reference, Fetch* fetch) {
  if (fetch->url.scheme == RemoteUrl::Scheme::kFile) {
    git_oid have;
    const bool has = git_reference_name_to_id(&have, repository, kHeadReference) == 0;
    auto copied = copy_objects(git_remote_url(remote), reference.id, repository,
                               has ? &have : nullptr, fetch->watch);
    return copied.ok() || !fetch->watch->failure() ? copied : explain(*fetch, 0);
  }
  git_fetch_options options;
  git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
  options.callbacks = callbacks_of(fetch);
  options.proxy_opts.type = GIT_PROXY_AUTO;
  options.follow_redirects = kRedirects;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.update_fetchhead = 0;
  std::string wanted = "+" + reference.name + ":" + kHeadReference;
  std::array<char*, 1> list = {wanted.data()};
  const git_strarray specifications = {list.data(), list.size()};
  if (const int code = git_remote_download(remote, &specifications, &options); code != 0)
    return explain(*fetch, code);
  return ok();
}

/// The commit that a reference leads to: annotated tags are peeled.
Result<GitHead> describe(git_repository* repository, const RemoteReference& reference,
                         const GitRemote& remote) {
  git_object* found = nullptr;
  if (git_object_lookup(&found, repository, &reference.id, GIT_OBJECT_ANY) != 0)
    return git_failed("What was fetched cannot be read from the mirror.");
  const Object object(found);
  git_object* peeled = nullptr;
  const int code = git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT);
  if (code == GIT_EINVALIDSPEC || code == GIT_EPEEL) {
    return Error{"git.no_branch",
                 fmt::format("The tag \"{}\" of the repository leads to no commit.",
                             to_valid_utf8(remote.branch))};
  }
  if (code != 0) return git_failed("What was fetched cannot be read from the mirror.");
  const Commit commit(reinterpret_cast<git_commit*>(peeled));
  const char* summary = git_commit_summary(commit.get());
  const git_signature* author = git_commit_author(commit.get());
  GitHead head;
  head.commit = to_text(*git_commit_id(commit.get()));
  head.reference = reference.name;
  head.summary = to_valid_utf8(summary != nullptr ? summary : "");
  head.author = to_valid_utf8(author != nullptr && author->name != nullptr ? author->name : "");
  head.time = from_micros(git_commit_time(commit.get()) * 1'000'000);
  return head;
}

/// Keeps the commit: what is fetched next is told to the server as what is new since this.
Result<void> remember(git_repository* repository, const std::string& commit) {
  git_oid id;
  git_reference* made = nullptr;
  if (!from_text(commit, &id) ||
      git_reference_create(&made, repository, kHeadReference, &id, 1, nullptr) != 0)
    return git_failed("The mirror cannot take the new commit.");
  git_reference_free(made);
  return ok();
}

}  // namespace

Result<GitHead> fetch_into(git_repository* repository, const GitRemote& remote,
                           const GitOptions& options, FetchWatch* watch) {
  WL_TRY_VOID(check_remote_url(remote.url, options.file_roots));
  WL_TRY(const RemoteUrl url, parse_remote_url(remote.url));
  Fetch fetch{remote, url, options, watch};
  if (url.scheme == RemoteUrl::Scheme::kSsh) {
    WL_TRY(fetch.ssh, ssh_access(remote, url, options));
  }
  git_remote* made = nullptr;
  if (git_remote_create_anonymous(&made, repository, place_of(remote, url).c_str()) != 0)
    return git_failed("The repository's URL cannot be used.");
  const Remote handle(made);

  git_remote_connect_options connect;
  git_remote_connect_options_init(&connect, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
  connect.callbacks = callbacks_of(&fetch);
  connect.proxy_opts.type = GIT_PROXY_AUTO;
  connect.follow_redirects = kRedirects;
  if (const int code = git_remote_connect_ext(made, GIT_DIRECTION_FETCH, &connect); code != 0)
    return explain(fetch, code);
  WL_TRY(const RemoteReference reference, find_reference(made, fetch));
  if (!has_object(repository, reference.id)) {
    WL_TRY_VOID(download(repository, made, reference, &fetch));
  }
  git_remote_disconnect(made);
  WL_TRY(GitHead head, describe(repository, reference, remote));
  WL_TRY_VOID(remember(repository, head.commit));
  return head;
}

}  // namespace windlass::sources
