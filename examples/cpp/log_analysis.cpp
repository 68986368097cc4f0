/// What an uploaded log file says: entries by level, what is said most often, what took longest.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>
#include <unordered_map>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

constexpr std::array<std::string_view, 5> kLevels = {"DEBUG", "INFO", "WARNING", "ERROR",
                                                     "CRITICAL"};
constexpr std::size_t kLinesAStep = 50'000;

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// `TIME LEVEL MESSAGE` taken apart; without a level where the line is something else.
struct Entry {
  explicit Entry(std::string_view line) {
    const auto time = std::find_if(line.begin(), line.end(), is_blank);
    if (time == line.begin() || time == line.end() || *time != ' ') return;
    line.remove_prefix(static_cast<std::size_t>(time - line.begin()) + 1);
    const std::string_view word = line.substr(0, line.find(' '));
    const auto known = std::find(kLevels.begin(), kLevels.end(), word);
    if (known == kLevels.end() || line.size() < word.size() + 2) return;
    level = *known;
    message = line.substr(word.size() + 1);
  }
  std::string_view level, message;
};

/// The 12 of a message that ends with ` in 12 ms`.
std::optional<std::int64_t> duration_of(std::string_view message) {
  if (!message.ends_with(" ms")) return {};
  message.remove_suffix(3);
  const std::size_t in = message.rfind(" in ");
  if (in == std::string_view::npos) return {};
  message.remove_prefix(in + 4);
  std::int64_t duration = 0;
  const auto [end, failure] =
      std::from_chars(message.data(), message.data() + message.size(), duration);
  if (failure != std::errc() || end != message.data() + message.size() || message[0] == '-')
    return {};
  return duration;
}

/// The message with # for each number, so that alike ones count as one.
void generalise(std::string_view message, std::string& pattern) {
  pattern.clear();
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (!is_digit(message[i])) {
      pattern += message[i];
    } else if (i == 0 || !is_digit(message[i - 1])) {
      pattern += '#';
    }
  }
}

/// One entry with a duration; in order, the slowest comes first.
struct Slow {
  std::int64_t ms;
  std::size_t line;
  std::string message;
  bool operator<(const Slow& other) const {
    return std::tie(other.ms, line) < std::tie(ms, other.line);
  }
  Json to_json() const { return {{"ms", ms}, {"line", line}, {"message", message}}; }
};

void keep_first(std::vector<Slow>& slowest, std::size_t most) {
  std::sort(slowest.begin(), slowest.end());
  if (slowest.size() > most)
    slowest.erase(slowest.begin() + static_cast<long>(most), slowest.end());
}

}  // namespace

class AnalyseLog : public Job {
 public:
  static inline const Meta meta{
      .name = "Analyse Log",
      .description =
          "Reads lines of the form `TIME LEVEL MESSAGE`, where a message may end with ` in 12 ms`.",
      .has_sensitive_variables = false};

  FileVar log{this, "log", {.description = "One entry a line; other lines are counted"}};
  IntegerVar top{this,
                 "top",
                 {.description = "Length of the lists",
                  .min_value = 1,
                  .max_value = 1000,
                  .default_value = 10}};

  Json run() override {
    const auto most = static_cast<std::size_t>(*top);
    std::map<std::string, std::size_t> levels;
    std::unordered_map<std::string, std::size_t> messages;
    std::vector<Slow> slowest;
    std::size_t lines = 0, read = 0, unreadable = 0;
    std::string line, pattern;
    while (log->read_line(line)) {
      ++lines;
      read += line.size() + 1;
      if (lines % kLinesAStep == 0) show(read);
      if (line.ends_with('\r')) line.pop_back();
      const Entry entry(line);
      if (entry.level.empty()) {
        ++unreadable;
        continue;
      }
      ++levels[std::string(entry.level)];
      generalise(entry.message, pattern);
      ++messages[pattern];
      const auto duration = duration_of(entry.message);
      if (!duration) continue;
      slowest.push_back({*duration, lines, std::string(entry.message)});
      if (slowest.size() >= 2 * most + 1000) keep_first(slowest, most);
    }
    show(log->size());

    if (unreadable > 0) logger.warning("{} of {} lines are no entries", unreadable, lines);
    for (const auto& [level, count] : levels) logger.grouping(level).info("{} entries", count);
    keep_first(slowest, most);
    return {{"lines", lines},
            {"unreadable", unreadable},
            {"levels", levels},
            {"messages", frequent(messages, most)},
            {"slowest", slowest}};
  }

 private:
  void show(std::size_t read) {
    const std::size_t size = log->size();
    progress(static_cast<double>(std::min(read, size)), static_cast<double>(size), "Reading");
  }

  static Json frequent(const std::unordered_map<std::string, std::size_t>& messages,
                       std::size_t most) {
    std::vector<std::pair<std::string, std::size_t>> all(messages.begin(), messages.end());
    std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
      return std::tie(other.second, one.first) < std::tie(one.second, other.first);
    });
    Json listed = Json::array();
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i)
      listed.push_back({{"message", all[i].first}, {"count", all[i].second}});
    return listed;
  }
};

static const auto registered = register_jobs<AnalyseLog>({.grouping = "Examples"});
