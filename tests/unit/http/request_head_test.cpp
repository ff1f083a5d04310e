#include "http/request_head.hpp"

#include <gtest/gtest.h>

namespace baton::http {
namespace {

TEST(RequestHead, AHeaderIsOneLine) {
  std::string head;
  EXPECT_TRUE(append_header(head, "X-A", "b c"));
  EXPECT_EQ(head, "X-A: b c\r\n");
  for (const auto* bad : {"", "a b", "a:", "a\r\n"}) EXPECT_FALSE(append_header(head, bad, "x")) << bad;
  EXPECT_FALSE(append_header(head, "X", "a\rb"));
  EXPECT_EQ(head, "X-A: b c\r\n");
}

TEST(RequestHead, KnowsWhatIsTheClientsOwn) {
  EXPECT_TRUE(is_clients_own("host"));
  EXPECT_TRUE(is_clients_own("Transfer-Encoding"));
  EXPECT_FALSE(is_clients_own("authorization"));
  EXPECT_FALSE(is_clients_own("Content-Type"));
}

TEST(RequestHead, KnowsMethods) {
  EXPECT_TRUE(is_method("POST"));
  EXPECT_TRUE(is_method("M-SEARCH"));
  for (const auto* bad : {"", "post", "Post", "CONNECT", "A B"}) EXPECT_FALSE(is_method(bad)) << bad;
  EXPECT_TRUE(is_idempotent("PUT"));
  EXPECT_FALSE(is_idempotent("POST"));
  EXPECT_FALSE(is_idempotent("PATCH"));
}

}  // namespace
}  // namespace baton::http
