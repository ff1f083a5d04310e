#include "http/url.hpp"

#include <gtest/gtest.h>

namespace baton::http {
namespace {

Url url(std::string_view text) {
  auto read = url_from(text);
  EXPECT_TRUE(read) << text << ": " << (read ? "" : read.error().what);
  return read ? *read : Url{};
}

TEST(Url, TakesHttpAndHttpsApart) {
  const auto plain = url("http://Api.Example.com./v1/x?a=b#part");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "api.example.com");
  EXPECT_EQ(plain.port, 80);
  EXPECT_EQ(plain.target, "/v1/x?a=b");
  EXPECT_EQ(plain.authority(), "api.example.com");
  const auto tls = url("HTTPS://a.b:8443");
  EXPECT_TRUE(tls.tls);
  EXPECT_EQ(tls.port, 8443);
  EXPECT_EQ(tls.target, "/");
  EXPECT_EQ(tls.authority(), "a.b:8443");
  EXPECT_EQ(url("https://a:443/").authority(), "a");
  EXPECT_EQ(url("http://a?q").target, "/?q");
  EXPECT_EQ(url("http://a:/x").port, 80);
  EXPECT_EQ(url("http://a#x").target, "/");
}

TEST(Url, TakesAddresses) {
  EXPECT_EQ(url("http://127.0.0.1:8080/").host, "127.0.0.1");
  const auto six = url("https://[2001:DB8::1]:99/x");
  EXPECT_EQ(six.host, "2001:db8::1");
  EXPECT_EQ(six.port, 99);
  EXPECT_EQ(six.authority(), "[2001:db8::1]:99");
  EXPECT_EQ(url("https://[::1]").authority(), "[::1]");
}

TEST(Url, RefusesWhatTwoProgramsCouldReadInTwoWays) {
  const char* const bad[] = {"",
                             "a",
                             "//a",
                             "ftp://a",
                             "http:/a",
                             "http://",
                             "http:///x",
                             "http://:80/",
                             "http://user@a/",
                             "http://a@b@c/",
                             "http://a b/",
                             "http://a/b c",
                             "http://a/\r\nHost: b",
                             "http://a/\x7f",
                             "http://a/\xc3\xa4",
                             "http://\xc3\xa4/",
                             "http://a\\b/",
                             "http://a%2eb/",
                             "http://a..b/",
                             "http://.a/",
                             "http://a:0/",
                             "http://a:65536/",
                             "http://a:8x/",
                             "http://a:-1/",
                             "http://a:80:80/",
                             "http://127.1/",
                             "http://2130706433/",
                             "http://0x7f.0.0.1/",
                             "http://1.2.3.256/",
                             "http://[::1/",
                             "http://::1/",
                             "http://[fe80::1%25eth0]/",
                             "http://[127.0.0.1]/"};
  for (const auto* text : bad) EXPECT_FALSE(url_from(text)) << text;
  EXPECT_FALSE(url_from("http://a/" + std::string(1, '\0')));
  EXPECT_FALSE(url_from("http://" + std::string(254, 'a') + "/"));
}

TEST(IsLoopback, LooksThroughTheWrapping) {
  EXPECT_TRUE(is_loopback(asio::ip::make_address("127.8.9.1")));
  EXPECT_TRUE(is_loopback(asio::ip::make_address("::1")));
  EXPECT_TRUE(is_loopback(asio::ip::make_address("::ffff:127.0.0.1")));
  EXPECT_FALSE(is_loopback(asio::ip::make_address("::ffff:10.0.0.1")));
  EXPECT_FALSE(is_loopback(asio::ip::make_address("0.0.0.0")));
  EXPECT_FALSE(is_loopback(asio::ip::make_address("::")));
}

}  // namespace
}  // namespace baton::http
