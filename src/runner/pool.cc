#include "runner/pool.h"

#include <sys/prctl.h>

#include <future>
#include <memory>

#include "runner/pool_group.h"
#include "runner/spawn.h"

namespace windlass::runner {

class Pool::Impl {
 public:
  Impl(PoolOptions options, EventLoop& loop, const Clock& clock)
      : loop_(loop),
        group_(std::make_unique<PoolGroup>(std::move(options), loop, clock, spawner_)) {}

  ~Impl() {
    stop();
    loop_.call([this] { group_.reset(); });
  }

  void stop() {
    WL_CHECK(!loop_.in_loop_thread(), "a Pool cannot be stopped by its own loop");
    // Shared, because the waiter may be gone before set_value() has returned.
    const auto stopped = std::make_shared<std::promise<void>>();
    loop_.call([&] { group_->stop([stopped] { stopped->set_value(); }); });
    stopped->get_future().wait();
  }

  PoolGroup& group() { return *group_; }

 private:
  EventLoop& loop_;
  Spawner spawner_;
  std::unique_ptr<PoolGroup> group_;
};

Pool::Pool(PoolOptions options, EventLoop& loop, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), loop, clock)) {
  // What a dead base leaves behind falls to this process, which ends it.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

Pool::~Pool() = default;
void Pool::stop() {
  impl_->stop();
}
void Pool::load(const VersionSpec& version, std::function<void(Result<Manifest>)> done) {
  impl_->group().load(version, std::move(done));
}
void Pool::serve(const std::string& version, const SourceVersions& sources) {
  impl_->group().serve(version, sources);
}
void Pool::expect_version(Micros at_most) {
  impl_->group().expect_version(at_most);
}
std::unique_ptr<Run> Pool::start(RunSpec spec, RunObserver& observer) {
  return impl_->group().start(std::move(spec), observer);
}
std::size_t Pool::active() const {
  return impl_->group().active();
}

}  // namespace windlass::runner
