#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/field.h"
#include "server/http/response.h"

namespace windlass::rest {

struct Call;

/// Who may call an operation.
enum class Access {
  kAnyone,
  kSuperuser,  ///< an active superuser, by token or session
};

/// A parameter of the query.
struct QueryParameter {
  std::string name;
  std::string schema;  ///< OpenAPI schema, as JSON text
  std::string help;
};

/// The parameter of operations whose answers refer to other objects.
inline QueryParameter depth_parameter() {
  return {"depth", R"({"type":"integer","minimum":0,"default":0})",
          "1 embeds related objects whole; log and console entries embed no deeper."};
}

/// The parameter of operations whose Markdown can be had as HTML too.
inline QueryParameter render_parameter(std::string_view member) {
  return {"render", R"({"type":"string","enum":["html"]})",
          "html adds " + std::string(member) + ": the Markdown as HTML that is safe to show."};
}

/// One place and method of the interface, as data: what the router serves and what OpenAPI tells
/// are made from the same declaration. Texts are literals or live as long as the program.
struct Operation {
  std::string_view method;
  std::string_view pattern;
  std::string_view summary;  ///< one sentence
  Result<http::Response> (*handler)(Call& call);
  Access access = Access::kSuperuser;
  std::vector<QueryParameter> query = {};
  std::string_view request = "";   ///< name of the body's schema; "" without a body
  std::string_view response = "";  ///< name of the answer's schema; "" when it is no JSON
  std::string_view media_type = "application/json";  ///< of the answer; "" without content
  int status = 200;                                  ///< of success
  int other_status = 0;                              ///< of success with nothing done; 0 for none
};

using Operations = std::vector<Operation>;

/// A GET that answers JSON of this schema.
inline Operation reading(std::string_view pattern, std::string_view summary,
                         Result<http::Response> (*handler)(Call& call), std::string_view response,
                         std::vector<QueryParameter> query = {}) {
  return {.method = "GET",
          .pattern = pattern,
          .summary = summary,
          .handler = handler,
          .query = std::move(query),
          .response = response};
}

/// Every operation, in the order of the documentation. Made once.
const Operations& all_operations();

// Each is defined in the file of its resource.
void add_root_operations(Operations& operations);
void add_status_operations(Operations& operations);
void add_metrics_operations(Operations& operations);
void add_docs_operations(Operations& operations);
void add_job_operations(Operations& operations);
void add_variable_operations(Operations& operations);
void add_run_operations(Operations& operations);
void add_job_result_operations(Operations& operations);
void add_result_log_operations(Operations& operations);
void add_event_operations(Operations& operations);
void add_log_entry_operations(Operations& operations);
void add_job_queue_operations(Operations& operations);
void add_queue_assignment_operations(Operations& operations);
void add_file_operations(Operations& operations);
void add_scheduled_job_operations(Operations& operations);
void add_worker_operations(Operations& operations);
void add_user_operations(Operations& operations);
void add_token_operations(Operations& operations);
void add_summary_operations(Operations& operations);
void add_recent_result_operations(Operations& operations);
void add_job_source_operations(Operations& operations);
void add_git_repository_operations(Operations& operations);
void add_webhook_operations(Operations& operations);
void add_bulk_result_operations(Operations& operations);
void add_result_traceback_operations(Operations& operations);
void add_result_attempt_operations(Operations& operations);
void add_timeline_operations(Operations& operations);
void add_setting_operations(Operations& operations);
void add_preference_operations(Operations& operations);
void add_password_operations(Operations& operations);
void add_session_operations(Operations& operations);

}  // namespace windlass::rest
