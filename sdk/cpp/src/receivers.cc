#include <windlass/jobs/receivers.hpp>

#include "declaration.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

/// Tells the declaration that is being made, if one is. So the class is known for what it is
/// without the type information that a module may be compiled without.
void mark(bool detail::Declaration::*kind) {
  if (detail::Declaration* declaration = detail::current_declaration()) {
    declaration->*kind = true;
  }
}

}  // namespace

JobHookReceiver::JobHookReceiver(int line) : Job(line) {
  mark(&detail::Declaration::is_job_hook_receiver);
}
JobHookReceiver::~JobHookReceiver() = default;

Json JobHookReceiver::run() {
  throw JobError("A job hook receiver runs when its hook fires, not by itself");
}

JobButtonReceiver::JobButtonReceiver(int line) : Job(line) {
  mark(&detail::Declaration::is_job_button_receiver);
}
JobButtonReceiver::~JobButtonReceiver() = default;

Json JobButtonReceiver::run() {
  throw JobError("A job button receiver runs when its button is pressed, not by itself");
}

}  // namespace v1
}  // namespace windlass::jobs
