#pragma once

/// The base process, and the zygotes and fresh children forked from it.

namespace windlass::runner {

/// Serves the host whose control socket is `descriptor`, as the base process.
[[noreturn]] void serve_base(int descriptor);

}  // namespace windlass::runner
