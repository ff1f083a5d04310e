#include "worktree/strays.hpp"

#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

class Strays : public WorktreeTest {
 protected:
  // What the task's salvage refs hold, as "subject" lines.
  std::string kept() const { return repo.run("git for-each-ref --format='%(subject)' refs/baton/salvage"); }
  std::string file_kept_by(const std::string& subject, const std::string& file) const {
    return repo.run("git show \"$(git for-each-ref --format='%(objectname) %(subject)' refs/baton/salvage | grep '" +
                    subject + "' | cut -d' ' -f1):" + file + "\"");
  }
  std::vector<std::string> possible(const Worktree& made) {
    return possible_strays(checkout_of(made), in(made, "git rev-parse HEAD"));
  }
};

TEST_F(Strays, WorkThatARebasePutAsideIsKept) {
  for (const auto* way : {"--merge", "--apply"}) {
    const auto made = provisioned();
    repo.commit("README", std::string("theirs ") + way);
    test::write_file(made.path / "README", "ours\n");
    test::write_file(made.path / "notes", "first\n");
    in(made, "git add . && git commit -q -m ours");
    test::write_file(made.path / "notes", std::string("precious ") + way);
    in(made, std::string("! git rebase -q --autostash ") + way + " main >/dev/null 2>&1");
    const auto paused = run(worktrees.pause(made));
    ASSERT_TRUE(paused) << paused.error().what;
    EXPECT_EQ(file_kept_by("On .*autostash", "notes"), std::string("precious ") + way);
    repo.run("git for-each-ref --format='delete %(refname)' refs/baton refs/heads/clawboo | git update-ref --stdin");
  }
}

TEST_F(Strays, WorkThatAMergePutAsideIsKept) {
  const auto made = provisioned();
  repo.commit("README", "theirs\n");
  test::write_file(made.path / "README", "ours\n");
  test::write_file(made.path / "notes", "first\n");
  in(made, "git add . && git commit -q -m ours");
  test::write_file(made.path / "notes", "precious");
  in(made, "! git merge -q --autostash main >/dev/null 2>&1");
  ASSERT_TRUE(fs::exists(checkout_of(made).git_dir / "MERGE_AUTOSTASH"));
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_TRUE(paused->committed);
  EXPECT_EQ(repo.run("git show " + made.branch + ":notes"), "precious");  // the commit ended the merge
}

TEST_F(Strays, RefsOfTheCheckoutAloneAreKept) {
  const auto made = provisioned();
  in(made,
     "git commit -q --allow-empty -m mine && git update-ref refs/worktree/deep/mine HEAD && "
     "git commit -q --allow-empty -m tagged && git -c tag.gpgSign=false tag -a -m x t && "
     "git update-ref refs/worktree/tagged t && git tag -d t >/dev/null && "
     "git update-ref refs/worktree/file $(git hash-object -w README) && git reset -q --hard HEAD~2 && "
     "rm -r \"$(git rev-parse --git-dir)/logs\" \"$(git rev-parse --git-dir)/ORIG_HEAD\"");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(kept(), "tagged\n");  // which leads to the other one
}

TEST_F(Strays, CommitsThatHeadLeftBehindAreKeptByTheirTips) {
  const auto made = provisioned();
  in(made,
     "git checkout -q --detach && git commit -q --allow-empty -m one && git commit -q --allow-empty -m two && "
     "git checkout -q " +
         made.branch +
         " && git commit -q --allow-empty -m draft && "
         "git commit -q --amend --allow-empty -m final");
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_THAT(text::lines(kept()), testing::UnorderedElementsAre("two", "draft"));
  EXPECT_EQ(repo.line("git log -1 --format=%s " + made.branch), "final");
}

TEST_F(Strays, WhatABranchOrTheHeadLeadsToIsNotKeptOnceMore) {
  const auto made = provisioned();
  in(made,
     "git commit -q --allow-empty -m one && git checkout -q -b side HEAD~1 && git commit -q --allow-empty -m side && "
     "git checkout -q " +
         made.branch +
         " && git merge -q --no-edit side && git reset -q --hard HEAD~1 && "
         "git reset -q --hard ORIG_HEAD");
  EXPECT_FALSE(possible(made).empty());
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(kept(), "");
}

TEST_F(Strays, WhatOnlyAnOldSalvageRefKeepsIsKeptAsLongAsANewOne) {
  const auto made = provisioned();
  in(made, "git commit -q --allow-empty -m draft && git commit -q --amend --allow-empty -m final");
  repo.run("git update-ref refs/baton/salvage/t1/3 " + in(made, "git rev-parse HEAD@{1}"));
  const auto noted = made.path.parent_path() / ".orphans/t1.ref.3";
  test::write_file(noted, "");
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1000);
  fs::last_write_time(noted, old);
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(kept(), "draft\n");
  EXPECT_GT(fs::last_write_time(noted), old + std::chrono::hours(900));
}

TEST_F(Strays, CompletionKeepsThemToo) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "precious");
  in(made, "git add . && git commit -q -m mine && git reset -q --hard HEAD~1");
  ASSERT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_EQ(file_kept_by("mine", "work"), "precious");
}

TEST_F(Strays, OrdinaryWorkLeavesNothingToAsk) {
  const auto made = provisioned();
  EXPECT_TRUE(possible(made).empty());
  for (int n = 0; n < 3; ++n) in(made, "git commit -q --allow-empty -m work");
  in(made, "git checkout -q -b mine && git commit -q --allow-empty -m 'reset: everything'");
  EXPECT_TRUE(possible(made).empty());
  const auto before = git.started();
  in(made, "git checkout -q -B " + made.branch);
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(git.started() - before, 5u) << "what a pause takes anyway (finish_test.cpp)";
}

TEST_F(Strays, OfTheLogTheNewestCount) {
  const auto made = provisioned();
  in(made, "for n in $(seq 40); do git commit -q --amend --allow-empty -m draft$n; done");
  EXPECT_EQ(possible(made).size(), 32u + 1);  // and ORIG_HEAD, which the log no longer explains
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_THAT(kept(), testing::HasSubstr("draft39\n"));
  EXPECT_THAT(kept(), testing::Not(testing::HasSubstr("draft3\n")));
}

TEST_F(Strays, ADamagedLogKeepsNobodyFromPausing) {
  const auto made = provisioned();
  in(made, "git commit -q --allow-empty -m draft && git commit -q --amend --allow-empty -m final");
  const auto git_dir = checkout_of(made).git_dir;
  test::shell(git_dir,
              "{ head -c 300000 /dev/zero | tr '\\0' x; echo; printf '%s ' not-an-id; echo; printf '\\0\\0 \\n';"
              "printf '%040d %040d a <b> 1 +0\\treset: x\\n' 1 2; cat logs/HEAD; } > new && mv new logs/HEAD");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(kept(), "draft\n");
}

}  // namespace
}  // namespace baton::worktree
