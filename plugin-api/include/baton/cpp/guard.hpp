// The firewall at the boundary: nothing that a plugin throws reaches the host.
//
// It must be in the plugin's own object: a plugin that is linked with its own C++ runtime throws exceptions that no
// host can catch (it ends the process). So every function that the wrapper gives to the host goes through one of these.
#pragma once

#include "../ext/run.h"
#include "../host.h"
#include "status.hpp"

#include <exception>

namespace baton::plugin {

// Runs `body`, which returns a baton_status; what it throws becomes a failing status with its text.
template <class Body>
baton_status guarded(const baton_host* host, Body&& body) noexcept {
  try {
    return body();
  } catch (const Failure& failure) {
    return host->fail(host, failure.code(), str(failure.what()));
  } catch (const std::exception& error) {
    return host->fail(host, BATON_E_INTERNAL, str(error.what()));
  } catch (...) {
    return host->fail(host, BATON_E_INTERNAL, str("an unknown exception"));
  }
}

// The same for a callback of the run `owner` (0: of the instance), which has no status to return: the exception is
// logged, and the run fails, because whatever it was about to do will not happen.
template <class Body>
void guarded_callback(const baton_host* host, baton_run owner, Body&& body) noexcept {
  const auto escaped = [&](const char* what) noexcept {
    host->log(host, BATON_LOG_ERROR, str(what), nullptr, 0);
    const auto* run = static_cast<const baton_host_run*>(host->extension(host, BATON_EXT_RUN));
    if (owner.id == 0 || run == nullptr || !BATON_HAS(run, finish)) return;
    const baton_outcome outcome{.size = sizeof(baton_outcome),
                                .result = BATON_RESULT_FAILED,
                                .error_class = BATON_ERROR_INTERNAL,
                                .retryable = 0,
                                .retry_after_ns = -1,
                                .summary = {},
                                .detail = str(what)};
    run->finish(host, owner, &outcome);
  };
  try {
    body();
  } catch (const std::exception& error) {
    escaped(error.what());
  } catch (...) {
    escaped("an unknown exception");
  }
}

}  // namespace baton::plugin
