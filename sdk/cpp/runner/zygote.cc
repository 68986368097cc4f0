#include "zygote.h"

#include <malloc.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <utility>

#include "../src/seam.hpp"
#include "child.h"
#include "crash.h"
#include "exits.h"
#include "loader.h"
#include "nursery.h"
#include "process.h"
#include "signals.h"
#include "throws.h"

namespace windlass::runner {
namespace {

constexpr int kProtocol = 1;
constexpr std::size_t kDescriptorsOfChild = 3;

/// For the library: where the exception that is being handled was thrown.
std::string backtrace_of_current() {
  const Backtrace* const thrown = thrown_at(std::current_exception());
  return thrown == nullptr ? std::string() : to_text(*thrown);
}

const Json& version_of(const Json& frame) {
  static const Json none;
  const Json* const version = frame.find("version");
  return version != nullptr && is_version(*version) ? *version : none;
}

/// Leaves as little as can be that a forked process would have to copy by and by.
void settle() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
  remember_surroundings();
  watch_for_crashes();
}

[[noreturn]] void serve_zygote(pid_t parent, int descriptor, const Json& version) {
  bind_to_parent(parent);
  Channel control(descriptor);
  Json manifest = load_version(version, [&](const std::string& name) {
    control.send(Json::object({{"type", "importing"}, {"module", name}}).dump());
  });
  const int threads = thread_count();
  manifest["threads"] = threads;
  Nursery nursery(control);
  nursery.tell(std::exchange(manifest, Json()));
  settle();
  nursery.serve([&](const Json& frame, Descriptors& descriptors) {
    if (text_of(frame, "type") != "fork") return false;
    const std::string name = text_of(frame, "child");
    if (descriptors.size() != kDescriptorsOfChild) {
      nursery.refuse("child", name, "fork needs three descriptors");
    } else if (threads > 1) {
      nursery.refuse("child", name, "the modules left threads behind; ask the base instead");
    } else {
      nursery.fork("child", name, descriptors, [](pid_t zygote, const std::vector<int>& taken) {
        serve_runs(enter_child(zygote, taken));
      });
    }
    return true;
  });
}

[[noreturn]] void serve_fresh_child(pid_t parent, const std::vector<int>& descriptors,
                                    const Json& version) {
  const int run_socket = enter_child(parent, descriptors);
  load_version(version, [](const std::string&) {});
  release_signals();
  settle();
  serve_runs(run_socket);
}

void describe(Nursery& nursery, const Json& frame, Descriptors& descriptors) {
  const std::string name = text_of(frame, "zygote");
  const Json& version = version_of(frame);
  if (descriptors.size() != 1 || version.is_null()) {
    return nursery.refuse("zygote", name, "describe needs a version and one descriptor");
  }
  nursery.fork("zygote", name, descriptors, [&](pid_t base, const std::vector<int>& taken) {
    serve_zygote(base, taken[0], version);
  });
}

void fork_fresh(Nursery& nursery, const Json& frame, Descriptors& descriptors) {
  const std::string name = text_of(frame, "child");
  const Json& version = version_of(frame);
  if (descriptors.size() != kDescriptorsOfChild || version.is_null()) {
    return nursery.refuse("child", name, "fork of the base needs a version and three descriptors");
  }
  nursery.fork("child", name, descriptors, [&](pid_t base, const std::vector<int>& taken) {
    serve_fresh_child(base, taken, version);
  });
}

}  // namespace

void serve_base(int descriptor) {
  windlass::jobs::internal::throw_backtrace = backtrace_of_current;
  watch_for_terminate();
  Channel control(descriptor);
  Nursery nursery(control);
  nursery.tell(Json::object({{"type", "hello"},
                             {"protocol", kProtocol},
                             {"language", "c++"},
                             {"language_version", WINDLASS_LANGUAGE_VERSION},
                             {"sdk_version", WINDLASS_SDK_VERSION},
                             {"pid", ::getpid()}}));
  outlive_spawner();
  nursery.serve([&](const Json& frame, Descriptors& descriptors) {
    const std::string type = text_of(frame, "type");
    if (type == "describe") {
      describe(nursery, frame, descriptors);
    } else if (type == "fork") {
      fork_fresh(nursery, frame, descriptors);
    } else {
      return false;
    }
    return true;
  });
}

}  // namespace windlass::runner
