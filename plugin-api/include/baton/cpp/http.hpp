// An HTTP exchange that is its handle: destroying it breaks it off, and no callback comes any more.
#pragma once

#include "../ext/http.h"
#include "guard.hpp"
#include "handle.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::plugin {

class Exchange {
 public:
  // Calls come in later turns, never from inside a function of Exchange; each may destroy the exchange.
  struct Events {
    std::function<void(int status, std::span<const baton_field> headers)> on_head;  // names in lower case
    std::function<void(std::string_view bytes)> on_body;                            // lines out of it: lines.hpp
    std::function<void(Status how, std::string_view text)> on_done;                 // last
  };

  Exchange() = default;
  Exchange(Exchange&&) = default;
  Exchange& operator=(Exchange&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Exchange() { close(); }

  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }

  Status pause(bool paused) {
    if (!*this) return BATON_E_STALE;
    return state_->table->pause(state_->host.raw(), state_->handle.raw(), paused ? 1u : 0u);
  }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Http;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    const baton_host_http* table = nullptr;
    baton_run owner{};
    Events events;
    Handle<baton_http, baton_host_http> handle;
  };

  // Keeps the state through a callback that destroys the exchange.
  template <class Body>
  static void enter(void* user, Body&& body) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();
    guarded_callback(state->host.raw(), state->owner, [&] { body(*state); });
  }
  static void on_head(void* user, baton_http, int32_t status, const baton_field* headers, size_t count) noexcept {
    enter(user, [&](State& state) {
      if (state.events.on_head) state.events.on_head(status, fields(headers, count));
    });
  }
  static void on_body(void* user, baton_http, baton_str bytes) noexcept {
    enter(user, [&](State& state) {
      if (state.events.on_body) state.events.on_body(view(bytes));
    });
  }
  static void on_done(void* user, baton_http, baton_status how, baton_str text) noexcept {
    enter(user, [&](State& state) {
      state.handle.forget();
      if (state.events.on_done) state.events.on_done(how, view(text));
    });
  }

  std::shared_ptr<State> state_;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::nanoseconds idle_timeout = std::chrono::minutes(2);
  std::chrono::nanoseconds total_timeout = std::chrono::minutes(30);
};

// baton.http/1
class Http {
 public:
  using Table = baton_host_http;
  static constexpr const char* kId = BATON_EXT_HTTP;
  static constexpr size_t kSize = sizeof(Table);
  Http(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Sets `out`, which is left alone on an error. `owner` may be none: {}.
  Status start(baton_run owner, const HttpRequest& request, Exchange::Events events, Exchange& out) const {
    auto state = std::make_shared<Exchange::State>();
    state->host = host_;
    state->table = table_;
    state->owner = owner;
    state->events = std::move(events);
    std::vector<baton_field> headers;
    for (const auto& [name, value] : request.headers) headers.push_back({str(name), str(value)});
    baton_http_request raw_request{};
    raw_request.size = sizeof(raw_request);
    raw_request.owner = owner;
    raw_request.method = str(request.method);
    raw_request.url = str(request.url);
    raw_request.headers = headers.data();
    raw_request.header_count = headers.size();
    raw_request.body = str(request.body);
    raw_request.connect_timeout_ns = request.connect_timeout.count();
    raw_request.idle_timeout_ns = request.idle_timeout.count();
    raw_request.total_timeout_ns = request.total_timeout.count();
    baton_http_events callbacks{};
    callbacks.size = sizeof(callbacks);
    callbacks.on_head = &Exchange::on_head;
    callbacks.on_body = &Exchange::on_body;
    callbacks.on_done = &Exchange::on_done;
    baton_http raw{};
    const Status answer = table_->start(host_.raw(), &raw_request, &callbacks, state.get(), &raw);
    if (!answer.ok()) return answer;
    state->handle = {host_, table_, raw};
    out.close();
    out.state_ = std::move(state);
    return answer;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
