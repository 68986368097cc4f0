#include <fmt/format.h>

#include <iostream>

#include "base/program.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/home.h"
#include "cli/result_text.h"

namespace windlass::cli {

namespace {

int list(Home& home, const ResultsOptions& options) {
  Query query;
  query.limit = options.limit;
  if (!options.status.empty()) {
    if (!parse_status(options.status)) {
      return refuse(
          {"cli.status",
           "\"" + options.status +
               "\" is no status; it is PENDING, STARTED, RETRY, SUCCESS, FAILURE or REVOKED."});
    }
    query.filters.push_back({"status", Filter::Is::kOneOf, {DbValue(options.status)}});
  }
  const auto page = home.storage->results().list(query);
  if (!page.ok()) return refuse(page.error());
  json::array array;
  for (const JobResult& result : page->items) {
    if (options.json) {
      array.push_back(result_json(result));
    } else {
      fmt::print("{}  {:<8} {}  {:<40} {}\n", result.id.to_string(), to_string(result.status),
                 to_rfc3339(result.date_created).substr(0, 19), result.task_name, result.reason);
    }
  }
  if (options.json) std::cout << to_text(array) << "\n";
  return kOk;
}

int logs(Home& home, const JobResult& result, const ResultsOptions& options) {
  EventPrinter printer;
  const auto print = [&](const Event& event) {
    if (options.attempt != 0 && event.attempt != options.attempt) return;
    if (!options.json) return printer.print(event);
    std::cout << to_text(json::object{{"sequence", event.sequence},
                                      {"attempt", event.attempt},
                                      {"kind", static_cast<std::int64_t>(event.kind)},
                                      {"created", to_rfc3339(event.created)},
                                      {"level", event.level},
                                      {"grouping", event.grouping},
                                      {"message", event.message}})
              << "\n";
  };
  const auto end = follow(*home.storage, result, options.follow, print);
  printer.finish();
  return end.ok() ? kOk : refuse(end.error());
}

int cancel(Home& home, const JobResult& result) {
  const auto after = home.storage->results().request_cancel(result.id, "the command line");
  if (!after.ok()) return refuse(after.error());
  if (is_final(after->status)) {
    fmt::print("{} is {}.\n", after->id.to_string(), to_string(after->status));
  } else {
    const std::string id = after->id.to_string();
    fmt::print("{} is asked to stop; follow it with `{}`.\n", id,
               program::command("results logs -f " + id));
  }
  return kOk;
}

Result<JobResult> find_result(Storage& storage, const std::string& text) {
  const auto id = Uuid::parse(text);
  if (!id)
    return Error{"job_result.not_found", "\"" + text + "\" is not the id of a result; `" +
                                             program::command("results") + "` lists them."};
  return storage.results().get(*id);
}

}  // namespace

int results(const LoadedSettings& loaded, const ResultsOptions& options) {
  const auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  if (options.action == "list") return list(**home, options);
  const auto result = find_result(*(*home)->storage, options.result);
  if (!result.ok()) return refuse(result.error());
  if (options.action == "logs") return logs(**home, *result, options);
  if (options.action == "cancel") return cancel(**home, *result);
  if (options.json) {
    std::cout << to_text(result_json(*result)) << "\n";
  } else {
    print_result(*result);
  }
  return kOk;
}

}  // namespace windlass::cli
