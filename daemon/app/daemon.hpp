// The parts of a running daemon, in the order in which they are made; start-up and shutdown. No rules live here.
#pragma once

#include "app/config.hpp"
#include "ops/service_manager.hpp"

namespace baton::app {

// Runs until TERM or INT. Returns the exit code; what went wrong was logged.
int run_daemon(const Config& config, const ops::ServiceManager& manager);

}  // namespace baton::app
