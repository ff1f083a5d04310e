// What the connections of one server share.
#pragma once

#include <cstddef>
#include <optional>

#include "http/host_guard.hpp"
#include "http/options.hpp"
#include "http/response_head.hpp"
#include "http/router.hpp"
#include "http/workbench.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "reactor/timer.hpp"

namespace baton::http {

struct Service {
  Service(reactor::Loop& the_loop, const Router& the_router, ServerOptions the_options)
      : loop(the_loop), router(the_router), options(std::move(the_options)), tasks(the_loop), changed(the_loop) {}

  reactor::Loop& loop;
  const Router& router;
  const ServerOptions options;
  HostGuard guard;
  DateText date;
  WorkbenchPool benches;
  reactor::Scope tasks;    // of the routes' task handlers
  reactor::Event changed;  // while stopping: something ended
  bool stopping = false;   // answers are the last of their connection
  bool ending = false;     // and no event stream is begun
};

}  // namespace baton::http
