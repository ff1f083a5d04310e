// Exchanges with HTTP servers, as baton.http/1 needs them: the network's, or somebody's script of them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/request_head.hpp"

namespace baton::plugin {

using HttpHeaders = http::Headers;

// Checked by the table: method and headers can be sent, the host of `url` is granted.
struct HttpRequest {
  std::string method, url;
  HttpHeaders headers;
  std::string body;
  std::chrono::nanoseconds connect_timeout, idle_timeout, total_timeout;
  bool loopback_only = false;  // refuses another machine, whatever the name says
};

// Calls come in later turns of the loop, never from inside start() or a function of the exchange.
struct HttpEvents {
  std::function<void(int status, const HttpHeaders&)> on_head;  // names in lower case
  std::function<void(std::string_view)> on_body;                // at most 64 KiB
  // Last, once. kNotFound: no such name; kTimeout; kTooLarge: the head; kDenied: another machine, with
  // loopback_only; kIo: everything else.
  std::function<void(const Result<Unit>&)> on_done;
};

// Destroying it breaks the exchange off; no call comes any more.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  virtual void pause(bool paused) = 0;
};

class HttpService {
 public:
  virtual ~HttpService() = default;
  // kInvalid: a URL that is none. Nothing was sent then.
  virtual Result<std::unique_ptr<HttpExchange>> start(HttpRequest request, HttpEvents events) = 0;
};

}  // namespace baton::plugin
