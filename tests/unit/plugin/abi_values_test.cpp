#include "plugin/abi_values.hpp"

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

struct Small {
  std::uint32_t size, value;
};
struct Grown {
  Small known;
  std::uint64_t added;
};

TEST(ReadStruct, TakesTheKnownPartOfALongerOne) {
  const Grown given{{sizeof(Grown), 7}, 0};
  Small read{};
  EXPECT_EQ(read_struct(&given, given.known.size, read), BATON_OK);
  EXPECT_EQ(read.value, 7u);
}

TEST(ReadStruct, RefusesWhatItCannotDo) {
  Grown given{{sizeof(Grown), 7}, 1};
  Small read{};
  EXPECT_EQ(read_struct(&given, given.known.size, read), BATON_E_UNSUPPORTED);
  EXPECT_EQ(read_struct(&given, 4, read), BATON_E_INVALID);
  EXPECT_EQ(read_struct(nullptr, 100, read), BATON_E_INVALID);
}

}  // namespace
}  // namespace baton::plugin
