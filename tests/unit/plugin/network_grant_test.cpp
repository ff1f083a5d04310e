#include "plugin/network_grant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

using ::testing::HasSubstr;

// "no", "here" (loopback alone) or "yes".
std::string may(const std::vector<std::string>& entries, const std::string& url) {
  std::vector<NetworkGrant> grants;
  for (const auto& entry : entries) {
    auto grant = grant_from(entry);
    EXPECT_TRUE(grant) << entry << ": " << (grant ? "" : grant.error().what);
    if (grant) grants.push_back(*grant);
  }
  const auto permission = permission_for(grants, *http::url_from(url));
  if (!permission) return "no";
  return permission->loopback_only ? "here" : "yes";
}
std::string missing(const std::string& url) { return permission_for({}, *http::url_from(url)).error().what; }

TEST(NetworkGrant, AHostIsHttpsOnItsUsualPort) {
  EXPECT_EQ(may({"api.example.com"}, "https://api.example.com/x"), "yes");
  EXPECT_EQ(may({"API.example.com."}, "https://Api.Example.com"), "yes");
  EXPECT_EQ(may({"api.example.com"}, "https://api.example.com:444"), "no");
  EXPECT_EQ(may({"api.example.com"}, "https://example.com"), "no");
  EXPECT_EQ(may({"api.example.com"}, "https://api.example.com.evil.org"), "no");
  EXPECT_EQ(may({"api.example.com"}, "https://evilapi.example.com"), "no");
  EXPECT_EQ(may({"https://api.example.com"}, "https://api.example.com"), "yes");
  EXPECT_EQ(may({}, "https://api.example.com"), "no");
}

TEST(NetworkGrant, APortIsOneOrAll) {
  EXPECT_EQ(may({"a.b:8443"}, "https://a.b:8443"), "yes");
  EXPECT_EQ(may({"a.b:8443"}, "https://a.b"), "no");
  EXPECT_EQ(may({"a.b:*"}, "https://a.b:1"), "yes");
  EXPECT_EQ(may({"[2001:db8::1]:8443"}, "https://[2001:DB8:0::1]:8443"), "yes");
}

TEST(NetworkGrant, AStarIsWhatLiesBelow) {
  EXPECT_EQ(may({"*.example.com"}, "https://a.example.com"), "yes");
  EXPECT_EQ(may({"*.example.com"}, "https://a.b.example.com"), "yes");
  EXPECT_EQ(may({"*.example.com"}, "https://example.com"), "no");
  EXPECT_EQ(may({"*.example.com"}, "https://evilexample.com"), "no");
}

TEST(NetworkGrant, PlainHttpStaysHereUnlessItIsSaid) {
  EXPECT_EQ(may({"127.0.0.1:8080"}, "http://127.0.0.1:8080"), "here");
  EXPECT_EQ(may({"[::1]:8080"}, "http://[::1]:8080"), "here");
  EXPECT_EQ(may({"some.name"}, "http://some.name"), "here");  // its address decides
  EXPECT_EQ(may({"10.0.0.1"}, "http://10.0.0.1"), "no");
  EXPECT_EQ(may({"0.0.0.0"}, "http://0.0.0.0"), "no");
  EXPECT_EQ(may({"http://10.0.0.1"}, "http://10.0.0.1"), "yes");
  EXPECT_EQ(may({"http://some.name:8080"}, "http://some.name:8080"), "yes");
  EXPECT_EQ(may({"http://some.name"}, "https://some.name"), "no");
  EXPECT_EQ(may({"https://127.0.0.1"}, "http://127.0.0.1"), "no");
}

TEST(NetworkGrant, LocalhostIsThisMachinesAddressesToo) {
  for (const auto* url : {"http://localhost:1", "http://127.0.0.1:1", "http://127.9.9.9:1", "http://[::1]:1",
                          "http://[::ffff:127.0.0.1]:1"})
    EXPECT_EQ(may({"localhost:1"}, url), "here") << url;
  EXPECT_EQ(may({"localhost:1"}, "http://10.0.0.1:1"), "no");
  EXPECT_EQ(may({"127.0.0.1:1"}, "http://localhost:1"), "no");
}

TEST(NetworkGrant, ADenialNamesTheEntryThatIsMissing) {
  EXPECT_THAT(missing("https://api.example.com/x"), HasSubstr("network = [\"api.example.com\"]"));
  EXPECT_THAT(missing("https://a.b:444/x"), HasSubstr("network = [\"a.b:444\"]"));
  EXPECT_THAT(missing("http://10.0.0.1:80/"), HasSubstr("network = [\"http://10.0.0.1\"]"));
  EXPECT_THAT(missing("http://localhost:11434/"), HasSubstr("network = [\"localhost:11434\"]"));
  // What it names is enough.
  for (const auto* url : {"https://a.b:444", "http://10.0.0.1:99", "http://[::1]:5", "https://[::1]", "http://a.b"}) {
    const auto parsed = *http::url_from(url);
    const auto text = missing(url);
    const auto from = text.find("[\"") + 2;
    const auto grant = grant_from(text.substr(from, text.rfind("\"]") - from));
    ASSERT_TRUE(grant) << text;
    EXPECT_TRUE(permission_for({*grant}, parsed)) << text;
  }
}

TEST(NetworkGrant, RefusesWhatIsNoHost) {
  for (const auto* bad : {"",
                          "*",
                          "*.",
                          "a b",
                          "a/b",
                          "http://",
                          "http://a/",
                          "ftp://a",
                          "a:",
                          "a:0",
                          "a:x",
                          "a:99999",
                          "*.127.0.0.1",
                          "*.[::1]",
                          "a.*.b",
                          "user@a",
                          "127.1",
                          "::1",
                          "https://http://a",
                          "a\n"})
    EXPECT_FALSE(grant_from(bad)) << bad;
}

}  // namespace
}  // namespace baton::plugin
