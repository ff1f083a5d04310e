#include "worktree/adopt.hpp"

#include <string>
#include <utility>
#include <vector>

namespace baton::worktree {

reactor::Task<Result<Marker>> adopt(git::Git& git, Site site, git::Commit scaffold, IsScaffold is_scaffold) {
  Marker marker{site.task_id, scaffold.parent, scaffold.id, {}};
  if (scaffold.parent.empty()) co_return marker;
  const auto names = co_await git.names_at(site.repository, scaffold.parent, own_names({}));
  if (!names) co_return fail(names.error());
  for (const auto& name : *names) {
    const auto content = co_await git.file_at(site.repository, scaffold.parent, name);
    const bool readable = content && content->has_value();
    if (!content && content.error().code != Errc::kTooLarge) co_return fail(content.error());
    const bool earlier_task = readable && is_scaffold && is_scaffold(name, **content);
    if (!earlier_task) marker.user_files.push_back(name);
  }
  co_return marker;
}

}  // namespace baton::worktree
