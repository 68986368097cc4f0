#pragma once

namespace windlass::cli {

/// Writes what standard output still holds back and returns the exit status of a command that ended
/// with `status`: kFailed instead of kOk, with a sentence on stderr, when not all could be written.
/// A pipe whose reader has gone is no failure: who closed it has what they wanted. To be called
/// last.
int finish_output(int status);

/// Whether writing to standard output has failed.
bool output_failed();

}  // namespace windlass::cli
