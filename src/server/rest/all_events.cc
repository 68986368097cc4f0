#include <map>
#include <mutex>
#include <set>

#include "base/log.h"
#include "server/rest/event_stream.h"
#include "server/rest/json_writer.h"

namespace windlass::rest {

namespace {

/// More results with news than this at once are not told one by one: the client reads anew.
constexpr std::size_t kPendingLimit = 10'000;
constexpr std::size_t kRememberedLimit = 10'000;
constexpr std::size_t kEnoughBytes = 64 << 10;

std::string data_of(const JobResult& result) {
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  out.key("job_result");
  out.id(result.id);
  out.key("job_model");
  result.job_model ? out.id(*result.job_model) : out.null();
  out.key("name");
  out.text(result.name);
  out.key("status");
  out.text(to_string(result.status));
  out.key("attempt");
  out.integer(result.attempt);
  out.key("reason");
  out.text(result.reason);
  out.end_object();
  return text;
}

/// What has been told since it was last taken. Filled by the watch's callback.
class Pending {
 public:
  struct Taken {
    std::set<std::int64_t> numbers;
    bool ticked = false;
    bool overflowed = false;
  };
  void add(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    if (number == ResultWatch::kTick) {
      taken_.ticked = true;
    } else if (taken_.numbers.size() < kPendingLimit) {
      taken_.numbers.insert(number);
    } else {
      taken_.overflowed = true;
    }
  }
  Taken take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(taken_, {});
  }

 private:
  std::mutex mutex_;
  Taken taken_;
};

class AllEvents final : public http::EventSource {
 public:
  explicit AllEvents(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  void open(http::Waker waker) override {
    watch_ = api_->watch.watch_all([pending = pending_, waker](std::int64_t number) {
      pending->add(number);
      waker.wake();
    });
  }

  Next next(std::string* out) override {
    if (!begun_) {
      begun_ = true;
      http::append_event(out, "", "reset", "{}");
      counts_ = read_counts();
    }
    if (waiting_.empty()) {
      Pending::Taken taken = pending_->take();
      news_since_tick_ = news_since_tick_ || !taken.numbers.empty();
      if (taken.overflowed) return reset(out);
      waiting_ = std::move(taken.numbers);
      if (taken.ticked && missed_something()) return reset(out);
    }
    while (!waiting_.empty()) {
      const std::int64_t number = *waiting_.begin();
      waiting_.erase(waiting_.begin());
      tell(number, out);
      if (out->size() >= kEnoughBytes) return Next::kMore;
    }
    return Next::kIdle;
  }

 private:
  using Told = std::pair<JobResultStatus, std::int64_t>;  ///< with the attempt

  Next reset(std::string* out) {
    waiting_.clear();
    told_.clear();
    http::append_event(out, "", "reset", "{}");
    return Next::kIdle;
  }

  /// Notices may get lost: then the counters have moved and nothing was heard.
  bool missed_something() {
    auto counts = read_counts();
    const bool missed = !news_since_tick_ && counts != counts_;
    counts_ = std::move(counts);
    news_since_tick_ = false;
    return missed;
  }

  std::vector<std::pair<JobResultStatus, std::int64_t>> read_counts() {
    auto counts = api_->context.storage.results().counts();
    if (counts.ok()) return std::move(counts->by_status);
    log::error("An event stream cannot read the counters", counts.error());
    return counts_;
  }

  void tell(std::int64_t number, std::string* out) {
    auto result = api_->context.storage.results().get_by_number(number);
    if (!result.ok()) {
      if (result.error().code != "job_result.not_found") {
        log::error("An event stream cannot read a result", result.error());
      }
      return;
    }
    if (told_.size() >= kRememberedLimit) told_.erase(told_.begin());  // the oldest run
    const Told now{result->status, result->attempt};
    const auto [told, is_new] = told_.emplace(number, now);
    if (!is_new && told->second == now) return;
    told->second = now;
    http::append_event(out, "", "status", data_of(*result));
  }

  const std::shared_ptr<Api> api_;
  const std::shared_ptr<Pending> pending_ = std::make_shared<Pending>();
  bool begun_ = false;
  bool news_since_tick_ = false;
  std::set<std::int64_t> waiting_;
  std::map<std::int64_t, Told> told_;
  std::vector<std::pair<JobResultStatus, std::int64_t>> counts_;
  std::unique_ptr<ResultWatch::Watch> watch_;  // last: its end waits for the callback
};

}  // namespace

std::unique_ptr<http::EventSource> all_events(std::shared_ptr<Api> api) {
  return std::make_unique<AllEvents>(std::move(api));
}

}  // namespace windlass::rest
