// A streaming client, a real server, and exchanges that keep what they hear.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <asio/ip/tcp.hpp>

#include "http/streaming_client.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_task.hpp"

namespace baton::http {

// One server for all tests of the program: making certificates takes a moment.
inline test::HttpServer& server() {
  static test::HttpServer the_server;
  return the_server;
}

class StreamingTest : public ::testing::Test {
 protected:
  struct Heard {
    int status = 0;
    Headers headers;
    std::string body;
    std::size_t bytes = 0, pieces = 0, heads = 0, largest = 0;
    bool keep = true;  // the body
    std::optional<Result<Unit>> done;
    std::function<void()> on_head, on_body, on_done;
    std::unique_ptr<StreamingExchange> exchange;

    Errc code() const { return done && !*done ? done->error().code : Errc::kInternal; }
    std::string why() const { return done && !*done ? done->error().what : ""; }
  };

  StreamingTest() { make_client({}); }
  ~StreamingTest() override { shut_down(); }

  void make_client(StreamingOptions options) {
    if (client) shut_down();
    if (options.ca_file.empty() && server().has("good")) options.ca_file = server().ca_file();
    client.emplace(loop, std::move(options));
  }
  void shut_down() {
    if (!client) return;
    reactor::Scope scope(loop);
    scope.spawn(client->shut_down());
    EXPECT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; })) << "an exchange does not end";
    client.reset();
  }

  StreamingRequest request(const std::string& url, std::string method = "GET", std::string body = "") {
    StreamingRequest made{.method = std::move(method), .url = *url_from(url)};
    made.body = std::move(body);
    return made;
  }
  StreamingRequest plain(const std::string& path) { return request(server().url("plain", path)); }

  // Begins; what it hears goes to `heard`, which outlives it.
  void start(StreamingRequest what, Heard& heard) {
    StreamingEvents events;
    events.on_head = [&heard](int status, const Headers& headers) {
      EXPECT_EQ(heard.bytes, 0u);
      ++heard.heads;
      heard.status = status;
      heard.headers = headers;
      if (heard.on_head) heard.on_head();
    };
    events.on_body = [&heard](std::string_view piece) {
      EXPECT_EQ(heard.heads, 1u);
      ++heard.pieces;
      heard.bytes += piece.size();
      heard.largest = std::max(heard.largest, piece.size());
      if (heard.keep) heard.body += piece;
      if (heard.on_body) heard.on_body();
    };
    events.on_done = [&heard](const Result<Unit>& how) {
      EXPECT_FALSE(heard.done) << "a second end";
      heard.done = how;
      if (heard.on_done) heard.on_done();
    };
    auto started = client->start(std::move(what), std::move(events));
    ASSERT_TRUE(started) << started.error().what;
    heard.exchange = std::move(*started);
    EXPECT_EQ(heard.heads, 0u) << "a call inside start";
    EXPECT_FALSE(heard.done) << "a call inside start";
  }
  bool ends(const Heard& heard) {
    return test::run_until(loop, [&] { return heard.done.has_value(); });
  }
  void complete(StreamingRequest what, Heard& heard) {
    start(std::move(what), heard);
    EXPECT_TRUE(ends(heard)) << "the exchange does not end";
  }
  // The body of a whole answer.
  std::string ask(const std::string& path, const std::string& listener = "plain") {
    Heard heard;
    complete(request(server().url(listener, path)), heard);
    EXPECT_EQ(heard.why(), "");
    return heard.body;
  }
  int connections(const std::string& listener = "plain") {
    return std::stoi(ask("count", listener).substr(std::string("connections=").size()));
  }

  reactor::Loop loop;
  std::optional<StreamingClient> client;
};

}  // namespace baton::http
