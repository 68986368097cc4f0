#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <windlass/jobs/errors.hpp>
#include <windlass/testing.hpp>

#include "base64.hpp"
#include "registry.hpp"
#include "rules.hpp"
#include "seam.hpp"

namespace windlass::testing {
namespace {

namespace internal = jobs::internal;

constexpr const char* kTaskId = "0190a000-0000-7000-8000-000000000001";
constexpr const char* kUserId = "0190a000-0000-7000-8000-000000000002";
constexpr const char* kJobId = "0190a000-0000-7000-8000-000000000003";

std::string text_member(const Json& frame, std::string_view name) {
  const Json& value = frame[name];
  return value.is_string() ? value.as_string() : "";
}

/// Stands for the host: keeps what the run sends, and answers at once.
class Recorder : public internal::Host {
 public:
  Recorder(const Options& options, FinishedRun& finished)
      : options_(options), finished_(finished), stop_(eventfd(0, EFD_CLOEXEC)) {
    if (stop_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd()");
  }
  ~Recorder() override { close(stop_); }

  void send(std::string_view frame_json) override {
    const Json frame = Json::parse(frame_json);
    const std::lock_guard lock(mutex_);
    take(frame);
    if (!options_.stop_when || !reason_.empty()) return;
    reason_ = options_.stop_when(finished_);
    const std::uint64_t one = 1;
    if (!reason_.empty() && write(stop_, &one, sizeof one) < 0) {
      throw std::system_error(errno, std::generic_category(), "eventfd");
    }
  }

  Json wait_for(std::string_view, std::string_view, std::string_view id_member,
                std::int64_t id) override {
    const std::lock_guard lock(mutex_);
    for (auto answer = answers_.begin(); answer != answers_.end(); ++answer) {
      if ((*answer)[id_member] != Json(id)) continue;
      Json found = std::move(*answer);
      answers_.erase(answer);
      return found;
    }
    throw std::logic_error("A test's run waits for an answer to nothing");
  }

  std::string_view stop_reason() override {
    const std::lock_guard lock(mutex_);
    return reason_;
  }
  int stop_descriptor() override { return stop_; }

 private:
  void take(const Json& frame) {
    const std::string type = text_member(frame, "type");
    if (type == "log") {
      finished_.logs.push_back({text_member(frame, "level"), text_member(frame, "grouping"),
                                text_member(frame, "message"), text_member(frame, "object"),
                                text_member(frame, "url")});
    } else if (type == "progress") {
      const Json& total = frame["total"];
      finished_.progress.push_back(
          {frame.at("done").as_number(),
           total.is_null() ? std::nullopt : std::optional(total.as_number()),
           text_member(frame, "message")});
    } else if (type == "file") {
      finished_.files[text_member(frame, "name")] =
          internal::base64_bytes(text_member(frame, "data")).value();
      const std::string id = "file-" + frame.at("file").dump();
      answers_.push_back(Json::object({{"type", "file_created"},
                                       {"file", frame.at("file")},
                                       {"id", id},
                                       {"url", "/api/extras/file-proxies/" + id + "/download/"}}));
    } else if (type == "ask") {
      answers_.push_back(answer_to(frame));
    }
  }

  Json answer_to(const Json& question) const {
    Json answer = Json::object({{"type", "answer"}, {"ask", question.at("ask")}});
    try {
      if (!options_.answer) {
        throw jobs::Refused("testing.no_server",
                            "A test has no server to ask; give it Options::answer.", {});
      }
      answer["value"] = options_.answer(question);
    } catch (const jobs::Refused& refused) {
      answer["error"] = Json::object(
          {{"code", refused.code()}, {"message", refused.what()}, {"fields", refused.fields()}});
    }
    return answer;
  }

  const Options& options_;
  FinishedRun& finished_;
  std::mutex mutex_;
  std::deque<Json> answers_;
  std::string reason_;
  int stop_;
};

/// The class, registered for good under its name: a test program has no modules.
const internal::JobClass& known_class(const jobs::detail::ClassSource& source) {
  internal::Findings findings;
  const internal::ModuleDeclaration none;
  internal::ModuleFiles files(none);
  const internal::JobClass declared = internal::declare(source, "", none, files, findings);
  if (!findings.problems.empty()) {
    std::string text;
    for (const std::string& problem : findings.problems) text += problem + "\n";
    throw std::invalid_argument(text);
  }
  jobs::detail::register_class(source, "");
  const internal::JobClass* found = internal::find_class(source);
  if (found == nullptr) {
    throw std::invalid_argument("Two classes of this program are called " + declared.class_path +
                                ": the names of job classes have to differ");
  }
  return *found;
}

int memory_file(const Upload& upload) {
  const int descriptor = memfd_create("upload", MFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "memfd_create()");
  std::string_view rest = upload.content;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor, rest.data(), rest.size());
    if (written < 0) throw std::system_error(errno, std::generic_category(), "an upload of a test");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return descriptor;
}

Json checked(const Json& declaration, const Json& inputs, const Options& options) {
  std::set<std::string> names;
  for (const auto& [name, upload] : options.files) names.insert(name);
  internal::CheckedInputs made = internal::checked_inputs(declaration, inputs, names);
  if (made.problems.empty()) return std::move(made.inputs);
  std::string text = text_member(declaration, "job_class_name") + " refuses these inputs:";
  for (const std::string& problem : made.problems) text += "\n" + problem;
  throw std::invalid_argument(text);
}

}  // namespace

namespace detail {

FinishedRun run_job(const jobs::detail::ClassSource& source, const Json& inputs,
                    const Options& options) {
  const internal::JobClass& cls = known_class(source);
  for (const char* kind : {"is_job_hook_receiver", "is_job_button_receiver"}) {
    if (!cls.declaration.at(kind).as_bool()) continue;
    throw std::invalid_argument(text_member(cls.declaration, "job_class_name") +
                                " is a receiver, which has no inputs: call its method");
  }
  Json all = checked(cls.declaration, inputs, options);
  std::vector<int> files;
  for (const auto& [name, upload] : options.files) {
    all[name] = Json::object(
        {{"name", upload.name}, {"size", upload.content.size()}, {"descriptor", files.size()}});
    files.push_back(memory_file(upload));
  }
  const Json frame =
      Json::object({{"type", "run"},
                    {"task_id", kTaskId},
                    {"class_path", cls.class_path},
                    {"inputs", std::move(all)},
                    {"attempt", options.attempt},
                    {"user", Json::object({{"id", kUserId}, {"username", options.user}})},
                    {"job", Json::object({{"id", kJobId}, {"name", cls.meta.name}})},
                    {"queue", "default"}});
  FinishedRun finished;
  Recorder recorder(options, finished);
  Json result = internal::run_job(frame, std::move(files), recorder);
  finished.status = text_member(result, "status");
  finished.traceback = text_member(result, "traceback");
  finished.reason = text_member(result, "reason");
  if (const Json* countdown = result.find("countdown")) finished.countdown = countdown->as_number();
  finished.result = std::move(result["result"]);
  return finished;
}

Json declaration(const jobs::detail::ClassSource& source) {
  return known_class(source).declaration;
}

Json choices(const jobs::detail::ClassSource& source, const std::string& method, const Json& form) {
  const internal::JobClass& cls = known_class(source);
  FinishedRun ignored;
  const Options options;
  Recorder recorder(options, ignored);
  Json result = internal::compute_choices(
      Json::object({{"class_path", cls.class_path}, {"method", method}, {"form", form}}), recorder);
  if (result["status"] == Json("SUCCESS")) return std::move(result["result"]);
  throw std::invalid_argument(text_member(result["result"], "exc_message"));
}

}  // namespace detail

std::ostream& operator<<(std::ostream& out, const LogEntry& entry) {
  return out << entry.level << ": " << entry.grouping << ": " << entry.message;
}

}  // namespace windlass::testing
