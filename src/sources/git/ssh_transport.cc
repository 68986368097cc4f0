#include "sources/git/ssh_transport.h"

#include <git2/sys/transport.h>

#include <memory>

namespace windlass::sources {

namespace {

struct Subtransport;

/// Bases come first: libgit2 hands those back.
struct Stream {
  git_smart_subtransport_stream base;
  Subtransport* owner;
};

struct Subtransport {
  git_smart_subtransport base;
  const SshAccess* access;
  std::unique_ptr<SshSession> session;
  Stream stream;  ///< the same one for the list of references and for what follows
};

Subtransport* of(git_smart_subtransport* base) {
  return reinterpret_cast<Subtransport*>(base);
}
SshSession* session_of(git_smart_subtransport_stream* base) {
  return reinterpret_cast<Stream*>(base)->owner->session.get();
}

int failed() {
  git_error_set_str(GIT_ERROR_SSH, "the ssh connection failed");
  return -1;
}

int stream_read(git_smart_subtransport_stream* base, char* data, std::size_t size,
                std::size_t* out) {
  SshSession* session = session_of(base);
  const ssize_t got = session != nullptr ? session->read(data, size) : -1;
  *out = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got >= 0 ? 0 : failed();
}

int stream_write(git_smart_subtransport_stream* base, const char* data, std::size_t size) {
  SshSession* session = session_of(base);
  return session != nullptr && session->write(data, size) ? 0 : failed();
}

void stream_free(git_smart_subtransport_stream* base) {
  reinterpret_cast<Stream*>(base)->owner->session.reset();
}

int start(git_smart_subtransport_stream** out, git_smart_subtransport* base, const char* /*url*/,
          git_smart_service_t action) {
  Subtransport* transport = of(base);
  if (action == GIT_SERVICE_UPLOADPACK_LS) {
    transport->session = std::make_unique<SshSession>(*transport->access, FetchWatch::current());
    if (!transport->session->open()) return failed();
  } else if (action != GIT_SERVICE_UPLOADPACK || transport->session == nullptr) {
    return failed();
  }
  *out = &transport->stream.base;
  return 0;
}

int close(git_smart_subtransport* base) {
  of(base)->session.reset();
  return 0;
}

void free(git_smart_subtransport* base) {
  delete of(base);
}

int make_subtransport(git_smart_subtransport** out, git_transport* /*owner*/, void* access) {
  auto transport = std::make_unique<Subtransport>();
  transport->base = {start, close, free};
  transport->access = static_cast<const SshAccess*>(access);
  transport->stream.base = {&transport->base, stream_read, stream_write, stream_free};
  transport->stream.owner = transport.get();
  *out = &transport.release()->base;
  return 0;
}

}  // namespace

int make_ssh_transport(git_transport** out, git_remote* remote, const SshAccess* access) {
  git_smart_subtransport_definition definition{};
  definition.callback = make_subtransport;
  definition.param = const_cast<SshAccess*>(access);
  return git_transport_smart(out, remote, &definition);
}

}  // namespace windlass::sources
