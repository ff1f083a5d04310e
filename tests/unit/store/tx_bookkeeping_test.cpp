// Kept answers and marks.
#include <tuple>

#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxKeptAnswers);
BATON_TX_SUITE(TxMarks);

KeptAnswer kept(std::string_view key, std::int64_t created_at = 0) {
  return {.key = std::string(key), .request = "digest", .answer = std::nullopt, .created_at = created_at};
}

TEST_P(TxKeptAnswers, FindsAnAnswerAsItWasKept) {
  KeptAnswer full{.key = "key", .request = "digest", .answer = R"({"ok":true})", .created_at = 5};
  commit([&](Tx& tx) { tx.kept_answers.insert(full); });
  commit([&](Tx& tx) {
    const auto found = tx.kept_answers.find("key");
    ASSERT_TRUE(found);
    const auto columns = [](const KeptAnswer& k) { return std::tie(k.key, k.request, k.answer, k.created_at); };
    EXPECT_EQ(columns(*found), columns(full));
    EXPECT_FALSE(tx.kept_answers.find("Key"));
    EXPECT_FALSE(tx.kept_answers.find(""));
  });
}

TEST_P(TxKeptAnswers, TellsNoAnswerFromAnEmptyOne) {
  commit([](Tx& tx) {
    tx.kept_answers.insert(kept("begun"));
    EXPECT_EQ(tx.kept_answers.find("begun")->answer, std::nullopt);
    KeptAnswer ended = kept("begun");
    ended.answer = "";
    tx.kept_answers.save(ended);
    EXPECT_EQ(tx.kept_answers.find("begun")->answer, "");
  });
}

TEST_P(TxKeptAnswers, RefusesAKeyTwiceAndAnAnswerWithoutItsKey) {
  commit([](Tx& tx) { tx.kept_answers.insert(kept("key")); });
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.kept_answers.insert(kept("key")); }));
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.kept_answers.save(kept("other")); }));
}

TEST_P(TxKeptAnswers, FreesAKey) {
  commit([](Tx& tx) {
    tx.kept_answers.insert(kept("key"));
    tx.kept_answers.erase("key");
    tx.kept_answers.erase("never kept");
    EXPECT_FALSE(tx.kept_answers.find("key"));
    tx.kept_answers.insert(kept("key"));
    EXPECT_TRUE(tx.kept_answers.find("key"));
  });
}

TEST_P(TxKeptAnswers, PrunesTheOldestInSteps) {
  commit([](Tx& tx) {
    for (int i = 0; i < 6; ++i) tx.kept_answers.insert(kept(std::to_string(i), i));
    EXPECT_EQ(tx.kept_answers.prune(4, 3), 3U);
    EXPECT_FALSE(tx.kept_answers.find("2"));
    EXPECT_TRUE(tx.kept_answers.find("3"));
    EXPECT_EQ(tx.kept_answers.prune(4, 3), 1U);
    EXPECT_EQ(tx.kept_answers.prune(4, 3), 0U);
    EXPECT_TRUE(tx.kept_answers.find("4"));
    EXPECT_TRUE(tx.kept_answers.find("5"));
  });
}

TEST_P(TxMarks, KeepsANumberUnderItsName) {
  commit([](Tx& tx) {
    EXPECT_EQ(tx.marks.get("swept"), 0);
    tx.marks.set("swept", 7);
    tx.marks.set("other", -1);
    tx.marks.set("swept", 8);
  });
  commit([](Tx& tx) {
    EXPECT_EQ(tx.marks.get("swept"), 8);
    EXPECT_EQ(tx.marks.get("other"), -1);
    EXPECT_EQ(tx.marks.get(""), 0);
    for (const auto* name : {"a", "a/", "a/x", "a/b/c", "a0", "b/x"}) tx.marks.set(name, 1);
    EXPECT_EQ(tx.marks.below("a/"), (std::vector<std::string>{"a/b/c", "a/x"}));
    tx.marks.drop("a/x");
    EXPECT_EQ(tx.marks.below("a/"), (std::vector<std::string>{"a/b/c"}));
    EXPECT_EQ(tx.marks.get("a/x"), 0);
  });
}

}  // namespace
}  // namespace baton::store::testing
