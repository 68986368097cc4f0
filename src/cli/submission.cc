#include "cli/submission.h"

#include <fmt/format.h>

#include <iostream>

#include "base/program.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/result_text.h"

namespace windlass::cli {

Result<User> choose_user(Storage& storage, const std::string& username,
                         std::string_view otherwise) {
  if (!username.empty()) return storage.accounts().find_user(username);
  Query superusers;
  superusers.filters = {{"is_superuser", Filter::Is::kOneOf, {DbValue(std::int64_t{1})}},
                        {"is_active", Filter::Is::kOneOf, {DbValue(std::int64_t{1})}}};
  WL_TRY(Page<User> found, storage.accounts().list_users(superusers));
  if (found.items.empty()) {
    return Error{"cli.no_superuser", "There is no account yet; make one with `" +
                                         program::command("createsuperuser") + "`" +
                                         std::string(otherwise) + "."};
  }
  if (found.items.size() > 1) {
    return Error{"cli.several_superusers",
                 "There are several superusers; say which with --username."};
  }
  return std::move(found.items.front());
}

engine::SubmitOptions submit_options(const Home& home) {
  // Whether `windlass start` has the home for itself.
  const auto served_alone = [&home] {
    const auto lock = HomeLock::take(home.settings.home, false);
    return !lock.ok() && lock.error().code == "home.in_use";
  };
  return {.default_queue = home.settings.default_queue, .served_alone = served_alone};
}

int report_run(Storage& storage, const JobResult& submitted, bool as_json) {
  EventPrinter printer;
  const auto end = follow(storage, submitted, true, [&](const Event& event) {
    if (!as_json) printer.print(event);
  });
  printer.finish();
  if (!end.ok()) return refuse(end.error());
  if (as_json) {
    std::cout << to_text(result_json(*end)) << "\n";
  } else {
    print_result(*end);
  }
  return end->status == JobResultStatus::kSuccess ? kOk : kFailed;
}

}  // namespace windlass::cli
