// What each part of the daemon is told, made of the configuration.
#pragma once

#include "app/config.hpp"
#include "app/upkeep.hpp"
#include "executor/collect_plan.hpp"
#include "executor/salvage.hpp"
#include "executor/services.hpp"
#include "git/git.hpp"
#include "http/options.hpp"
#include "plugin/settings.hpp"
#include "process/ledger.hpp"
#include "worktree/worktrees.hpp"

namespace baton::app {

executor::Settings executor_settings(const Config& config);
worktree::Settings worktree_settings(const Config& config);
executor::CollectRules collect_rules(const Config& config);
executor::SalvageRules salvage_rules(const Config& config);
git::Options git_options(const Config& config, process::Ledger& ledger);
process::CgroupSettings cgroup_settings(const Config& config);
plugin::PluginSettings plugin_settings(const Config& config, process::Keeper& keeper, plugin::ToolService& tools);
http::ServerOptions server_options(const Config& config);
UpkeepSettings upkeep_settings(const Config& config);

}  // namespace baton::app
