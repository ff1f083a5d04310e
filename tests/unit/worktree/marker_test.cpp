#include "worktree/marker.hpp"

#include <gmock/gmock.h>

namespace baton::worktree {
namespace {

TEST(Marker, ReadsWhatItWrites) {
  const Marker marker{TaskId("t-1"), std::string(40, 'a'), std::string(40, 'b'), {"TASK.md", "init.sh"}};
  const auto read = parse_marker(render_marker(marker));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->task_id, marker.task_id);
  EXPECT_EQ(read->base_commit, marker.base_commit);
  EXPECT_EQ(read->baseline_commit, marker.baseline_commit);
  EXPECT_EQ(read->user_files, marker.user_files);
  EXPECT_TRUE(read->complete());
}

TEST(Marker, WithoutABaselineIsNotComplete) {
  EXPECT_FALSE(parse_marker(render_marker({TaskId("t"), {}, {}, {}}))->complete());
  EXPECT_FALSE(parse_marker("task t\nbaseline --all\n")->complete());
}

TEST(Marker, WithoutATaskIsNone) {
  EXPECT_FALSE(parse_marker(""));
  EXPECT_FALSE(parse_marker("task\nnoise"));
}

}  // namespace
}  // namespace baton::worktree
