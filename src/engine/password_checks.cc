#include "engine/password_checks.h"

#include <algorithm>

#include "base/crypto.h"

namespace windlass::engine {

namespace {

Error too_many_attempts() {
  return {"auth.too_many_attempts",
          "Too many attempts to sign in failed, or are being made at once; wait and try again."};
}

/// What a name without a password is compared with, so that answers take equally long.
const std::string& nobodys_password() {
  static const std::string stored = hash_password(random_hex(16)).value_or("");
  return stored;
}

}  // namespace

class PasswordChecks::Place {
 public:
  explicit Place(PasswordChecks& checks) : checks_(checks) {
    std::unique_lock lock(checks_.mutex_);
    if (checks_.checking_ >= kAtOnce && checks_.waiting_ >= kMostWaiting) return;
    ++checks_.waiting_;
    checks_.freed_.wait(lock, [&] { return checks_.checking_ < kAtOnce; });
    --checks_.waiting_;
    ++checks_.checking_;
    had_ = true;
  }
  ~Place() {
    if (!had_) return;
    const std::lock_guard lock(checks_.mutex_);
    --checks_.checking_;
    checks_.freed_.notify_one();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool had() const { return had_; }

 private:
  PasswordChecks& checks_;
  bool had_ = false;
};

PasswordChecks::PasswordChecks(const Clock& clock) : PasswordChecks(clock, &verify_password) {}

PasswordChecks::PasswordChecks(const Clock& clock, Verify verify)
    : clock_(clock), verify_(std::move(verify)) {}

Result<bool> PasswordChecks::check(std::string_view name, std::string_view stored,
                                   std::string_view password) {
  const std::string name_hash = content_hash(name);
  const Place place(*this);
  if (!place.had()) return too_many_attempts();
  WL_TRY_VOID(begin(name_hash));
  const bool known = !stored.empty();
  const bool right = verify_(known ? stored : nobodys_password(), password) && known;
  if (!right) return false;
  const std::lock_guard lock(mutex_);
  std::erase_if(attempts_, [&](const Attempt& attempt) { return attempt.name_hash == name_hash; });
  return true;
}

/// Counted before it is known how it ends, so that many at once do not slip through.
Result<void> PasswordChecks::begin(const std::string& name_hash) {
  const Micros now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (obstacle(name_hash, now) != nullptr) return too_many_attempts();
  while (!attempts_.empty() && now - attempts_.front().at >= kWindow) attempts_.pop_front();
  attempts_.push_back({now, name_hash});
  return ok();
}

const PasswordChecks::Attempt* PasswordChecks::obstacle(const std::string& name_hash,
                                                        Micros now) const {
  std::size_t in_all = 0;
  std::size_t of_name = 0;
  for (auto attempt = attempts_.rbegin(); attempt != attempts_.rend(); ++attempt) {
    if (now - attempt->at >= kWindow) break;
    if (attempt->name_hash == name_hash) ++of_name;
    if (++in_all == kMostInAll || of_name == kMostPerName) return &*attempt;
  }
  return nullptr;
}

Micros PasswordChecks::retry_after(std::string_view name) const {
  constexpr Micros kLeast = std::chrono::seconds(1);
  const Micros now = clock_.steady();
  const std::lock_guard lock(mutex_);
  const Attempt* attempt = obstacle(content_hash(name), now);
  return attempt == nullptr ? kLeast : std::max(kLeast, attempt->at + kWindow - now);
}

}  // namespace windlass::engine
