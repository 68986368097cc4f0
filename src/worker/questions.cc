#include "worker/questions.h"

#include <fmt/format.h>
#include <pthread.h>

namespace windlass::worker {

namespace {

json::object refusal(const json::object& ask, const Error& error) {
  json::object fields;
  for (const auto& [field, messages] : error.fields) {
    json::array list;
    for (const std::string& message : messages) list.emplace_back(message);
    fields[field] = std::move(list);
  }
  return {{"type", "answer"},
          {"ask", ask.at("ask")},
          {"error", {{"code", error.code}, {"message", error.message}, {"fields", fields}}}};
}

Error too_large(std::string_view what, std::size_t most) {
  return {"ask.too_large",
          fmt::format("The {} is too large: {} MiB are allowed. Ask for less at a time.", what,
                      most >> 20)};
}

}  // namespace

Questions::Questions(const AnswerQuestion& answer, EventLoop& loop, Tell tell)
    : answer_(answer), loop_(loop), tell_(std::move(tell)) {}

Questions::~Questions() {
  stop();
}

bool Questions::add(const RunKey& run, std::shared_ptr<const ClaimedRun> claimed,
                    json::object ask) {
  if (to_text(ask).size() > kLongestQuestion) {
    post({run, refusal(ask, too_large("question", kLongestQuestion))});
    return false;
  }
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  if (!thread_.joinable()) {
    thread_ = std::thread([this] {
      pthread_setname_np(pthread_self(), "windlass-asks");
      this->run();
    });
  }
  Waiting& line = waiting_[run.number];
  line.questions.push_back({run, std::move(claimed), std::move(ask)});
  line.crowded = line.crowded || line.questions.size() >= kCrowded;
  changed_.notify_one();
  return line.crowded;
}

void Questions::forget(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  waiting_.erase(number);
}

void Questions::stop() {
  std::thread ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
    changed_.notify_one();
    ending.swap(thread_);
  }
  if (ending.joinable()) ending.join();
}

void Questions::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    QuestionAnswer answered = take_and_answer(lock);
    lock.unlock();
    post(std::move(answered));
    lock.lock();
  }
}

/// The oldest question of the run whose turn it is. The lock is open while it is answered.
QuestionAnswer Questions::take_and_answer(std::unique_lock<std::mutex>& lock) {
  auto next = waiting_.upper_bound(served_);
  if (next == waiting_.end()) next = waiting_.begin();
  served_ = next->first;
  Waiting& line = next->second;
  const Question question = std::move(line.questions.front());
  line.questions.pop_front();
  QuestionAnswer out{question.run, {}, line.crowded && line.questions.size() <= kCrowded / 2};
  if (out.relieved) line.crowded = false;
  if (line.questions.empty()) waiting_.erase(next);
  lock.unlock();
  out.frame = answer(question);
  lock.lock();
  return out;
}

json::object Questions::answer(const Question& question) const {
  if (!answer_) {
    return refusal(question.ask,
                   {"ask.unavailable", "Questions of jobs are not answered where this one runs."});
  }
  Result<json::value> value = answer_(question.ask, *question.claimed);
  if (!value.ok()) return refusal(question.ask, value.error());
  if (to_text(*value).size() > kLongestAnswer) {
    return refusal(question.ask, too_large("answer", kLongestAnswer));
  }
  return {{"type", "answer"}, {"ask", question.ask.at("ask")}, {"value", *std::move(value)}};
}

void Questions::post(QuestionAnswer answer) {
  loop_.post([this, shared = std::make_shared<QuestionAnswer>(std::move(answer))] {
    tell_(std::move(*shared));
  });
}

}  // namespace windlass::worker
