#include "worktree/adopt.hpp"

#include <utility>

namespace baton::worktree {

reactor::Task<Result<Marker>> adopt(git::Git& git, Site site, git::Commit scaffold, IsScaffold is_scaffold) {
  Marker marker{site.task_id, scaffold.parent, scaffold.id, {}};
  if (scaffold.parent.empty()) co_return marker;
  auto users = co_await user_files_at(git, site.repository, scaffold.parent, std::move(is_scaffold));
  if (!users) co_return fail(users);
  marker.user_files = std::move(*users);
  co_return marker;
}

}  // namespace baton::worktree
