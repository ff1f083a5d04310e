#include "board/status.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace baton::board {
namespace {

using enum TaskStatus;

constexpr TaskStatus kAll[] = {kBacklog, kTodo, kInProgress, kInReview, kBlocked, kDone, kCancelled};

// The contract's table, written out a second time on purpose: 20 moves, the other 22 of 42 are refused.
const std::set<std::pair<TaskStatus, TaskStatus>> kMoves = {
    {kBacklog, kTodo},    {kBacklog, kBlocked},     {kBacklog, kCancelled}, {kTodo, kInProgress},
    {kTodo, kBlocked},    {kTodo, kBacklog},        {kTodo, kCancelled},    {kInProgress, kInReview},
    {kInProgress, kDone}, {kInProgress, kBlocked},  {kInProgress, kTodo},   {kInProgress, kCancelled},
    {kInReview, kDone},   {kInReview, kInProgress}, {kInReview, kBlocked},  {kInReview, kCancelled},
    {kBlocked, kTodo},    {kBlocked, kInProgress},  {kBlocked, kBacklog},   {kBlocked, kCancelled},
};

TEST(Status, AllowsExactlyTheContractsMoves) {
  for (const auto from : kAll) {
    for (const auto to : kAll) {
      if (from == to) continue;
      EXPECT_EQ(may_move(from, to), kMoves.contains({from, to}))
          << store::to_text(from) << " -> " << store::to_text(to);
    }
  }
}

TEST(Status, KnowsFinalAndLockedOnes) {
  for (const auto status : kAll) {
    EXPECT_EQ(is_terminal(status), status == kDone || status == kCancelled);
    EXPECT_EQ(is_locked(status), status == kInProgress || status == kInReview);
  }
}

TEST(Status, ReadsWhatItWrites) {
  for (const auto status : kAll) EXPECT_EQ(store::task_status_from(store::to_text(status)), status);
  EXPECT_EQ(store::task_status_from("Todo"), std::nullopt);
  EXPECT_EQ(store::task_status_from(""), std::nullopt);
}

}  // namespace
}  // namespace baton::board
