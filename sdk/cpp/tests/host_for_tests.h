/// A host that keeps frames, for tests of what the library says.
#pragma once

#include <string>
#include <vector>

#include "seam.hpp"

namespace windlass::jobs::internal {

/// Keeps what is sent; gives `answers` one after another; asks to stop as `stop` says.
class KeepingHost : public Host {
 public:
  void send(std::string_view frame_json) override { frames.push_back(Json::parse(frame_json)); }
  Json wait_for(std::string_view, std::string_view, std::string_view, std::int64_t) override {
    Json answer = answers.at(0);
    answers.erase(answers.begin());
    return answer;
  }
  std::string_view stop_reason() override { return stop; }
  int stop_descriptor() override { return -1; }

  std::vector<Json> frames;
  std::vector<Json> answers;
  std::string stop;
};

/// A `run` frame for a class of a test program, whose path is its name.
inline Json run_frame(const std::string& class_path, Json inputs = Json::object()) {
  return Json::object({{"type", "run"},
                       {"task_id", "0190"},
                       {"class_path", class_path},
                       {"inputs", std::move(inputs)},
                       {"attempt", 1},
                       {"user", Json::object({{"id", "u"}, {"username", "admin"}})},
                       {"job", Json::object({{"id", "j"}, {"name", "A job"}})},
                       {"queue", "slow"},
                       {"create_file_max_size", 10}});
}

}  // namespace windlass::jobs::internal
