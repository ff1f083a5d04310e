#include "board/once.hpp"

#include <gtest/gtest.h>

#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;

const OnceKey kKey{"key-1", "digest of the request"};

Result<Once> looked_up(BoardOnDisk& board, const OnceKey& key = kKey) {
  return board.read([&](const store::View& view) { return look_up(view, key); });
}

template <class Step>
void write(BoardOnDisk& board, Step step) {
  const auto written = board.write([&](store::Tx& tx) -> Result<Unit> {
    step(tx);
    return Unit{};
  });
  ASSERT_TRUE(written) << written.error().what;
}

TEST(Once, AnAnswerIsKeptUnderItsKey) {
  BoardOnDisk board;
  EXPECT_EQ(looked_up(board)->state, OnceState::kNew);
  write(board, [](store::Tx& tx) { keep_answer(tx, kKey, R"({"ok":true})"); });
  const auto kept = looked_up(board);
  EXPECT_EQ(kept->state, OnceState::kAnswered);
  EXPECT_EQ(kept->answer, R"({"ok":true})");
}

TEST(Once, WhatHasBegunIsUnfinishedUntilItsAnswer) {
  BoardOnDisk board;
  write(board, [](store::Tx& tx) { begin_once(tx, kKey); });
  EXPECT_EQ(looked_up(board)->state, OnceState::kUnfinished);
  write(board, [](store::Tx& tx) { keep_answer(tx, kKey, "{}"); });
  EXPECT_EQ(looked_up(board)->state, OnceState::kAnswered);
}

TEST(Once, AKeyStandsForOneRequest) {
  BoardOnDisk board;
  write(board, [](store::Tx& tx) { begin_once(tx, kKey); });
  const auto other = looked_up(board, {kKey.key, "digest of another"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kUnprocessable);
  EXPECT_EQ(other.error().reason, "idempotency_key_reused");
}

TEST(Once, AForgottenKeyIsNew) {
  BoardOnDisk board;
  write(board, [](store::Tx& tx) { begin_once(tx, kKey); });
  write(board, [](store::Tx& tx) { forget_once(tx, kKey); });
  EXPECT_EQ(looked_up(board)->state, OnceState::kNew);
}

TEST(Once, ARefusedRequestKeepsNothing) {
  BoardOnDisk board;
  const auto refused = board.write([](store::Tx& tx) -> Result<Unit> {
    keep_answer(tx, kKey, "{}");
    return fail(Errc::kConflict, "refused after all");
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(looked_up(board)->state, OnceState::kNew);
}

}  // namespace
}  // namespace baton::board
