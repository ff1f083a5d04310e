#include "base/result.hpp"

#include <gtest/gtest.h>

namespace baton {
namespace {

Result<int> refused() { return fail(Errc::kConflict, "task 7 has an owner", "owned"); }

Result<std::string> handed_on() {
  auto row = refused();
  if (!row) return fail(row);
  return "never";
}

Result<Unit> handed_on_again() { return fail(handed_on()); }

TEST(Result, HandsAnErrorOnWhateverTheValueTypesAre) {
  const auto result = handed_on_again();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kConflict);
  EXPECT_EQ(result.error().what, "task 7 has an owner");
  EXPECT_EQ(result.error().reason, "owned");
}

TEST(Result, HoldsAValue) {
  const Result<int> result = 7;
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 7);
}

}  // namespace
}  // namespace baton
