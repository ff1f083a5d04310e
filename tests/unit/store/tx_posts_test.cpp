#include <tuple>

#include "base/limits.hpp"
#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxPosts);

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

Post post_in(std::string_view room, std::string_view body = "body") {
  Post post;
  post.id = "post";
  post.room_id = std::string(room);
  post.author_agent_id = "ada";
  post.body = std::string(body);
  return post;
}

std::vector<std::int64_t> numbers(const std::vector<Post>& posts) {
  std::vector<std::int64_t> found;
  for (const auto& post : posts) found.push_back(post.seq);
  return found;
}

TEST_P(TxPosts, NumbersEachRoomFromOneWithoutGaps) {
  commit([](Tx& tx) {
    EXPECT_EQ(tx.posts.append(post_in("red")), 1);
    EXPECT_EQ(tx.posts.append(post_in("blue")), 1);
    EXPECT_EQ(tx.posts.append(post_in("red")), 2);
  });
  commit([](Tx& tx) {
    EXPECT_EQ(tx.posts.append(post_in("red")), 3);
    EXPECT_THAT(numbers(tx.posts.after("red", 0, 10)), ElementsAre(1, 2, 3));
    EXPECT_THAT(numbers(tx.posts.after("blue", 0, 10)), ElementsAre(1));
    EXPECT_THAT(tx.posts.after("green", 0, 10), IsEmpty());
  });
}

TEST_P(TxPosts, FindsAPostAsItWasAppended) {
  Post full = post_in("red", "a \"body\"");
  full.id = "name";
  full.team_id = "team";
  full.kind = "system";
  full.created_at = 7;
  commit([&](Tx& tx) { full.seq = tx.posts.append(full); });
  commit([&](Tx& tx) {
    const Post found = tx.posts.after("red", 0, 1).at(0);
    const auto columns = [](const Post& p) {
      return std::tie(p.id, p.room_id, p.seq, p.team_id, p.author_agent_id, p.body, p.kind, p.created_at);
    };
    EXPECT_EQ(columns(found), columns(full));
  });
}

TEST_P(TxPosts, ReadsOnFromANumberAndUpToALimit) {
  commit([](Tx& tx) {
    for (int i = 0; i < 5; ++i) tx.posts.append(post_in("red"));
    EXPECT_THAT(numbers(tx.posts.after("red", 2, 10)), ElementsAre(3, 4, 5));
    EXPECT_THAT(numbers(tx.posts.after("red", 2, 2)), ElementsAre(3, 4));
    EXPECT_THAT(tx.posts.after("red", 5, 10), IsEmpty());
  });
}

// More posts than a backend is likely to hold back in any place of its own.
TEST_P(TxPosts, ReadsABusyRoomInOrderWhateverWasPostedElsewhere) {
  constexpr int kPosts = 3'000;
  commit([](Tx& tx) {
    for (int i = 0; i < kPosts; ++i) tx.posts.append(post_in(i % 3 == 0 ? "red" : "room-" + std::to_string(i % 40)));
  });
  commit([](Tx& tx) {
    EXPECT_EQ(tx.posts.append(post_in("red")), kPosts / 3 + 1);
    const auto all = numbers(tx.posts.after("red", 0, kPosts));
    ASSERT_EQ(all.size(), kPosts / 3 + 1);
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<std::int64_t>(i) + 1);
    EXPECT_THAT(numbers(tx.posts.after("red", kPosts / 3 - 1, 10)), ElementsAre(kPosts / 3, kPosts / 3 + 1));
    EXPECT_THAT(tx.posts.after("room-1", 0, kPosts), Each(Field(&Post::room_id, "room-1")));
  });
}

TEST_P(TxPosts, GivesTheNumbersOfAnUndoneScriptAgain) {
  auto tx = backend().begin(kNow);
  ASSERT_TRUE(tx);
  ASSERT_TRUE(backend().save_point());
  EXPECT_EQ((*tx)->posts.append(post_in("red", "kept")), 1);
  ASSERT_TRUE(backend().save_point());
  EXPECT_EQ((*tx)->posts.append(post_in("red", "undone")), 2);
  backend().undo_to_save_point();
  ASSERT_TRUE(backend().save_point());
  backend().undo_to_save_point();
  EXPECT_EQ((*tx)->posts.append(post_in("red", "kept too")), 2);
  ASSERT_TRUE(backend().commit());
  EXPECT_FALSE(failure_of([](Tx& lost) { EXPECT_EQ(lost.posts.append(post_in("red", "lost")), 3); }));
  commit([](Tx& next) {
    EXPECT_EQ(next.posts.append(post_in("red", "last")), 3);
    EXPECT_THAT(next.posts.after("red", 0, 10),
                ElementsAre(Field(&Post::body, "kept"), Field(&Post::body, "kept too"), Field(&Post::body, "last")));
  });
}

// An undone script may have been the one that made the backend tidy up.
TEST_P(TxPosts, LosesNothingWhenAnUndoneScriptPostedALot) {
  commit([](Tx& tx) {
    for (int i = 0; i < 5; ++i) tx.posts.append(post_in("red"));
  });
  EXPECT_FALSE(failure_of([](Tx& tx) {
    for (int i = 0; i < 2'000; ++i) tx.posts.append(post_in("red"));
  }));
  commit([](Tx& tx) {
    EXPECT_EQ(tx.posts.append(post_in("red")), 6);
    EXPECT_THAT(numbers(tx.posts.after("red", 0, 10)), ElementsAre(1, 2, 3, 4, 5, 6));
  });
}

TEST_P(TxPosts, KeepsTheLastPostsOfARoom) {
  static constexpr std::int64_t kPosts = limits::kRoomPosts + 3'000;
  commit([](Tx& tx) {
    tx.posts.append(post_in("quiet"));
    for (std::int64_t i = 0; i < kPosts; ++i) tx.posts.append(post_in("busy"));
  });
  commit([](Tx& tx) {
    const auto kept = tx.posts.after("busy", 0, kPosts);
    EXPECT_GE(kept.size(), static_cast<std::size_t>(limits::kRoomPosts));
    EXPECT_LT(kept.size(), static_cast<std::size_t>(kPosts - 1'000));
    EXPECT_EQ(kept.back().seq, kPosts);
    EXPECT_EQ(kept.back().seq - kept.front().seq + 1, static_cast<std::int64_t>(kept.size())) << "the oldest went";
    EXPECT_EQ(tx.posts.after("quiet", 0, 10).size(), 1U);
  });
}

}  // namespace
}  // namespace baton::store::testing
