#include "plugin/system_http.hpp"

#include <utility>

namespace baton::plugin {
namespace {

class SystemExchange final : public HttpExchange {
 public:
  explicit SystemExchange(std::unique_ptr<http::StreamingExchange> exchange) : exchange_(std::move(exchange)) {}
  void pause(bool paused) override { exchange_->pause(paused); }

 private:
  std::unique_ptr<http::StreamingExchange> exchange_;
};

}  // namespace

Result<std::unique_ptr<HttpExchange>> SystemHttp::start(HttpRequest request, HttpEvents events) {
  auto url = http::url_from(request.url);
  if (!url) return fail(url);
  http::StreamingRequest what{.method = std::move(request.method),
                              .url = *std::move(url),
                              .headers = std::move(request.headers),
                              .body = std::move(request.body),
                              .connect_timeout = request.connect_timeout,
                              .idle_timeout = request.idle_timeout,
                              .total_timeout = request.total_timeout,
                              .loopback_only = request.loopback_only};
  auto started = client_.start(std::move(what), {.on_head = std::move(events.on_head),
                                                 .on_body = std::move(events.on_body),
                                                 .on_done = std::move(events.on_done)});
  if (!started) return fail(started);
  return std::make_unique<SystemExchange>(std::move(*started));
}

}  // namespace baton::plugin
