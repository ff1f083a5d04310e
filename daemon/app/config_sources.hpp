// Where a configuration comes from, each part over the ones before.
#pragma once

#include "app/config.hpp"
#include "base/result.hpp"

namespace baton::app {

// config_file.cpp: the file itself, then conf.d/*.toml beside it in the order of their names. Only the default file may
// be absent.
Result<Unit> read_config_files(const Options& options, Config& config);

// config_environment.cpp: BATON_ variables, and the older tool's names for the same things.
Result<Unit> read_environment(const Environment& environment, Config& config);

}  // namespace baton::app
