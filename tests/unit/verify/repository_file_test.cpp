#include "verify/repository_file.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "tests/support/row_name.hpp"

namespace baton::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

TEST(RepositoryFile, NamesTheGate) {
  EXPECT_THAT(read_repository_gate("# mine\nother = 1\n[gate]\nverify = './test.sh --all'\nnewer = true\n").value(),
              Optional(std::string("./test.sh --all")));
  EXPECT_THAT(read_repository_gate("gate = { verify = \"make\" }").value(), Optional(std::string("make")));
}

TEST(RepositoryFile, MayNameNone) {
  for (const auto* text : {"", "# nothing\n", "[gate]\n", "[other]\nverify = 'x'\n", "verify = 'x'"}) {
    EXPECT_EQ(read_repository_gate(text).value(), std::nullopt) << text;
  }
}

struct Unusable {
  std::string text;
  std::string_view why;
};

void PrintTo(const Unusable& row, std::ostream* out) { *out << test::row_name(row.text); }

class UnusableFiles : public ::testing::TestWithParam<Unusable> {};

TEST_P(UnusableFiles, SayWhy) {
  const auto gate = read_repository_gate(GetParam().text);
  ASSERT_FALSE(gate) << GetParam().text;
  EXPECT_EQ(gate.error().code, Errc::kInvalid);
  EXPECT_THAT(gate.error().what, HasSubstr(std::string(GetParam().why)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, UnusableFiles,
    ::testing::Values(Unusable{"[gate]\nverify = 'x", "line 2"}, Unusable{"[gate]\nverify = 7", "must be text"},
                      Unusable{"[gate]\nverify = ['x']", "must be text"}, Unusable{"gate = 'x'", "must be a table"},
                      Unusable{"[gate]\nverify = '  '", "is empty"}, Unusable{"\xFF\xFE", "line 1"},
                      Unusable{std::string(limits::kSorFile + 1, '#'), "more than"}));

}  // namespace
}  // namespace baton::verify
