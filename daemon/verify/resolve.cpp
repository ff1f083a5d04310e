#include "verify/resolve.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "verify/repository_file.hpp"

namespace baton::verify {
namespace {

bool says_something(const std::optional<std::string>& command) { return command && !text::trimmed(*command).empty(); }

}  // namespace

GateCommand resolve_command(const Settings& settings, const Sources& sources) {
  if (says_something(settings.command)) return {Origin::kConfiguration, settings.command};
  if (sources.repository_file) {
    auto named = read_repository_gate(*sources.repository_file);
    if (!named) return {.problem = fmt::format("{} of the base commit: {}", kRepositoryFile, named.error().what)};
    if (*named) return {Origin::kRepository, **std::move(named)};
  }
  if (says_something(sources.base_command)) return {Origin::kBaseScript, *sources.base_command};
  if (settings.trust_worktree && says_something(sources.worktree_command)) {
    return {Origin::kWorktree, *sources.worktree_command};
  }
  return {};
}

}  // namespace baton::verify
