#include "http/host_guard.hpp"

#include <gtest/gtest.h>

namespace baton::http {
namespace {

Request asking(std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

TEST(HostGuard, ReadsAHostHeader) {
  EXPECT_EQ(host_of("LocalHost:18790"), "localhost");
  EXPECT_EQ(host_of("baton.example."), "baton.example");
  EXPECT_EQ(host_of("[::1]:80"), "::1");
  EXPECT_EQ(host_of("[::1]"), "::1");
  for (const auto* bad : {"", ":80", "a:b", "a:", "a:123456", "user@host", "a/b", "a b", "[::1", "[::1]x", "[]", "::1",
                          "[name]", "a,b", "a\\b"}) {
    EXPECT_FALSE(host_of(bad)) << bad;
  }
}

TEST(HostGuard, KnowsLoopback) {
  const HostGuard guard;
  for (const auto* good : {"localhost", "localhost:1", "127.0.0.1:18790", "127.9.9.9", "[::1]:2", "LOCALHOST."}) {
    EXPECT_TRUE(guard.allows_host(good)) << good;
  }
  for (const auto* bad : {"evil.example", "127.evil.example", "127.0.0.1.evil.example", "128.0.0.1", "0.0.0.0", "[::2]",
                          "localhost.evil.example", "127.1", "127.0.0.x", "127.0.0."}) {
    EXPECT_FALSE(guard.allows_host(bad)) << bad;
  }
}

TEST(HostGuard, KnowsWhatItWasTold) {
  HostGuard guard;
  guard.allow("baton.example");
  guard.allow("10.0.0.7:18790");
  guard.allow("[fd00::1]:80");
  EXPECT_TRUE(guard.allows_host("BATON.example:9999"));
  EXPECT_TRUE(guard.allows_host("10.0.0.7"));
  EXPECT_TRUE(guard.allows_host("[fd00::1]:1"));
  EXPECT_FALSE(guard.allows_host("x.baton.example"));
}

TEST(HostGuard, JudgesOrigins) {
  const HostGuard guard;
  for (const auto* good : {"http://localhost:5173", "https://127.0.0.1", "http://[::1]:1"}) {
    EXPECT_TRUE(guard.allows_origin(good)) << good;
  }
  for (const auto* bad :
       {"null", "http://evil.example", "file://localhost", "localhost", "http://localhost/", "http://"}) {
    EXPECT_FALSE(guard.allows_origin(bad)) << bad;
  }
}

TEST(HostGuard, RefusesAPageOfAStranger) {
  const HostGuard guard;
  EXPECT_FALSE(guard.check(asking({{"host", "localhost"}})));
  EXPECT_FALSE(guard.check(asking({{"host", "localhost"}, {"origin", ""}})));
  EXPECT_FALSE(guard.check(asking({{"host", "localhost"}, {"origin", "http://localhost:3000"}})));
  EXPECT_FALSE(guard.check(asking({{"host", "localhost"}, {"sec-fetch-site", "same-origin"}})));
  EXPECT_EQ(guard.check(asking({{"host", "evil.example"}}))->text, "host not allowed");
  EXPECT_EQ(guard.check(asking({{"host", ""}}))->status, 403);
  EXPECT_FALSE(guard.check(asking({}))) << "HTTP/1.0";
  EXPECT_EQ(guard.check(asking({{"host", "localhost"}, {"origin", "null"}}))->status, 403);
  EXPECT_EQ(guard.check(asking({{"host", "localhost"}, {"origin", "http://evil.example"}}))->status, 403);
  EXPECT_EQ(guard.check(asking({{"host", "localhost"}, {"sec-fetch-site", "cross-site"}}))->status, 403);
}

}  // namespace
}  // namespace baton::http
