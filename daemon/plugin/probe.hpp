// Does with a plugin library in a child process what a bad one does not survive, or never ends.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "plugin/manifest.hpp"
#include "plugin/refusal.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

// Loads it. `program` is baton-plugin-probe. kProbeCrash, kProbeTimeout, or what the probe found.
reactor::Task<Accepted<Manifest>> probe_library(reactor::Loop& loop, process::Ledger* ledger,
                                                std::filesystem::path program, std::filesystem::path file);

struct Trial {
  std::filesystem::path file;
  std::string instance, config_json, data_dir;
};

// Makes an instance, asks for its capabilities and ends it, against a host that refuses everything: kProbeCrash,
// kProbeTimeout when one of these calls does not come back. What the plugin answers does not count, since the real host
// would have given it what it asks for.
reactor::Task<Accepted<Unit>> try_instance(reactor::Loop& loop, process::Ledger* ledger, std::filesystem::path program,
                                           Trial trial);

}  // namespace baton::plugin
