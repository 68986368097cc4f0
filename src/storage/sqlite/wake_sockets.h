#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "storage/notifier.h"

namespace windlass::sqlite {

/// Notices within this process, and between the processes on one database: each has a Unix datagram
/// socket in a folder that they share. Sending never waits; a full or vanished receiver loses the
/// notice.
class WakeSockets final : public Notifier {
 public:
  /// Errors: `file.io`.
  static Result<std::unique_ptr<WakeSockets>> open(const std::filesystem::path& folder);
  ~WakeSockets() override;

  void notify(const Notice& notice) override { publish({notice}); }
  std::unique_ptr<Subscription> subscribe(std::function<void(const Notice&)> callback) override;
  /// Tells the subscribers of this process, and the other processes in as few datagrams as hold
  /// them.
  void publish(const std::vector<Notice>& notices);

 private:
  struct Subscriber;
  class Handle;

  WakeSockets(UniqueFd folder, UniqueFd socket, UniqueFd changes, UniqueFd stop, std::string name);
  void tell_subscribers(const std::vector<Notice>& notices);
  void send(const std::string& datagram);
  void loop();
  void receive();
  void find_peers();

  const UniqueFd folder_;
  const UniqueFd socket_;
  const UniqueFd changes_;  ///< inotify: sockets that come and go
  const UniqueFd stop_;
  const std::string name_;  ///< of our own socket in the folder
  std::mutex subscribers_mutex_;
  std::vector<std::shared_ptr<Subscriber>> subscribers_;
  std::mutex peers_mutex_;
  std::vector<std::string> peers_;
  std::thread thread_;
};

}  // namespace windlass::sqlite
