#include "worktree/salvage.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/log.hpp"

namespace baton::worktree {
namespace {

int number_of(std::string_view ref) {
  const auto digits = ref.substr(ref.rfind('/') + 1);
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

reactor::Task<Result<std::string>> keep_commit(git::Git& git, Site site, std::string commit) {
  const std::string folder = "refs/baton/salvage/" + site.task_id.value + "/";
  const auto kept = co_await git.refs_below(site.repository, folder);
  if (!kept) co_return fail(kept.error());
  int highest = 0;
  for (const auto& ref : *kept) {
    if (ref.commit == commit) co_return ref.name;
    highest = std::max(highest, number_of(ref.name));
  }
  std::string name = folder + std::to_string(highest + 1);
  const auto made = co_await git.create_ref(site.repository, name, commit);
  if (!made) co_return fail(made.error());
  log::info("task {}: commit {} is kept as {}", site.task_id.value, commit, name);
  co_return name;
}

}  // namespace baton::worktree
