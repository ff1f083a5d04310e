#include "cli/encode.hpp"

#include <gtest/gtest.h>

namespace baton::cli {
namespace {

TEST(Encoded, KeepsWhatIsUnreserved) { EXPECT_EQ(encoded("aZ09-._~"), "aZ09-._~"); }

TEST(Encoded, EscapesTheRest) {
  EXPECT_EQ(encoded("a b/c?d=e&f#%"), "a%20b%2Fc%3Fd%3De%26f%23%25");
  EXPECT_EQ(encoded("\xC3\xBC"), "%C3%BC");
  EXPECT_EQ(encoded(""), "");
}

}  // namespace
}  // namespace baton::cli
