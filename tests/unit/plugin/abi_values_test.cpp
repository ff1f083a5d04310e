#include "plugin/abi_values.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

struct Small {
  std::uint32_t size, value;
};
// As Small was, two minors later.
struct Grown {
  std::uint32_t size, value;
  std::uint64_t added, later;
};
constexpr std::uint32_t kSecondSize = offsetof(Grown, later);

Grown garbage() {
  Grown made{};
  std::memset(&made, 0xa5, sizeof(made));
  return made;
}

}  // namespace

template <>
inline constexpr std::size_t kFirstSize<Grown> = sizeof(Small);

namespace {

TEST(ReadStruct, TakesTheKnownPartOfALongerOne) {
  const Grown given{sizeof(Grown), 7, 0, 0};
  Small read{};
  EXPECT_EQ(read_struct(&given, given.size, read), BATON_OK);
  EXPECT_EQ(read.value, 7u);
}

TEST(ReadStruct, RefusesWhatItCannotDo) {
  Grown given{sizeof(Grown), 7, 0, 1};
  Small read{};
  EXPECT_EQ(read_struct(&given, given.size, read), BATON_E_UNSUPPORTED);
  EXPECT_EQ(read_struct(&given, 4, read), BATON_E_INVALID);
  EXPECT_EQ(read_struct(&given, 0, read), BATON_E_INVALID);
  EXPECT_EQ(read_struct(nullptr, 100, read), BATON_E_INVALID);
}

TEST(ReadStruct, TakesOneOfTheFirstVersion) {
  const Small given{sizeof(Small), 7};
  auto read = garbage();
  EXPECT_EQ(read_struct(&given, given.size, read), BATON_OK);
  EXPECT_EQ(read.size, sizeof(Small));
  EXPECT_EQ(read.value, 7u);
  EXPECT_EQ(read.added, 0u);
  EXPECT_EQ(read.later, 0u);
}

TEST(ReadStruct, TakesOneOfAVersionBetween) {
  const Grown given{kSecondSize, 7, 8, 9};
  auto read = garbage();
  EXPECT_EQ(read_struct(&given, given.size, read), BATON_OK);
  EXPECT_EQ(read.added, 8u);
  EXPECT_EQ(read.later, 0u);
}

TEST(ReadStruct, TakesOneOfTodayWhole) {
  const Grown given{sizeof(Grown), 7, 8, 9};
  auto read = garbage();
  EXPECT_EQ(read_struct(&given, given.size, read), BATON_OK);
  EXPECT_EQ(read.later, 9u);
}

TEST(ReadStruct, LooksAtEachByteAfterWhatItKnows) {
  std::array<unsigned char, sizeof(Grown) + 3> given{};
  given[4] = 7;
  auto read = garbage();
  EXPECT_EQ(read_struct(given.data(), given.size(), read), BATON_OK);
  EXPECT_EQ(read.value, 7u);
  given.back() = 1;
  EXPECT_EQ(read_struct(given.data(), given.size(), read), BATON_E_UNSUPPORTED);
}

TEST(ReadStruct, RefusesWhatIsShorterThanTheFirstVersion) {
  const Grown given{};
  auto read = garbage();
  EXPECT_EQ(read_struct(&given, sizeof(Small) - 1, read), BATON_E_INVALID);
}

TEST(KnownPart, HasEmptySlotsWhereTheGivenOneEnds) {
  const Small given{sizeof(Small), 7};
  Grown as_it_lies = garbage();  // what follows in the library is something else
  std::memcpy(&as_it_lies, &given, sizeof(given));
  EXPECT_TRUE(has_first_size(as_it_lies));
  const auto known = known_part(as_it_lies);
  EXPECT_EQ(known.value, 7u);
  EXPECT_EQ(known.added, 0u);
  EXPECT_EQ(known.later, 0u);
  as_it_lies.size = sizeof(Small) - 1;
  EXPECT_FALSE(has_first_size(as_it_lies));
}

TEST(KnownPart, OfALongerOneIsWhatThisBuildKnows) {
  const Grown given{sizeof(Grown) + 100, 7, 8, 9};
  EXPECT_EQ(known_part(given).later, 9u);
}

}  // namespace
}  // namespace baton::plugin
