#pragma once

#include <string>
#include <vector>

#include "cli/home.h"
#include "worker/worker.h"

namespace windlass::cli {

/// Name of this machine.
std::string host_name();

/// Options of a worker with these settings, with a new record named `name`, serving `queues`.
worker::WorkerOptions worker_options(const Home& home, const std::string& name,
                                     const std::vector<std::string>& queues);

}  // namespace windlass::cli
