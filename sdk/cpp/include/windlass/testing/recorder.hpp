/// The host of a run in a test.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/hosting.hpp>
#include <windlass/testing/finished_run.hpp>

namespace windlass::testing::detail {

inline std::string text_member(const Json& frame, std::string_view name) {
  const Json& value = frame[name];
  return value.is_string() ? value.as_string() : "";
}

/// Stands for the host: keeps what the run sends, and answers at once.
class Recorder : public jobs::internal::Host {
 public:
  Recorder(const Options& options, FinishedRun& finished)
      : options_(options), finished_(finished), stop_(eventfd(0, EFD_CLOEXEC)) {
    if (stop_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd()");
  }
  ~Recorder() override { close(stop_); }

  void send(std::string_view frame_json) override {
    const Json frame = Json::parse(frame_json);
    const std::lock_guard lock(mutex_);
    take(frame);
    if (!options_.stop_when || !reason_.empty()) return;
    reason_ = options_.stop_when(finished_);
    const std::uint64_t one = 1;
    if (!reason_.empty() && write(stop_, &one, sizeof one) < 0) {
      throw std::system_error(errno, std::generic_category(), "eventfd");
    }
  }

  Json wait_for(std::string_view, std::string_view, std::string_view id_member,
                std::int64_t id) override {
    const std::lock_guard lock(mutex_);
    for (auto answer = answers_.begin(); answer != answers_.end(); ++answer) {
      if ((*answer)[id_member] != Json(id)) continue;
      Json found = std::move(*answer);
      answers_.erase(answer);
      return found;
    }
    throw std::logic_error("A test's run waits for an answer to nothing");
  }

  std::string_view stop_reason() override {
    const std::lock_guard lock(mutex_);
    return reason_;
  }
  int stop_descriptor() override { return stop_; }

 private:
  void take(const Json& frame) {
    const std::string type = text_member(frame, "type");
    if (type == "log") {
      finished_.logs.push_back({text_member(frame, "level"), text_member(frame, "grouping"),
                                text_member(frame, "message"), text_member(frame, "object"),
                                text_member(frame, "url")});
    } else if (type == "progress") {
      const Json& total = frame["total"];
      finished_.progress.push_back(
          {frame.at("done").as_number(),
           total.is_null() ? std::nullopt : std::optional(total.as_number()),
           text_member(frame, "message")});
    } else if (type == "file") {
      finished_.files[text_member(frame, "name")] =
          jobs::internal::base64_bytes(text_member(frame, "data")).value();
      const std::string id = "file-" + frame.at("file").dump();
      answers_.push_back(Json::object({{"type", "file_created"},
                                       {"file", frame.at("file")},
                                       {"id", id},
                                       {"url", "/api/extras/file-proxies/" + id + "/download/"}}));
    } else if (type == "ask") {
      answers_.push_back(answer_to(frame));
    }
  }

  Json answer_to(const Json& question) const {
    Json answer = Json::object({{"type", "answer"}, {"ask", question.at("ask")}});
    try {
      if (!options_.answer) {
        throw jobs::Refused("testing.no_server",
                            "A test has no server to ask; give it Options::answer.", {});
      }
      answer["value"] = options_.answer(question);
    } catch (const jobs::Refused& refused) {
      answer["error"] = Json::object(
          {{"code", refused.code()}, {"message", refused.what()}, {"fields", refused.fields()}});
    }
    return answer;
  }

  const Options& options_;
  FinishedRun& finished_;
  std::mutex mutex_;
  std::deque<Json> answers_;
  std::string reason_;
  int stop_;
};

}  // namespace windlass::testing::detail
