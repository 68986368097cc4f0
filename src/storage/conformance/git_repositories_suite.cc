#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

GitRepository GitRepositoriesConformance::add_repository(const std::string& name) {
  GitRepository repository;
  repository.id = new_id(clock().now());
  repository.name = name;
  repository.slug = name;
  repository.remote_url = "https://example.org/" + name + ".git";
  return storage().git_repositories().add(repository).value();
}

TEST_P(GitRepositoriesConformance, KeepEveryField) {
  GitRepository repository;
  repository.id = new_id(clock().now());
  repository.name = "Gr\u00fc\u00dfe";
  repository.slug = "gruesse";
  repository.remote_url = "ssh://git@example.org/x.git";
  repository.branch = "v1";
  repository.current_head = "aa";
  repository.newest_head = "bb";
  repository.sync_error = "Traceback\nSyntaxError";
  repository.last_synced = clock().now() - Micros(5);
  repository.poll_interval = 1.5;
  repository.python = "/opt/venv/bin/python";
  repository.username = "ada";
  repository.secret_kind = kSshKeySecret;
  repository.secret = "1:sealed";
  repository.webhook_secret = "1:too";
  repository.known_hosts = "example.org ssh-ed25519 AAAA";
  storage().git_repositories().add(repository).value();
  const GitRepository kept = storage().git_repositories().get(repository.id).value();
  repository.created = repository.last_updated = clock().now();
  for (const Field<GitRepository>& field : fields_of<GitRepository>()) {
    std::visit([&](auto member) { EXPECT_EQ(kept.*member, repository.*member) << field.name; },
               field.member);
  }
  EXPECT_EQ(storage().git_repositories().find(repository.name)->id, repository.id);
  EXPECT_EQ(storage().git_repositories().find_by_slug("gruesse")->id, repository.id);
}

TEST_P(GitRepositoriesConformance, UnknownOnesAreNotFound) {
  GitRepositoryStore& store = storage().git_repositories();
  const Uuid id = new_id(clock().now());
  EXPECT_EQ(store.get(id).error().code, "git_repository.not_found");
  EXPECT_EQ(store.find("net").error().code, "git_repository.not_found");
  EXPECT_EQ(store.find_by_slug("net").error().code, "git_repository.not_found");
  EXPECT_EQ(store.remove(id).error().code, "git_repository.not_found");
  EXPECT_EQ(store.modify(id, [](GitRepository&) { return ok(); }).error().code,
            "git_repository.not_found");
}

TEST_P(GitRepositoriesConformance, NamesAndSlugsAreUnique) {
  GitRepositoryStore& store = storage().git_repositories();
  const GitRepository first = add_repository("net");
  const GitRepository second = add_repository("other");
  GitRepository twin = first;
  twin.id = new_id(clock().now());
  const Error error = store.add(twin).error();
  EXPECT_EQ(error.code, "git_repository.exists");
  EXPECT_THAT(error.fields, SizeIs(2));
  EXPECT_TRUE(error.fields.contains("name"));
  EXPECT_TRUE(error.fields.contains("slug"));
  const auto renamed = store.modify(second.id, [](GitRepository& repository) -> Result<void> {
    repository.name = "net";
    return ok();
  });
  EXPECT_EQ(renamed.error().code, "git_repository.exists");
  EXPECT_THAT(renamed.error().fields, SizeIs(1));
  EXPECT_EQ(store.get(second.id)->name, "other");
  EXPECT_EQ(store.list({})->count, 2);
}

TEST_P(GitRepositoriesConformance, AChangeWritesAllOrNothing) {
  GitRepositoryStore& store = storage().git_repositories();
  const GitRepository added = add_repository();
  clock().advance(std::chrono::seconds(1));
  const GitRepository changed = store
                                    .modify(added.id,
                                            [](GitRepository& repository) -> Result<void> {
                                              repository.current_head = "aa";
                                              repository.slug = "another";
                                              repository.id = Uuid{};
                                              return ok();
                                            })
                                    .value();
  EXPECT_EQ(changed.id, added.id);
  EXPECT_EQ(changed.slug, added.slug);
  EXPECT_EQ(changed.created, added.created);
  EXPECT_EQ(changed.last_updated, clock().now());
  EXPECT_EQ(store.get(added.id)->current_head, "aa");
  const auto refused = store.modify(added.id, [](GitRepository& repository) -> Result<void> {
    repository.current_head = "bb";
    return Error{"test.refused", "No."};
  });
  EXPECT_EQ(refused.error().code, "test.refused");
  EXPECT_EQ(store.get(added.id)->current_head, "aa");
}

TEST_P(GitRepositoriesConformance, SeveralChangeTogetherOrNot) {
  GitRepositoryStore& store = storage().git_repositories();
  const GitRepository first = add_repository("a");
  const GitRepository second = add_repository("b");
  const auto move_to = [](const std::string& commit, const std::string& refused) {
    return [=](GitRepository& repository) -> Result<void> {
      if (repository.slug == refused) return Error{"test.refused", "No."};
      repository.current_head = commit;
      return ok();
    };
  };
  const auto both = store.modify_all({second.id, first.id}, move_to("aa", "")).value();
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[0].slug, "b");
  EXPECT_EQ(both[1].current_head, "aa");
  const auto refused = store.modify_all({first.id, second.id}, move_to("bb", "b"));
  EXPECT_EQ(refused.error().code, "test.refused");
  EXPECT_EQ(store.get(first.id)->current_head, "aa");
  EXPECT_EQ(store.modify_all({first.id, new_id(clock().now())}, move_to("cc", "")).error().code,
            "git_repository.not_found");
  EXPECT_EQ(store.get(first.id)->current_head, "aa");
  EXPECT_THAT(store.modify_all({}, move_to("dd", "")).value(), IsEmpty());
}

TEST_P(GitRepositoriesConformance, AreListedByName) {
  for (const char* name : {"b", "c", "a"}) add_repository(name);
  const auto names = [&](const Query& query) {
    std::vector<std::string> out;
    const auto page = storage().git_repositories().list(query).value();
    for (const GitRepository& repository : page.items) out.push_back(repository.name);
    return out;
  };
  EXPECT_THAT(names({}), ElementsAre("a", "b", "c"));
  Query query;
  query.search = "ORG/B";
  EXPECT_THAT(names(query), ElementsAre("b"));
  query = {};
  query.filters.push_back({"slug", Filter::Is::kOneOf, {"a", "c"}});
  query.sort = "-name";
  EXPECT_THAT(names(query), ElementsAre("c", "a"));
}

TEST_P(GitRepositoriesConformance, ResultsOfTheirSyncsAreFoundAndStay) {
  const GitRepository repository = add_repository();
  const Job job = add_job("Sync");
  enqueue(job);
  NewRun run = new_run(job);
  run.git_repository = repository.id;
  const JobResult sync = enqueue(run);
  EXPECT_EQ(reload(sync).git_repository, repository.id);
  Query query;
  query.filters.push_back(
      {"git_repository", Filter::Is::kOneOf, {DbValue(repository.id.to_string())}});
  const auto found = storage().results().list(query).value();
  EXPECT_EQ(found.count, 1);
  ASSERT_THAT(found.items, SizeIs(1));
  EXPECT_EQ(found.items[0].id, sync.id);
  clock().advance(std::chrono::seconds(1));
  run.id = new_id(clock().now());
  const JobResult second = enqueue(run);
  run.id = new_id(clock().now());
  run.task_name = "another";
  enqueue(run);
  ResultStore& results = storage().results();
  EXPECT_EQ(results.newest_of(repository.id, second.task_name).value()->id, second.id);
  EXPECT_EQ(results.newest_of(repository.id, "none").value(), std::nullopt);
  EXPECT_EQ(results.newest_of(new_id(clock().now()), second.task_name).value(), std::nullopt);
  const Worker worker = add_worker();
  for (const ClaimedRun& claimed : claim(worker, 4)) finish(worker, claimed);

  storage().git_repositories().remove(repository.id).value();
  EXPECT_EQ(storage().git_repositories().get(repository.id).error().code,
            "git_repository.not_found");
  EXPECT_EQ(reload(sync).git_repository, std::nullopt);
  EXPECT_EQ(storage().results().newest_of(repository.id, "Sync").value(), std::nullopt);
  run.id = new_id(clock().now());
  EXPECT_EQ(storage().results().enqueue(run).error().code, "git_repository.not_found");
}

TEST_P(GitRepositoriesConformance, CommitsThatServedAreKnownWithTheirUrl) {
  GitRepositoryStore& store = storage().git_repositories();
  const GitRepository repository = add_repository();
  const std::string first = repository.remote_url;
  const auto set = [&](const std::string& url, const std::string& head) {
    store
        .modify(repository.id,
                [&](GitRepository& stored) -> Result<void> {
                  stored.remote_url = url;
                  stored.current_head = head;
                  return ok();
                })
        .value();
  };
  EXPECT_EQ(store.remote_of(repository.slug, "a").value(), "");
  set(first, "a");
  set("https://example.org/elsewhere", "a");
  EXPECT_EQ(store.remote_of(repository.slug, "a").value(), first) << "it was not fetched there";
  set("https://example.org/elsewhere", "b");
  store.remove(repository.id).value();
  EXPECT_EQ(store.remote_of(repository.slug, "a").value(), first);
  EXPECT_EQ(store.remote_of(repository.slug, "b").value(), "https://example.org/elsewhere");
  EXPECT_EQ(store.remote_of("other", "a").value(), "");
}

TEST_P(GitRepositoriesConformance, SyncsThatBroughtNothingAreToldBeyondTheNewest) {
  const GitRepository repository = add_repository();
  const Job job = add_job("Sync");
  const Worker worker = add_worker();
  ResultStore& results = storage().results();
  const auto run = [&](std::optional<Uuid> of, std::optional<Uuid> user, json::value value,
                       JobResultStatus status = JobResultStatus::kSuccess) {
    clock().advance(std::chrono::seconds(1));
    NewRun wanted = new_run(job);
    wanted.git_repository = of;
    wanted.user = user;
    const JobResult queued = enqueue(wanted);
    RunOutcome outcome;
    outcome.status = status;
    outcome.result = std::move(value);
    const ClaimedRun claimed = claim(worker, 1).at(0);
    WorkRequest end;
    end.worker = worker.id;
    RunWrite& write = end.writes.emplace_back();
    write.number = claimed.result.number;
    write.lease_token = claimed.lease_token;
    write.outcome = std::move(outcome);
    results.exchange(end).value();
    return queued.id;
  };
  const json::object nothing{{"changed", false}};
  const json::object brought{{"changed", true}};
  run(std::nullopt, std::nullopt, nothing);  // of no repository
  const Uuid oldest = run(repository.id, std::nullopt, nothing);
  const Uuid failed = run(repository.id, std::nullopt, brought, JobResultStatus::kFailure);
  const Uuid odd = run(repository.id, std::nullopt, "no object");
  run(repository.id, std::nullopt, brought);
  run(repository.id, add_user().id, nothing);
  run(repository.id, std::nullopt, nothing);
  run(repository.id, std::nullopt, nothing);
  const std::string task = new_run(job).task_name;
  EXPECT_THAT(results.idle_of_repositories(task, 2, 10).value(),
              testing::UnorderedElementsAre(oldest, failed, odd));
  EXPECT_THAT(results.idle_of_repositories(task, 2, 1).value(), SizeIs(1));
  EXPECT_THAT(results.idle_of_repositories(task, 5, 10).value(), testing::IsEmpty());
  EXPECT_THAT(results.idle_of_repositories("another", 0, 10).value(), testing::IsEmpty());
  Query none;
  none.filters.push_back({"git_repository", Filter::Is::kOneOf, {DbValue{}}});
  EXPECT_EQ(results.list(none).value().count, 1);
}

TEST_P(GitRepositoriesConformance, ResealingChangesEverySecretOrNone) {
  GitRepositoryStore& store = storage().git_repositories();
  const GitRepository plain = add_repository("plain");
  const GitRepository repository = add_repository("sealed");
  store
      .modify(repository.id,
              [](GitRepository& record) -> Result<void> {
                record.secret_kind = kTokenSecret;
                record.secret = "a";
                record.webhook_secret = "b";
                return ok();
              })
      .value();
  const auto failing = store.reseal([](const std::string& sealed) -> Result<std::string> {
    if (sealed == "b") return Error{"key.damaged", "Damaged."};
    return "new " + sealed;
  });
  EXPECT_EQ(failing.error().code, "key.damaged");
  EXPECT_EQ(store.get(repository.id)->secret, "a");
  std::vector<std::string> seen;
  EXPECT_EQ(store
                .reseal([&](const std::string& sealed) -> Result<std::string> {
                  seen.push_back(sealed);
                  return "new " + sealed;
                })
                .value(),
            2);
  EXPECT_THAT(seen, UnorderedElementsAre("a", "b"));
  EXPECT_EQ(store.get(repository.id)->secret, "new a");
  EXPECT_EQ(store.get(repository.id)->webhook_secret, "new b");
  EXPECT_THAT(store.get(plain.id)->secret, IsEmpty());
}

}  // namespace windlass::conformance
