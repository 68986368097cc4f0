#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/event_loop.h"
#include "worker/exchange.h"

namespace windlass::worker {

/// An answer to a job's question, or the news that a run may ask again.
struct QuestionAnswer {
  RunKey run;
  json::object frame;     ///< `answer`, for the job
  bool relieved = false;  ///< the run had been held back and has room again
};

/// Has the questions of jobs (`ask` frames) answered by whoever knows, who may take long: on one
/// thread of its own, started by the first question, the runs taking turns. What an answer's frame
/// may hold is bounded. Owned by the worker; add() and forget() on the event loop, `tell` is called
/// there.
class Questions {
 public:
  using Tell = std::function<void(QuestionAnswer)>;
  /// Questions of one run that wait before it is held back.
  static constexpr std::size_t kCrowded = 8;
  static constexpr std::size_t kLongestQuestion = 4 << 20;  ///< bytes of JSON
  static constexpr std::size_t kLongestAnswer = 32 << 20;

  Questions(const AnswerQuestion& answer, EventLoop& loop, Tell tell);
  ~Questions();

  /// `ask` has a whole number `ask` and a text `question`. Returns true when the run should be held
  /// back until an answer says relieved.
  bool add(const RunKey& run, std::shared_ptr<const ClaimedRun> claimed, json::object ask);
  /// Drops what waits of a run that has ended.
  void forget(std::int64_t number);
  /// Ends the thread after the question at hand. Any thread but the loop's.
  void stop();

 private:
  struct Question {
    RunKey run;
    std::shared_ptr<const ClaimedRun> claimed;
    json::object ask;
  };
  struct Waiting {
    std::deque<Question> questions;
    bool crowded = false;
  };

  void run();
  QuestionAnswer take_and_answer(std::unique_lock<std::mutex>& lock);
  json::object answer(const Question& question) const;
  void post(QuestionAnswer answer);

  const AnswerQuestion& answer_;
  EventLoop& loop_;
  const Tell tell_;
  std::thread thread_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::map<std::int64_t, Waiting> waiting_;  ///< by the run's number
  std::int64_t served_ = 0;                  ///< the run that had the last turn
  bool stopping_ = false;
};

}  // namespace windlass::worker
