// What a claim writes, in pages of the write-ahead log: the cost of a claim on any disk, and the same on each machine.
// On a board of 10^5 tasks, where rows that are not neighbours share no page.
#include <algorithm>
#include <filesystem>
#include <numeric>
#include <random>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

constexpr int kTasks = 100'000;
constexpr int kTeams = 16;
constexpr int kGroups = 64;
constexpr int kGroup = 64;

// A board of which every task is ready, all in a team or none.
class ClaimBoard {
 public:
  explicit ClaimBoard(bool in_teams) : in_teams_(in_teams) {
    constexpr int kBatch = 10'000;
    for (int first = 0; first < kTasks; first += kBatch) {
      auto tx = begin();
      for (int i = first; i < first + kBatch; ++i) insert(*tx, i);
      require(backend_->commit().has_value(), "no commit");
    }
    require(backend_->connection().execute("PRAGMA wal_autocheckpoint = 0").has_value(), "no setting");
  }

  // The tasks that are free, in the order in which they were made, which is the order of the ready list; and in none.
  std::vector<int> in_order() const { return free_; }
  std::vector<int> scattered() const {
    auto order = free_;
    std::ranges::shuffle(order, std::mt19937(1));
    return order;
  }

  // Pages per claim, when `count` claims of `order` share each of `groups` commits.
  double pages(const std::vector<int>& order, int groups, int count) {
    require(backend_->connection().text("PRAGMA wal_checkpoint(TRUNCATE)").has_value(), "no checkpoint");
    for (int group = 0; group < groups; ++group) {
      auto tx = begin();
      for (int i = 0; i < count; ++i) {
        require(backend_->save_point().has_value(), "no savepoint");
        claim(*tx, order.at(static_cast<std::size_t>(group * count + i)));
      }
      require(backend_->commit().has_value(), "no commit");
    }
    std::erase_if(free_, [&](int i) { return claimed_.contains(i); });
    constexpr std::uintmax_t kLogHeader = 32;
    constexpr std::uintmax_t kFrame = 4096 + 24;
    const auto frames = (std::filesystem::file_size(file_.string() + "-wal") - kLogHeader) / kFrame;
    return static_cast<double>(frames) / groups / count;
  }

 private:
  static std::string id(int i) { return fmt::format("0190c5a1-{:04x}-7000-8000-{:012x}", i % 7919, i); }

  Tx* begin() {
    auto tx = backend_->begin(1'700'000'000'000);
    require(tx.has_value(), "no transaction");
    return *tx;
  }
  Task task(int i) const {
    Task made = task_named(id(i));
    made.title = fmt::format("Task {} of the board under load", i);
    made.description = std::string(static_cast<std::size_t>(i) * 7919 % 300, 'd');  // rows of all sizes
    made.created_at = made.updated_at = 1'700'000'000'000;
    if (in_teams_) made.team_id = fmt::format("team-{}", i % kTeams);
    return made;
  }
  void insert(Tx& tx, int i) {
    tx.tasks.insert(task(i));
    append(tx, "task_created", i);
  }
  void append(Tx& tx, std::string_view kind, int i) {
    Event event = event_of(kind, id(i));
    event.id = id(i);
    event.ts = tx.now_ms;
    event.team_id = task(i).team_id;
    event.agent_id = "agent-of-some-team";
    event.data = R"({"assigneeAgentId":"agent-of-some-team","fence":1})";
    tx.events.append(event);
  }
  // As the board does it.
  void claim(Tx& tx, int i) {
    const TaskId named(id(i));
    ClaimUpdate update{named, "agent-of-some-team", "codex", tx.now_ms};
    update.lease_ms = 3'600'000;
    require(tx.tasks.claim(update).has_value(), "the task was not free");
    claimed_.insert(i);
    append(tx, "task_claimed", i);
    if (!in_teams_) return;
    Post post;
    post.id = id(i);
    post.team_id = task(i).team_id;
    post.room_id = "team:" + *post.team_id;
    post.author_agent_id = "clawboo";
    post.body = "agent-of-some-team claimed \"" + task(i).title + "\"";
    post.kind = "system";
    post.created_at = tx.now_ms;
    tx.posts.append(post);
  }

  const bool in_teams_;
  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
  std::unique_ptr<sqlite::SqliteBackend> backend_ = open_backend(file_);
  std::unordered_set<int> claimed_;
  std::vector<int> free_ = [] {
    std::vector<int> all(kTasks);
    std::iota(all.begin(), all.end(), 0);
    return all;
  }();
};

class ClaimPagesTest : public ::testing::Test {
 protected:
  // Measured values are kept in the report of the run; SCHEMA.md names them.
  void expect_pages(std::string_view what, double pages, double at_most) {
    RecordProperty(std::string(what), fmt::format("{:.2f}", pages));
    EXPECT_LE(pages, at_most) << what;
  }
};

TEST_F(ClaimPagesTest, OfATaskWithoutATeam) {
  ClaimBoard board(false);
  expect_pages("alone", board.pages(board.scattered(), 256, 1), 4);
  expect_pages("grouped", board.pages(board.scattered(), kGroups, kGroup), 3);
  expect_pages("grouped_in_order", board.pages(board.in_order(), kGroups, kGroup), 1.5);
}

// What is scattered over a large board is three pages for each claim: the row, and its places in two ready lists. All
// else is shared by the group.
TEST_F(ClaimPagesTest, OfATaskOfATeam) {
  ClaimBoard board(true);
  expect_pages("alone", board.pages(board.scattered(), 256, 1), 6);
  expect_pages("grouped", board.pages(board.scattered(), kGroups, kGroup), 3.2);
  expect_pages("grouped_in_order", board.pages(board.in_order(), kGroups, kGroup), 1.5);
}

}  // namespace
}  // namespace baton::store::testing
