// The network's HTTP servers for plugins: HttpService over http::StreamingClient.
#pragma once

#include <memory>

#include "http/streaming_client.hpp"
#include "plugin/http_service.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

class SystemHttp final : public HttpService {
 public:
  SystemHttp(reactor::Loop& loop, http::StreamingOptions options) : client_(loop, std::move(options)) {}

  Result<std::unique_ptr<HttpExchange>> start(HttpRequest request, HttpEvents events) override;

  // After the last exchange was destroyed, before this object is, while the loop runs.
  reactor::Task<> shut_down() { return client_.shut_down(); }

 private:
  http::StreamingClient client_;
};

}  // namespace baton::plugin
