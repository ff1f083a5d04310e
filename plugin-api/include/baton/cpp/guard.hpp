// The firewall at the boundary: nothing that a plugin throws reaches the host.
//
// It must be in the plugin's own object: a plugin that is linked with its own C++ runtime throws exceptions that no
// host can catch (it ends the process). So every function that the wrapper gives to the host goes through one of these.
#pragma once

#include "../ext/run.h"
#include "../host.h"
#include "host.hpp"
#include "status.hpp"

#include <exception>
#include <type_traits>
#include <utility>

namespace baton::plugin {

// Runs `body`, which returns a baton_status or a Status; what it throws becomes a failing status with its text.
template <class Body>
baton_status guarded(const baton_host* host, Body&& body) noexcept {
  try {
    if constexpr (std::is_same_v<std::invoke_result_t<Body>, Status>)
      return fail(host, body());
    else
      return body();
  } catch (const Failure& failure) {
    return fail(host, failure.code(), failure.what());
  } catch (const std::exception& error) {
    return fail(host, BATON_E_INTERNAL, error.what());
  } catch (...) {
    return fail(host, BATON_E_INTERNAL, "an unknown exception");
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
    baton_outcome outcome{};
    outcome.size = sizeof(outcome);
    outcome.result = BATON_RESULT_FAILED;
    outcome.error_class = BATON_ERROR_INTERNAL;
    outcome.retry_after_ns = -1;
    outcome.detail = str(what);
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

// The object that a member function belongs to.
template <class Method>
struct MethodOf;
template <class Object, class Result, class... Args>
struct MethodOf<Result (Object::*)(Args...)> {
  using Class = Object;
};
template <class Object, class Result, class... Args>
struct MethodOf<Result (Object::*)(Args...) const> {
  using Class = const Object;
};

// &guarded<&Class::method> fits into a table or into the place of a callback, for code that fills one by itself. The
// class has host() -> Host; with owner() -> baton_run, an exception in a callback fails that run.
//
// For a slot of a table that the plugin gives: the instance is a Class, the method returns a baton_status or a Status.
template <auto Method, class... Args>
requires std::is_member_function_pointer_v<decltype(Method)> baton_status guarded(baton_plugin* plugin, Args... args)
noexcept {
  auto& self = *reinterpret_cast<typename MethodOf<decltype(Method)>::Class*>(plugin);
  return guarded(self.host().raw(), [&] { return (self.*Method)(std::move(args)...); });
}

// For a callback: `user` is the Class, which may be destroyed by the method.
template <auto Method, class... Args>
requires std::is_member_function_pointer_v<decltype(Method)>
void guarded(void* user, Args... args) noexcept {
  auto& self = *static_cast<typename MethodOf<decltype(Method)>::Class*>(user);
  baton_run owner{};
  if constexpr (requires { self.owner(); }) owner = self.owner();
  guarded_callback(self.host().raw(), owner, [&] { (self.*Method)(std::move(args)...); });
}

}  // namespace baton::plugin
