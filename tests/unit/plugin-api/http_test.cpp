// The wrapper of baton.http/1 against a table that keeps what it is given.
#include "baton/cpp/http.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

struct KeepingHost {
  KeepingHost() {
    table.size = sizeof(table);
    table.impl = this;
    table.extension = [](const baton_host*, const char*) noexcept -> const void* { return nullptr; };
    table.log = [](const baton_host* host, int32_t, baton_str text, const baton_field*, size_t) noexcept {
      of(host).log.emplace_back(view(text));
    };
    http.size = sizeof(http);
    http.start = [](const baton_host* host, const baton_http_request* what, const baton_http_events* calls, void* whose,
                    baton_http* out) noexcept {
      auto& self = of(host);
      if (self.answer != BATON_OK) return self.answer;
      self.request = std::string(view(what->method)) + " " + std::string(view(what->url)) + " " +
                     std::string(view(what->body)) + " " + std::to_string(what->header_count) + " " +
                     std::to_string(what->idle_timeout_ns);
      self.events = *calls;
      self.user = whose;
      *out = {++self.last};
      return BATON_OK;
    };
    http.pause = [](const baton_host* host, baton_http, uint32_t flag) noexcept {
      of(host).paused = flag;
      return BATON_OK;
    };
    http.close = [](const baton_host* host, baton_http exchange) noexcept {
      of(host).closed.push_back(exchange.id);
      return BATON_OK;
    };
  }
  static KeepingHost& of(const baton_host* host) { return *static_cast<KeepingHost*>(host->impl); }

  baton_host table{};
  baton_host_http http{};
  baton_status answer = BATON_OK;
  std::uint64_t last = 0;
  std::string request;
  baton_http_events events{};
  void* user = nullptr;
  std::uint32_t paused = 9;
  std::vector<std::uint64_t> closed;
  std::vector<std::string> log;
};

class HttpTest : public ::testing::Test {
 protected:
  Status start(Exchange& out, Exchange::Events events = {}) {
    HttpRequest request{.method = "POST", .url = "https://a/", .headers = {{"A", "b"}}, .body = "x"};
    request.idle_timeout = std::chrono::seconds(1);
    return Http(Host(&host.table), &host.http).start({}, request, std::move(events), out);
  }
  KeepingHost host;
};

TEST_F(HttpTest, HandsTheRequestOn) {
  Exchange exchange;
  EXPECT_FALSE(exchange);
  EXPECT_EQ(exchange.pause(true).code(), BATON_E_STALE);
  ASSERT_TRUE(start(exchange).ok());
  EXPECT_TRUE(exchange);
  EXPECT_EQ(host.request, "POST https://a/ x 1 1000000000");
  EXPECT_TRUE(exchange.pause(true).ok());
  EXPECT_EQ(host.paused, 1u);
}

TEST_F(HttpTest, ARefusalLeavesWhatWasThere) {
  Exchange exchange;
  ASSERT_TRUE(start(exchange).ok());
  host.answer = BATON_E_DENIED;
  EXPECT_EQ(start(exchange).code(), BATON_E_DENIED);
  EXPECT_TRUE(exchange);
  EXPECT_TRUE(host.closed.empty());
}

TEST_F(HttpTest, ItsEndClosesItAndItsOwnEndDoesNot) {
  {
    Exchange exchange;
    ASSERT_TRUE(start(exchange).ok());
    Exchange moved = std::move(exchange);
    EXPECT_TRUE(host.closed.empty());
  }
  EXPECT_EQ(host.closed, std::vector<std::uint64_t>{1});
  Exchange done;
  ASSERT_TRUE(start(done).ok());
  host.events.on_done(host.user, {2}, BATON_OK, {});
  EXPECT_FALSE(done);
  done.close();
  EXPECT_EQ(host.closed.size(), 1u);
}

TEST_F(HttpTest, EachCallMayDestroyIt) {
  std::string heard;
  Exchange exchange;
  Exchange::Events events;
  events.on_head = [&](int status, std::span<const baton_field> headers) {
    heard += std::to_string(status) + "/" + std::to_string(headers.size());
  };
  events.on_body = [&](std::string_view bytes) {
    heard += bytes;
    exchange.close();
    heard += "!";  // what the function captured is still there
  };
  ASSERT_TRUE(start(exchange, std::move(events)).ok());
  const baton_field header{str("a"), str("b")};
  host.events.on_head(host.user, {1}, 200, &header, 1);
  host.events.on_body(host.user, {1}, str("x"));
  EXPECT_EQ(heard, "200/1x!");
  EXPECT_EQ(host.closed.size(), 1u);
}

TEST_F(HttpTest, WhatACallThrowsStaysInThePlugin) {
  Exchange exchange;
  Exchange::Events events;
  events.on_done = [](Status how, std::string_view) { throw std::runtime_error(how.text()); };
  ASSERT_TRUE(start(exchange, std::move(events)).ok());
  host.events.on_done(host.user, {1}, BATON_E_TIMEOUT, {});
  EXPECT_EQ(host.log, std::vector<std::string>{"out of time"});
}

}  // namespace
}  // namespace baton::plugin
