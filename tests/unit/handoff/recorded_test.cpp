// Files as another tool of the same formats wrote them, where a recording lies beside the source tree.
#include <gmock/gmock.h>

#include "handoff/files.hpp"
#include "handoff/init_script.hpp"
#include "handoff/progress.hpp"
#include "handoff/resume_state.hpp"
#include "handoff/scaffold.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::handoff {
namespace {

class Recorded : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(directory_)) GTEST_SKIP() << "no recording at " << directory_;
  }
  std::string recorded(std::string_view name) const { return test::read_file(directory_ / name); }
  const std::filesystem::path directory_ = BATON_RECORDED_SOR;
};

TEST_F(Recorded, FilesAreRecognised) {
  for (const auto name : kSorFiles) EXPECT_TRUE(is_scaffold(name, recorded(name))) << name;
  EXPECT_TRUE(is_scaffold(kVerificationFile, recorded("VERIFICATION.after-gate.md")));
}

TEST_F(Recorded, HandoffComesBackByteForByte) {
  const auto handoff = read_handoff(directory_);
  ASSERT_TRUE(handoff);
  EXPECT_EQ(render_handoff(*handoff), recorded(kHandoffFile));
}

TEST_F(Recorded, PlaceholdersAreUnset) {
  EXPECT_EQ(parse_verify_cmd(recorded(kInitFile)), std::nullopt);
  EXPECT_EQ(parse_verify_line(recorded(kVerificationFile)), std::nullopt);
  const auto progress = parse_progress(recorded(kProgressFile));
  EXPECT_TRUE(progress.done.empty());
  EXPECT_TRUE(progress.blocked.empty());
}

TEST_F(Recorded, StateIsReconstructed) {
  const auto state = reconstruct_state(directory_);
  EXPECT_TRUE(state.has_handoff);
  EXPECT_THAT(state.done, ::testing::ElementsAre("one"));
  EXPECT_EQ(state.commands, (Commands{"./init.sh", "make test", placeholder_command("START_CMD")}));
  EXPECT_EQ(state.native_session_id, "sess-1");
}

}  // namespace
}  // namespace baton::handoff
