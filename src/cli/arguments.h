#pragma once

namespace windlass::cli {

/// Reads the command line, loads the settings, does the command. Returns the process' exit status.
int run_command_line(int argc, char** argv);

}  // namespace windlass::cli
