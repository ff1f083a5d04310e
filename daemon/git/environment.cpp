#include "git/environment.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace baton::git {
namespace {

using Setting = std::pair<std::string_view, std::string_view>;

constexpr std::array<Setting, 18> kVariables = {{
    {"LC_ALL", "C"},
    {"GIT_CONFIG_NOSYSTEM", "1"},
    {"GIT_CONFIG_GLOBAL", "/dev/null"},
    {"GIT_ATTR_NOSYSTEM", "1"},
    {"GIT_OPTIONAL_LOCKS", "0"},
    {"GIT_NO_REPLACE_OBJECTS", "1"},  // refs and files that show another object in the place of one
    {"GIT_GRAFT_FILE", ""},
    {"GIT_TERMINAL_PROMPT", "0"},
    {"GIT_ASKPASS", "/bin/false"},
    {"SSH_ASKPASS", "/bin/false"},
    {"GIT_SSH_COMMAND", "ssh -oBatchMode=yes"},  // a partial clone may fetch what a checkout misses
    {"GIT_EDITOR", "/bin/false"},
    {"GIT_PAGER", "cat"},
    {"GIT_AUTHOR_NAME", "clawboo"},
    {"GIT_AUTHOR_EMAIL", "clawboo@localhost"},
    {"GIT_COMMITTER_NAME", "clawboo"},
    {"GIT_COMMITTER_EMAIL", "clawboo@localhost"},
    {"GIT_MERGE_AUTOEDIT", "no"},
}};

// As if given by -c: stronger than the repository's own file.
constexpr std::array<Setting, 19> kConfiguration = {{
    {"core.hooksPath", "/dev/null"},
    {"core.fsmonitor", "false"},
    {"core.excludesFile", "/dev/null"},
    {"core.attributesFile", "/dev/null"},
    {"core.safecrlf", "false"},  // a warning about line ends must not refuse to save work
    // Each of these can keep git from looking at a file, and its edits from being saved.
    {"core.ignoreStat", "false"},
    {"core.trustCtime", "true"},
    {"core.checkStat", "default"},
    {"sparse.expectFilesOutsideOfPatterns", "false"},
    {"core.askPass", "/bin/false"},
    {"commit.gpgSign", "false"},
    {"tag.gpgSign", "false"},
    {"gc.auto", "0"},
    {"maintenance.auto", "false"},
    {"safe.directory", "*"},  // the operator named the repository
    {"color.ui", "false"},
    {"status.showUntrackedFiles", "normal"},  // else `worktree remove` takes a tree with new files for a clean one
    {"protocol.ext.allow", "never"},
    {"i18n.logOutputEncoding", "UTF-8"},
}};

// One flush for all loose objects of a command (git-config(1)): one for each would make saving a thousand new files
// take three times as long, and a large save run into its deadline.
constexpr std::array<Setting, 2> kDurable = {{
    {"core.fsync", "committed,loose-object,reference"},
    {"core.fsyncMethod", "batch"},
}};

template <std::size_t N>
process::Environment configured(process::Environment base, const std::array<Setting, N>& settings, std::size_t before) {
  base = process::with(std::move(base), "GIT_CONFIG_COUNT", std::to_string(before + N));
  for (std::size_t i = 0; i < N; ++i) {
    const std::string number = std::to_string(before + i);
    base = process::with(std::move(base), "GIT_CONFIG_KEY_" + number, settings[i].first);
    base = process::with(std::move(base), "GIT_CONFIG_VALUE_" + number, settings[i].second);
  }
  return base;
}

}  // namespace

process::Environment git_environment(process::Environment base) {
  for (const auto& [name, value] : kVariables) base = process::with(std::move(base), name, value);
  return configured(std::move(base), kConfiguration, 0);
}

process::Environment durable(process::Environment environment) {
  return configured(std::move(environment), kDurable, kConfiguration.size());
}

}  // namespace baton::git
