#include "store/rows.hpp"

#include <gtest/gtest.h>

namespace baton::store {
namespace {

TEST(TaskStatus, ReadsWhatItWrites) {
  for (int i = 0; i < kTaskStatuses; ++i) {
    const auto status = static_cast<TaskStatus>(i);
    EXPECT_EQ(task_status_from(to_text(status)), status) << to_text(status);
  }
}

TEST(TaskStatus, UsesTheWordsOfTheWire) {
  EXPECT_EQ(to_text(TaskStatus::kInProgress), "in_progress");
  EXPECT_EQ(to_text(TaskStatus::kInReview), "in_review");
  EXPECT_EQ(to_text(TaskStatus::kCancelled), "cancelled");
}

TEST(TaskStatus, KnowsNoOtherWord) {
  EXPECT_EQ(task_status_from(""), std::nullopt);
  EXPECT_EQ(task_status_from("Todo"), std::nullopt);
  EXPECT_EQ(task_status_from("todo "), std::nullopt);
}

TEST(ExecutionStatus, ReadsWhatItWrites) {
  for (const auto* word : {"running", "succeeded", "failed", "timed_out", "cancelled"}) {
    const auto status = execution_status_from(word);
    ASSERT_TRUE(status) << word;
    EXPECT_EQ(to_text(*status), word);
  }
  EXPECT_EQ(execution_status_from("queued"), std::nullopt);
}

TEST(WorkspaceStatus, ReadsWhatItWrites) {
  for (const auto* word : {"active", "archived", "stale"}) {
    const auto status = workspace_status_from(word);
    ASSERT_TRUE(status) << word;
    EXPECT_EQ(to_text(*status), word);
  }
  EXPECT_EQ(workspace_status_from("gone"), std::nullopt);
}

}  // namespace
}  // namespace baton::store
