/// register_jobs: makes job classes known while their module is loaded.
#pragma once

#include <string>
#include <type_traits>
#include <windlass/jobs/job.hpp>
#include <windlass/jobs/meta.hpp>

// What a module and the program that loads it must agree about.
#if defined(_LIBCPP_VERSION)
#define WINDLASS_JOBS_LIBRARY "libc++"
#elif defined(_GLIBCXX_USE_CXX11_ABI) && !_GLIBCXX_USE_CXX11_ABI
#define WINDLASS_JOBS_LIBRARY "libstdc++ with the old std::string"
#else
#define WINDLASS_JOBS_LIBRARY "libstdc++"
#endif
#if defined(_GLIBCXX_DEBUG)
#define WINDLASS_JOBS_DEBUG ", debug mode"
#else
#define WINDLASS_JOBS_DEBUG ""
#endif
#define WINDLASS_JOBS_ABI "windlass-jobs-abi: 1, " WINDLASS_JOBS_LIBRARY WINDLASS_JOBS_DEBUG

/// Whether a module that was built for that ABI may go on; notes it otherwise. In C, so that it can
/// be called whatever the ABI is.
extern "C" __attribute__((visibility("default"))) int windlass_jobs_check_abi(
    const char* built_for);

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {
namespace detail {

/// A job class without its type.
struct ClassSource {
  const char* pretty_name;  ///< has the name of the type somewhere
  Job* (*make)();           ///< the caller owns it
  const Meta* meta;         ///< nullptr: all defaults
};

void register_class(const ClassSource& source, Text grouping) noexcept;

template <class T>
const char* pretty_name() {
  return __PRETTY_FUNCTION__;
}

template <class T>
Job* make_job() {
  return new T;
}

template <class T>
ClassSource source_of() {
  static_assert(
      std::is_base_of_v<Job, T>,
      "register_jobs<…>() takes classes that are derived publicly from windlass::jobs::Job");
  static_assert(!std::is_abstract_v<T>,
                "A job class has to override `Json run()`, a receiver `receive_job_hook()` or "
                "`receive_job_button()`");
  static_assert(std::is_default_constructible_v<T>,
                "A job class needs a public constructor without arguments");
  ClassSource source{pretty_name<T>(), &make_job<T>, nullptr};
  if constexpr (requires { T::meta; }) {
    static_assert(std::is_same_v<std::remove_cvref_t<decltype(T::meta)>, Meta>,
                  "`meta` of a job class has to be `static inline const Meta meta{…}`");
    source.meta = &T::meta;
  }
  return source;
}

Json validate_inputs(const ClassSource& source, const Json& data, const Json& files);

}  // namespace detail

struct Registration {
  /// Under which the jobs stand in lists; the module's name where left out.
  Text grouping = {};
};

/// Makes job classes known to Windlass; call it to initialise a static variable. What is wrong
/// with a declaration becomes the module's import error.
///
/// >>> static const auto registered = register_jobs<Hello, Bye>({.grouping = "Greetings"});
template <class... Jobs>
bool register_jobs(const Registration& registration = {}) {
  if (windlass_jobs_check_abi(WINDLASS_JOBS_ABI) == 0) return false;
  (detail::register_class(detail::source_of<Jobs>(), registration.grouping), ...);
  return true;
}

/// `data`, as somebody would send it, as a run of job class T would get it. `files`: names of
/// variables, each with `{"name", "size"}` of the upload that comes with it. Asks the server;
/// throws ValidationError, Refused, JobError outside of a run.
template <class T>
Json validate_inputs(const Json& data, const Json& files = Json::object()) {
  return detail::validate_inputs(detail::source_of<T>(), data, files);
}

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
