#include "worktree/removal.hpp"

#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

class Removal : public WorktreeTest {
 protected:
  // A daemon was killed while the checkout, already saved, was being deleted.
  Worktree half_removed() {
    auto made = provisioned();
    test::write_file(made.path / "work", "precious");
    require(run(worktrees.checkpoint(made)).has_value(), "no checkpoint");
    test::write_file(checkout_of(made).git_dir / "baton-removing", "");
    std::filesystem::remove(made.path / "README");
    std::filesystem::remove(made.path / "work");
    return made;
  }
};

TEST_F(Removal, ThatWasInterruptedIsFinishedByPause) {
  const auto made = half_removed();
  EXPECT_FALSE(run(worktrees.is_usable(made.repository, made.path)));
  const auto head = tip(made);
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(paused->head, head);  // no commit of the deletions
  EXPECT_FALSE(std::filesystem::exists(made.path));
}

TEST_F(Removal, ThatWasInterruptedIsFinishedByResume) {
  const auto made = half_removed();
  const auto resumed = run(worktrees.resume(made));
  ASSERT_TRUE(resumed) << resumed.error().what;
  EXPECT_EQ(test::read_file(made.path / "work"), "precious");
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Removal, ThatWasInterruptedIsFinishedByProvision) {
  const auto made = half_removed();
  const auto again = provisioned();
  EXPECT_EQ(test::read_file(again.path / "work"), "precious");
  EXPECT_EQ(again.baseline_commit, made.baseline_commit);
}

TEST_F(Removal, IsNotFinishedOverNewWork) {
  const auto made = half_removed();
  test::write_file(made.path / "newer", "precious too");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_TRUE(paused->committed);
  EXPECT_EQ(repo.run("git show " + made.branch + ":newer"), "precious too");
}

}  // namespace
}  // namespace baton::worktree
