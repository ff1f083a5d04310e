// An HTTP/1.1 client whose answers come piece by piece, over TCP or TLS: what plugins get as baton.http/1.
//
// An answer is what the server said: no redirects, cookies, caches or content codings, and no proxy. Certificates are
// always verified. Connections are used again. A reader that pauses makes the server wait: nothing is gathered.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/channel_pool.hpp"
#include "http/request_head.hpp"
#include "http/url.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::http {

struct StreamingRequest {
  std::string method;  // as it goes over the wire: "POST"
  Url url;
  Headers headers = {};  // without those that is_clients_own() names
  std::string body = {};
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds(10);  // name, TCP and TLS together
  std::chrono::nanoseconds idle_timeout = std::chrono::seconds(60);     // between two signs of progress
  std::chrono::nanoseconds total_timeout = std::chrono::minutes(10);
  bool loopback_only = false;  // refuses to connect to another machine, whatever the name says
};

// Calls come in later turns of the loop, never from inside start() or a function of the exchange, which may be
// destroyed in each.
struct StreamingEvents {
  std::function<void(int status, const Headers&)> on_head;  // names in lower case; interim answers are skipped
  std::function<void(std::string_view)> on_body;            // at most 64 KiB, without its transfer coding
  // Last, once. kNotFound: no such name; kTimeout: one of the three; kTooLarge: a head beyond 64 KiB; kDenied: another
  // machine, with loopback_only; kIo: everything else.
  std::function<void(const Result<Unit>&)> on_done;
};

struct StreamingOptions {
  std::filesystem::path ca_file = {};  // PEM; trusted besides the system's authorities
  PoolLimits pool = {};
};

// Whether `file` can be StreamingOptions::ca_file, which is read at the first https exchange only. Reads it. kInvalid.
Result<Unit> check_ca_file(const std::filesystem::path& file);

class Conversation;

// Destroying it breaks the exchange off; no call comes any more.
class StreamingExchange {
 public:
  explicit StreamingExchange(std::shared_ptr<Conversation> conversation);
  ~StreamingExchange();
  StreamingExchange(const StreamingExchange&) = delete;
  StreamingExchange& operator=(const StreamingExchange&) = delete;

  // While paused the answer is not read and the idle timeout rests; what was read already still comes.
  void pause(bool paused);

 private:
  std::shared_ptr<Conversation> conversation_;
};

class StreamingClient {
 public:
  StreamingClient(reactor::Loop& loop, StreamingOptions options);
  ~StreamingClient();  // after shut_down(), if anything was started
  StreamingClient(const StreamingClient&) = delete;
  StreamingClient& operator=(const StreamingClient&) = delete;

  // kInvalid: a method or a header that cannot be sent. Nothing was sent then.
  //
  // A connection that was used before may be dead by now, which shows only when it is used. The request is then sent
  // once more, over a new one, if no byte of an answer came and either its method may be repeated (is_idempotent) or
  // not a byte of it had been written.
  Result<std::unique_ptr<StreamingExchange>> start(StreamingRequest request, StreamingEvents events);

  // Closes spare connections, and ends when no exchange is under way; those that live must be destroyed for that.
  reactor::Task<> shut_down();

  std::size_t spare() const;  // connections that wait for their next request

 private:
  struct Parts;
  friend class Conversation;
  std::unique_ptr<Parts> parts_;
};

}  // namespace baton::http
