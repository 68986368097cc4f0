#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job.h"
#include "model/job_result.h"
#include "model/records.h"
#include "server/rest/json_writer.h"
#include "server/rest/queue_index.h"
#include "storage/storage.h"

namespace windlass::rest {

/// Where people see a commit of the repository at that URL; "" when that is not known.
using CommitLink = std::function<std::string(std::string_view remote_url, std::string_view commit)>;

/// What serialising needs besides the object: where URLs begin, how deep related objects are
/// embedded, and what has to be looked up, each once. One a request; one thread. A lookup that
/// fails is kept: the caller asks failure() before it answers. An object that is being written is
/// not embedded in itself, however deep.
class Rendering {
 public:
  /// `base_url` is "http://host:port". `storage` and `queues` outlive this.
  Rendering(Storage& storage, QueueIndex& queues, std::string base_url, int depth,
            bool html = false, const CommitLink& commit_link = {})
      : storage_(storage),
        queues_(queues),
        base_url_(std::move(base_url)),
        depth_(depth),
        html_(html),
        commit_link_(commit_link) {}

  const std::string& base_url() const { return base_url_; }
  Storage& storage() { return storage_; }
  int depth() const { return depth_; }
  /// Whether Markdown is shown as HTML too (?render=html); not in embedded objects.
  bool html() const { return html_; }

  /// Embeds no deeper than this, whatever was asked for.
  void limit_depth(int most) { depth_ = std::min(depth_, most); }

  /// While it lives, references to this object stay references.
  class Writing {
   public:
    Writing(Rendering& rendering, std::string_view object_type, const Uuid& id)
        : rendering_(rendering) {
      rendering_.writing_.emplace_back(object_type, id);
    }
    ~Writing() { rendering_.writing_.pop_back(); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    Rendering& rendering_;
  };

  /// The URL of an object as a text value; `path` as in ResourceInfo, `tail` follows the id.
  void url(JsonWriter& out, std::string_view path, const Uuid& id, std::string_view tail = "/");
  /// {"id", "object_type", "url"}, or the whole object while depth lasts, its large values aside;
  /// null for an object that is gone.
  void reference(JsonWriter& out, std::string_view object_type, const Uuid& id);
  /// The page of the commit that is this version of a source, where it was fetched from; "" when
  /// there is none.
  std::string version_url(std::string_view source, std::string_view version);
  /// Records of the queues that a job may be routed to, its default first.
  std::vector<JobQueue> queues_of(const Job& job);
  /// How many alive workers serve this queue.
  std::size_t workers_on(std::string_view queue);

  /// Fetches the files of a page of results in one go.
  void load_files(const std::vector<JobResult>& results);
  const std::vector<FileProxy>& files_of(const JobResult& result);

  /// Whether a lookup failed so far.
  const std::optional<Error>& failure() const { return failure_; }
  void fail(Error error) {
    if (!failure_) failure_ = std::move(error);
  }

 private:
  using ObjectKey = std::pair<std::string_view, Uuid>;

  void embed(JsonWriter& out, const ObjectKey& key);
  bool is_being_written(const ObjectKey& key);

  Storage& storage_;
  QueueIndex& queues_;
  std::string base_url_;
  int depth_;
  bool html_;
  CommitLink commit_link_;
  Rendering* outer_ = nullptr;  ///< of the object that this one's are embedded in
  std::vector<ObjectKey> writing_;
  bool shaped_by_outer_ = false;               ///< something outside is not embedded here
  std::map<ObjectKey, std::string> embedded_;  ///< "" for an object that is gone
  std::map<Uuid, std::vector<FileProxy>> files_;
  std::map<std::pair<std::string, std::string>, std::string>
      remotes_;  ///< source and version → URL, "" for none
  std::optional<std::vector<Worker>> alive_;
  std::optional<Error> failure_;
};

}  // namespace windlass::rest
