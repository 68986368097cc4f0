#include "cli/worker_parts.h"

#include <unistd.h>

#include "base/process.h"
#include "cli/job_runtime.h"

namespace windlass::cli {

namespace {

Micros from_seconds(double seconds) {
  return Micros(static_cast<std::int64_t>(seconds * 1e6));
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return "localhost";
  return name;
}

worker::WorkerOptions worker_options(const Home& home, const std::string& name,
                                     const std::vector<std::string>& queues) {
  const Settings& settings = home.settings;
  worker::WorkerOptions options;
  options.record.id = new_id(home.clock.now());
  options.record.name = name;
  options.record.hostname = host_name();
  options.record.pid = ::getpid();
  options.record.instance = instance_marker(options.record.id);
  options.record.slots = worker_slots(settings);
  json::array names;
  for (const std::string& queue : queues) names.emplace_back(queue);
  options.record.queues = std::move(names);
  options.soft_time_limit = from_seconds(settings.soft_time_limit);
  options.time_limit = from_seconds(settings.time_limit);
  options.memory_limit = settings.memory_limit;
  options.log_entry_limit = settings.log_entry_limit;
  options.log_byte_limit = settings.log_byte_limit;
  options.create_file_max_size = settings.job_create_file_max_size;
  options.drain_timeout = from_seconds(settings.drain_timeout);
  options.sanitiser = home.sanitiser;
  return options;
}

}  // namespace windlass::cli
