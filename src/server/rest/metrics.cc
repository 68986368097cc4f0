#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "base/files.h"
#include "server/rest/call.h"

namespace windlass::rest {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Exposition {
 public:
  void begin(std::string name, std::string help, MetricType type) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }
  void add(double value, Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    (families_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) =
        value;
    families_.back().metric.push_back(std::move(metric));
  }
  std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_);
    return out.str();
  }

 private:
  std::vector<MetricFamily> families_;
};

Result<void> add_runs(Exposition& out, Storage& storage) {
  WL_TRY(const ResultStore::Counts counts, storage.results().counts());
  out.begin("windlass_runs", "Runs on record, by status.", MetricType::Gauge);
  for (const auto& [status, number] : counts.by_status) {
    out.add(static_cast<double>(number), {{"status", std::string(to_string(status))}});
  }
  out.begin("windlass_queue_depth", "Runs that wait, by queue.", MetricType::Gauge);
  for (const auto& [queue, number] : counts.waiting_by_queue) {
    out.add(static_cast<double>(number), {{"queue", queue}});
  }
  return ok();
}

Result<void> add_workers(Exposition& out, Storage& storage) {
  WL_TRY(const std::vector<Worker> workers, storage.workers().alive());
  out.begin("windlass_workers", "Workers that are alive.", MetricType::Gauge);
  out.add(static_cast<double>(workers.size()));
  out.begin("windlass_worker_slots", "Runs at a time that a worker takes.", MetricType::Gauge);
  for (const Worker& worker : workers) {
    out.add(static_cast<double>(worker.slots), {{"worker", worker.name}});
  }
  return ok();
}

void add_requests(Exposition& out, const RequestCounters& counters) {
  const Operations& operations = all_operations();
  const auto labels = [&](std::size_t i) {
    return Labels{{"method", std::string(operations[i].method)},
                  {"route", std::string(operations[i].pattern)}};
  };
  out.begin("windlass_http_requests_total", "Answered requests, by route and class of status.",
            MetricType::Counter);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    for (int status_class = 1; status_class <= 5; ++status_class) {
      const auto number = counters.of(i).by_class[status_class].load(std::memory_order_relaxed);
      if (number == 0) continue;
      Labels all = labels(i);
      all.push_back({"status", std::to_string(status_class) + "xx"});
      out.add(static_cast<double>(number), std::move(all));
    }
  }
  out.begin("windlass_http_handler_seconds_total", "Time in handlers, by route.",
            MetricType::Counter);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto micros = counters.of(i).micros.load(std::memory_order_relaxed);
    if (micros > 0) out.add(static_cast<double>(micros) / 1e6, labels(i));
  }
}

void add_memory(Exposition& out) {
  // "size resident …" in pages
  const auto statm = read_file("/proc/self/statm");
  long long pages = 0, resident = 0;
  if (!statm.ok() || std::sscanf(statm->c_str(), "%lld %lld", &pages, &resident) != 2) return;
  out.begin("process_resident_memory_bytes", "Resident memory of the server process.",
            MetricType::Gauge);
  out.add(static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)));
}

Result<http::Response> get_metrics(Call& call) {
  Exposition out;
  WL_TRY_VOID(add_runs(out, call.storage()));
  WL_TRY_VOID(add_workers(out, call.storage()));
  add_requests(out, call.api.counters);
  add_memory(out);
  return http::Response::text(200, "text/plain; version=0.0.4; charset=utf-8", out.text());
}

}  // namespace

void add_metrics_operations(Operations& operations) {
  operations.push_back({.method = "GET",
                        .pattern = "/metrics",
                        .summary = "Figures for Prometheus; needs no token, so what listens beyond "
                                   "loopback should have a proxy in front.",
                        .handler = &get_metrics,
                        .access = Access::kAnyone,
                        .media_type = "text/plain"});
}

}  // namespace windlass::rest
