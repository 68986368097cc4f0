#include "run.hpp"

namespace windlass::jobs::internal {
namespace {

std::atomic<Run*> current = nullptr;

/// A literal, so that it outlives whatever the host gave.
std::string_view literal_of(std::string_view reason) {
  if (reason == "soft_time_limit") return "soft_time_limit";
  return reason == "drain" ? "drain" : "cancelled";
}

Refused::Fields fields_of(const Json& error) {
  Refused::Fields fields;
  const Json& said = error["fields"];
  if (!said.is_object()) return fields;
  for (const auto& [name, messages] : said.as_object()) {
    std::vector<std::string>& all = fields[name];
    if (!messages.is_array()) all.push_back(detail::key_text(messages));
    for (const Json& message : messages) all.push_back(detail::key_text(message));
  }
  return fields;
}

}  // namespace

Host::~Host() = default;

int Run::attempt() const {
  const Json& number = frame["attempt"];
  return number.is_integer() ? static_cast<int>(number.as_integer()) : 1;
}

void Run::check_stop() {
  if (pthread_equal(pthread_self(), main_thread) == 0 || getpid() != process) return;
  const std::string_view reason = host.stop_reason();
  if (reason.empty() || reason == told) return;
  told = literal_of(reason);
  if (told == "soft_time_limit") throw SoftTimeLimitExceeded("The soft time limit has passed.");
  throw RunCancelled(told == "drain" ? "The worker is stopping and the run did not finish in time."
                                     : "The run was cancelled.");
}

Json Run::exchange(std::string_view head, std::string_view tail, std::string_view type1,
                   std::string_view type2, std::string_view id_member) {
  const std::int64_t number = ++asked;
  std::string frame_text;
  frame_text.reserve(head.size() + tail.size() + 20);
  frame_text.append(head).append(std::to_string(number)).append(tail);
  host.send(frame_text);
  return host.wait_for(type1, type2, id_member, number);
}

Run* current_run() noexcept {
  return current.load(std::memory_order_acquire);
}

Run& required_run(std::string_view what) {
  Run* run = current_run();
  if (run == nullptr) throw JobError(std::string(what) + " works only while the job runs");
  if (run->process != getpid()) {
    throw JobError(std::string(what) +
                   " works only in the job's own process, not in one that it forked");
  }
  return *run;
}

CurrentRun::CurrentRun(Run& run) noexcept {
  current.store(&run, std::memory_order_release);
}
CurrentRun::~CurrentRun() {
  current.store(nullptr, std::memory_order_release);
}

Json ask(std::string_view question, Json members) {
  Run& run = required_run("A question to the server");
  run.check_stop();
  members["question"] = question;
  std::string tail = members.dump();
  tail[0] = ',';  // in place of the brace
  const Json answer = run.exchange(R"({"type":"ask","ask":)", tail, "answer", "answer", "ask");
  run.check_stop();
  const Json& error = answer["error"];
  if (!error.is_object()) return answer["value"];
  const Json& message = error["message"];
  throw Refused(error["code"].is_string() ? error["code"].as_string() : std::string(),
                message.is_string() && !message.as_string().empty()
                    ? message.as_string()
                    : "The server refused the question.",
                fields_of(error));
}

}  // namespace windlass::jobs::internal
