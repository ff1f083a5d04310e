// A file can be hidden from git by a flag in the index: skip-worktree or assume-unchanged. Whoever works in a checkout
// can set them, and then neither a commit nor a diff has what was done to the file.
//
// A sparse checkout uses the first one for the files that it leaves out. git itself forgets the flag there for each
// file that lies in the checkout all the same (environment.cpp sees to that), so what is still flagged is not there.
#include <utility>

#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {
namespace {

namespace fs = std::filesystem;

Invocation with_index(const Checkout& checkout, const fs::path& index, std::vector<std::string> arguments) {
  auto invocation = in_checkout(checkout, std::move(arguments));
  if (!index.empty()) invocation.variables.emplace_back("GIT_INDEX_FILE", index.string());
  return invocation;
}

}  // namespace

reactor::Task<Result<std::vector<std::string>>> Git::unhide(Checkout checkout) {
  return unhide(std::move(checkout), fs::path());
}

// `index`: another one than the checkout's own; empty: its own.
reactor::Task<Result<std::vector<std::string>>> Git::unhide(Checkout checkout, fs::path index) {
  auto asking = with_index(checkout, index, {"ls-files", "-v", "--stage", "-z"});
  asking.capture = 8 * limits::kGitCapture;  // a line for each file, as in submodules()
  const auto text = co_await runner_.output(std::move(asking));
  if (!text) co_return fail(text.error());
  auto hidden = parse_index(*text);
  if (!hidden.skipped.empty()) {
    const auto sparse = co_await is_sparse(checkout);
    if (!sparse) co_return fail(sparse.error());
    if (*sparse) hidden.skipped.clear();
  }
  auto cleared = co_await clear_flag(checkout, index, "--no-skip-worktree", std::move(hidden.skipped));
  if (!cleared) co_return fail(cleared);
  cleared = co_await clear_flag(checkout, index, "--no-assume-unchanged", std::move(hidden.assumed));
  if (!cleared) co_return fail(cleared);
  co_return std::move(hidden.submodules);
}

reactor::Task<Result<Unit>> Git::clear_flag(Checkout checkout, fs::path index, std::string option,
                                            std::vector<std::string> names) {
  if (names.empty()) co_return Unit{};
  auto clearing = with_index(checkout, index, {"update-index", std::move(option), "-z", "--stdin"});
  for (const auto& name : names) {
    clearing.input += name;
    clearing.input += '\0';
  }
  const auto cleared = co_await runner_.output(std::move(clearing));
  if (!cleared) co_return fail(cleared.error());
  co_return Unit{};
}

reactor::Task<Result<bool>> Git::is_sparse(Checkout checkout) {
  auto asking = in_checkout(checkout, {"config", "--type=bool", "--default=false", "--get", "core.sparseCheckout"});
  const auto text = co_await runner_.output(std::move(asking));
  if (!text) co_return fail(text.error());
  co_return text->starts_with("true");
}

}  // namespace baton::git
