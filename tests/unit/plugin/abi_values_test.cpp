#include "plugin/abi_values.hpp"

#include <gtest/gtest.h>

#include "plugin/host_process.hpp"

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

TEST(MayStart, NamesAndPathsAndTheStar) {
  EXPECT_TRUE(may_start({"claude"}, "claude"));
  EXPECT_TRUE(may_start({"claude"}, "/opt/x/claude"));
  EXPECT_FALSE(may_start({"claude"}, "./claude"));
  EXPECT_FALSE(may_start({"claude"}, "/opt/claude/other"));
  EXPECT_TRUE(may_start({"/usr/bin/x"}, "/usr/bin/x"));
  EXPECT_FALSE(may_start({"/usr/bin/x"}, "x"));
  EXPECT_FALSE(may_start({"/usr/bin/x"}, "/bin/x"));
  EXPECT_FALSE(may_start({}, "x"));
  EXPECT_TRUE(may_start({"*"}, "./anything"));
}

}  // namespace
}  // namespace baton::plugin
