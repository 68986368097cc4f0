#include "engine/sessions.h"
#include "server/rest/access.h"
#include "server/rest/body_fields.h"
#include "server/rest/call.h"
#include "server/rest/errors.h"
#include "server/rest/json_writer.h"

namespace windlass::rest {

namespace {

Result<std::string> session_text(Call& call, const User* user, std::string_view session_key) {
  WL_TRY(const bool first_account, call.api.context.sessions.is_first_account_missing());
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  out.key("user");
  if (user == nullptr) {
    out.null();
  } else {
    out.begin_object();
    out.key("id");
    out.id(user->id);
    out.key("username");
    out.text(user->username);
    out.key("display");
    out.text(user->username);
    out.end_object();
  }
  out.key("csrf_token");
  out.text(session_key.empty() ? "" : engine::csrf_token_of(session_key));
  out.key("first_account");
  out.boolean(first_account);
  out.key("version");
  out.text(call.api.context.info.version);
  out.key("default_queue");
  out.text(call.api.context.info.default_queue);
  out.end_object();
  return text;
}

Result<http::Response> show(Call& call, const Caller& caller) {
  WL_TRY(std::string text, session_text(call, &caller.user, caller.session_key));
  return http::Response::json(200, std::move(text));
}

Result<http::Response> get_session(Call& call) {
  const ApiContext& context = call.api.context;
  if (!call.request.header("Authorization").empty()) {
    WL_TRY(const Caller caller, authorise(context, call.request));
    return show(call, caller);
  }
  const auto caller = session_of(context, call.request);
  if (caller.ok()) return show(call, *caller);
  const bool nobody = caller.error().code == "rest.not_authenticated";
  if (!nobody && caller.error().code != "auth.session_ended") return caller.error();
  WL_TRY(std::string text, session_text(call, nullptr, ""));
  http::Response response = http::Response::json(200, std::move(text));
  if (!nobody) clear_session_cookie(response, call.api.context, call.request);
  return response;
}

/// The answer to who has just come in. The session that the browser had before is ended, so that
/// nobody else goes on with it.
Result<http::Response> welcome(Call& call, int status, const engine::SignedIn& signed_in) {
  const ApiContext& context = call.api.context;
  if (const auto former = session_key_of(call.request); !former.empty()) {
    WL_TRY_VOID(context.sessions.sign_out(former));
  }
  WL_TRY(std::string text, session_text(call, &signed_in.user, signed_in.key));
  http::Response response = http::Response::json(status, std::move(text));
  set_session_cookie(response, context, call.request, signed_in.key);
  return response;
}

/// Error with the time to wait, which is a header's.
http::Response too_many_attempts(Call& call, const Error& error, std::string_view username) {
  const Micros wait = call.api.context.sessions.retry_after(username);
  http::Response response = error_response(error);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.set("Retry-After", std::to_string(seconds));
  return response;
}

Result<http::Response> sign_in(Call& call) {
  WL_TRY_VOID(check_origin(call.api.context, call.request));
  WL_TRY(BodyFields fields, BodyFields::read(call.request));
  const std::string username = fields.text("username");
  const std::string password = fields.text("password");
  WL_TRY_VOID(fields.finish());
  const auto signed_in = call.api.context.sessions.sign_in(username, password);
  if (signed_in.ok()) return welcome(call, 200, *signed_in);
  if (signed_in.error().code != "auth.too_many_attempts") return signed_in.error();
  return too_many_attempts(call, signed_in.error(), username);
}

Result<http::Response> make_first_account(Call& call) {
  WL_TRY_VOID(check_origin(call.api.context, call.request));
  WL_TRY(BodyFields fields, BodyFields::read(call.request));
  engine::FirstAccount wanted;
  wanted.code = fields.text("code");
  wanted.username = fields.text("username");
  wanted.password = fields.text("password");
  WL_TRY_VOID(fields.finish());
  WL_TRY(const auto signed_in, call.api.context.sessions.make_first_account(wanted));
  return welcome(call, 201, signed_in);
}

/// Also without a session: whoever wants to be signed out is.
Result<http::Response> sign_out(Call& call) {
  const auto caller = session_of(call.api.context, call.request);
  if (caller.ok()) {
    WL_TRY_VOID(call.api.context.sessions.sign_out(caller->session_key));
  } else if (const std::string& code = caller.error().code;
             code != "rest.not_authenticated" && code != "auth.session_ended") {
    return caller.error();
  }
  http::Response response = no_content();
  clear_session_cookie(response, call.api.context, call.request);
  return response;
}

Result<http::Response> change_password(Call& call) {
  WL_TRY(BodyFields fields, BodyFields::read(call.request));
  const std::string old_password = fields.text("old_password");
  const std::string new_password = fields.text("new_password");
  WL_TRY_VOID(fields.finish());
  const auto changed = call.api.context.sessions.change_password(call.user, old_password,
                                                                 new_password, call.session_key);
  if (changed.ok()) return no_content();
  if (changed.error().code != "auth.too_many_attempts") return changed.error();
  return too_many_attempts(call, changed.error(), call.user.username);
}

}  // namespace

void add_session_operations(Operations& operations) {
  constexpr std::string_view kPattern = "/api/session/";
  Operation get = reading(kPattern, "Tells who is signed in, and what the page needs to begin.",
                          &get_session, "Session");
  get.access = Access::kAnyone;
  operations.push_back(std::move(get));
  operations.push_back({.method = "POST",
                        .pattern = kPattern,
                        .summary = "Signs in with a password: sets the session's cookie.",
                        .handler = &sign_in,
                        .access = Access::kAnyone,
                        .request = "SignIn",
                        .response = "Session"});
  operations.push_back({.method = "DELETE",
                        .pattern = kPattern,
                        .summary = "Signs out: ends the session and clears its cookie.",
                        .handler = &sign_out,
                        .access = Access::kAnyone,
                        .media_type = "",
                        .status = 204});
  operations.push_back({.method = "POST",
                        .pattern = "/api/session/first-account/",
                        .summary = "Makes the first account with the code of the link that the "
                                   "server writes at its start, and signs in.",
                        .handler = &make_first_account,
                        .access = Access::kAnyone,
                        .request = "FirstAccount",
                        .response = "Session",
                        .status = 201});
}

void add_password_operations(Operations& operations) {
  operations.push_back({.method = "POST",
                        .pattern = "/api/users/password/",
                        .summary = "Changes the caller's password and ends the caller's other "
                                   "sessions.",
                        .handler = &change_password,
                        .request = "PasswordChange",
                        .media_type = "",
                        .status = 204});
}

}  // namespace windlass::rest
