/// Runs a job in the calling process, for the tests of its author: no server, no processes. Works
/// in GoogleTest and in anything else. Headers only; what a job itself needs is in the library of
/// the target windlass::testing.
///
/// >>> #include <windlass/testing.hpp>
/// >>> TEST(Hello, Greets) {
/// >>>   const auto run = windlass::testing::run_job<Hello>({{"who", "you"}});
/// >>>   EXPECT_EQ(run.status, "SUCCESS") << run.traceback;
/// >>>   EXPECT_EQ(run.result, "hello you");
/// >>> }
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>
#include <windlass/jobs/hosting.hpp>
#include <windlass/testing/finished_run.hpp>
#include <windlass/testing/recorder.hpp>
#include <windlass/testing/rules.hpp>

namespace windlass::testing {
namespace detail {

inline int memory_file(const Upload& upload) {
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

inline Json checked(const Json& declaration, const Json& inputs, const Options& options) {
  std::set<std::string> names;
  for (const auto& [name, upload] : options.files) names.insert(name);
  CheckedInputs made = checked_inputs(declaration, inputs, names);
  if (made.problems.empty()) return std::move(made.inputs);
  std::string text = text_member(declaration, "job_class_name") + " refuses these inputs:";
  for (const std::string& problem : made.problems) text += "\n" + problem;
  throw std::invalid_argument(text);
}

inline FinishedRun run_job(const jobs::detail::ClassSource& source, const Json& inputs,
                           const Options& options) {
  const jobs::internal::KnownClass cls = jobs::internal::known_class(source);
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
  const Json frame = Json::object(
      {{"type", "run"},
       {"task_id", "0190a000-0000-7000-8000-000000000001"},
       {"class_path", cls.class_path},
       {"inputs", std::move(all)},
       {"attempt", options.attempt},
       {"user",
        Json::object({{"id", "0190a000-0000-7000-8000-000000000002"}, {"username", options.user}})},
       {"job", Json::object({{"id", "0190a000-0000-7000-8000-000000000003"},
                             {"name", cls.declaration["meta"]["name"]}})},
       {"queue", "default"}});
  FinishedRun finished;
  Recorder recorder(options, finished);
  Json result = jobs::internal::run_job(frame, std::move(files), recorder);
  finished.status = text_member(result, "status");
  finished.traceback = text_member(result, "traceback");
  finished.reason = text_member(result, "reason");
  if (const Json* countdown = result.find("countdown")) finished.countdown = countdown->as_number();
  finished.result = std::move(result["result"]);
  return finished;
}

inline Json declaration(const jobs::detail::ClassSource& source) {
  return jobs::internal::known_class(source).declaration;
}

inline Json choices(const jobs::detail::ClassSource& source, const std::string& method,
                    const Json& form) {
  const jobs::internal::KnownClass cls = jobs::internal::known_class(source);
  FinishedRun ignored;
  const Options options;
  Recorder recorder(options, ignored);
  Json result = jobs::internal::compute_choices(
      Json::object({{"class_path", cls.class_path}, {"method", method}, {"form", form}}), recorder);
  if (result["status"] == Json("SUCCESS")) return std::move(result["result"]);
  throw std::invalid_argument(text_member(result["result"], "exc_message"));
}

}  // namespace detail

/// Runs a job class with everything that surrounds run(), and tells how it ended.
///
/// `inputs` are checked as the server does it: types, required ones, bounds, lengths, choices,
/// patterns. One that is left out has its default, or its empty value when it is not required.
/// Throws std::invalid_argument for inputs that would be refused, with a line for each, and for a
/// class whose declaration is wrong. What the job throws is in the returned object. Time limits do
/// not apply.
template <class T>
FinishedRun run_job(const Json& inputs = Json::object(), const Options& options = {}) {
  return detail::run_job(jobs::detail::source_of<T>(), inputs, options);
}

/// The class as the manifest has it: `meta`, `variables` and so on. Throws std::invalid_argument
/// with all that is wrong.
template <class T>
Json declaration() {
  return detail::declaration(jobs::detail::source_of<T>());
}

/// What the choices_method of a variable computes for a form. Throws std::invalid_argument where
/// the variable has none or the method throws.
template <class T>
Json choices(const std::string& variable, const Json& form = Json::object()) {
  return detail::choices(jobs::detail::source_of<T>(), variable + "_choices", form);
}

}  // namespace windlass::testing
