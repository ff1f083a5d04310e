// Looks at a plugin library in a child process.
#pragma once

#include <chrono>
#include <filesystem>

#include "plugin/manifest.hpp"
#include "plugin/refusal.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

// `program` is baton-plugin-probe. kProbeCrash, kProbeTimeout, or what the probe found.
reactor::Task<Accepted<Manifest>> probe_library(reactor::Loop& loop, process::Ledger* ledger,
                                                std::filesystem::path program, std::filesystem::path file);

}  // namespace baton::plugin
