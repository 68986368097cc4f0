#pragma once

/// Standard input, output and error of the base process and of all that it forks.

namespace windlass::runner {

/// Nothing to read, and lines to write, whatever this process was started with.
void prepare_streams();

/// Writes out what waits in the streams of C and of C++.
void flush_streams();

/// Puts /dev/null where a run has closed one of the three, so that nothing else gets its number.
void restore_streams();

}  // namespace windlass::runner
