#pragma once

#include <memory>
#include <string>

#include "server/http/event_source.h"
#include "server/rest/call.h"

namespace windlass::rest {

/// What happens in one run, as Server-Sent Events: `log`, `console`, `progress`, `status`, each
/// with its sequence as id. Begins after sequence `after`; reads committed rows only; ends after
/// the final `status`, or when the result is gone. With `html`, log events have `message_html` too.
std::unique_ptr<http::EventSource> result_events(std::shared_ptr<Api> api, std::int64_t number,
                                                 std::int64_t after, bool html);

/// Status changes of all results, without replay: `reset` first, and again whenever changes may
/// have been missed.
std::unique_ptr<http::EventSource> all_events(std::shared_ptr<Api> api);

}  // namespace windlass::rest
