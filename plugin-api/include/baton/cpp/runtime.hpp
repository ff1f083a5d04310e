// Builds the baton.runtime/1 table from a class.
//
//   class Echo : public baton::plugin::Runtime<Echo, EchoRun> {
//    public:
//     Echo(baton::plugin::Host host, const baton_create_args& args);       // throws Failure to refuse
//     baton_runtime_caps caps() const;                                     // lists must live as long as the instance;
//                                                                          // a member that is 0 is not said
//     void probe(baton::plugin::Probe probe);                              // answers now or later
//     std::unique_ptr<EchoRun> start(baton::plugin::Run run, const baton_run_request& request);  // throws Failure
//     void cancel(EchoRun& run, std::uint32_t reason, std::int64_t deadline);
//     void input(EchoRun& run, const baton_run_input& input);              // only with STEER or FOLLOW_UP
//   };
//
// An EchoRun lives from start to run_release; it holds its Run and the services' handles.
#pragma once

#include "../entry.h"
#include "../ext/runtime.h"
#include "guard.hpp"
#include "run.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>

namespace baton::plugin {

template <class Derived, class RunObject>
class Runtime {
 public:
  explicit Runtime(Host host) : host_(host), runs_(host.need<Runs>()) {}
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  Host host() const noexcept { return host_; }

  // The host cancels all runs before; what else lives is closed by destruction.
  void quiesce() {}

  static const baton_runtime* table() noexcept {
    static constexpr baton_runtime kTable = make();
    return &kTable;
  }

 private:
  // What the host keeps as the state of a run.
  struct Held {
    std::shared_ptr<Run::Core> core;
    std::unique_ptr<RunObject> object;
  };
  static constexpr baton_runtime make() noexcept {
    baton_runtime table{};
    table.size = sizeof(table);
    table.caps = &caps_call;
    table.probe = &probe_call;
    table.run_start = &start_call;
    table.run_input = input_pointer();
    table.run_cancel = &cancel_call;
    table.run_release = &release_call;
    return table;
  }
  static Derived& self(baton_plugin* plugin) noexcept { return *reinterpret_cast<Derived*>(plugin); }

  static baton_status caps_call(baton_plugin* plugin, baton_runtime_caps* out) noexcept {
    return guarded(self(plugin).host().raw(), [&] {
      baton_runtime_caps caps = self(plugin).caps();
      baton_runtime_caps unknown{};
      const auto room = std::min<std::size_t>(out->size, sizeof(caps));
      std::memcpy(&unknown, out, room);
      caps.size = out->size;
      // Where unknown is another value than 0, which nobody means: what the plugin left at 0 stays as the host set it.
      if (caps.integration == 0) caps.integration = unknown.integration;
      if (caps.context_tokens == 0) caps.context_tokens = unknown.context_tokens;
      std::memcpy(out, &caps, room);
      return BATON_OK;
    });
  }

  static baton_status probe_call(baton_plugin* plugin, baton_op op) noexcept {
    return guarded(self(plugin).host().raw(), [&] {
      self(plugin).probe(Probe(self(plugin).runs_, op));
      return BATON_OK;
    });
  }

  static baton_status start_call(baton_plugin* plugin, baton_run id, const baton_run_request* request,
                                 void** state) noexcept {
    return guarded(self(plugin).host().raw(), [&] {
      auto held = std::make_unique<Held>();
      held->core = std::make_shared<Run::Core>(Run::Core{self(plugin).runs_, id});
      held->object = self(plugin).start(Run(held->core), *request);
      const bool dropped = held->core.use_count() == 1;
      held->core->armed = !held->core->finished;
      *state = held.get();
      const auto core = held.release()->core;
      if (dropped && core->armed) core->end(failed(BATON_ERROR_INTERNAL, "the plugin dropped the run at its start"));
      return BATON_OK;
    });
  }

  static baton_status input_call(baton_plugin* plugin, void* state, const baton_run_input* input) noexcept {
    return guarded(self(plugin).host().raw(), [&] {
      self(plugin).input(*static_cast<Held*>(state)->object, *input);
      return BATON_OK;
    });
  }
  static constexpr auto input_pointer() noexcept -> decltype(baton_runtime::run_input) {
    if constexpr (requires(Derived & d, RunObject & r, const baton_run_input& i) { d.input(r, i); }) return &input_call;
    return nullptr;
  }

  static void cancel_call(baton_plugin* plugin, void* state, std::uint32_t reason, std::int64_t deadline) noexcept {
    auto* held = static_cast<Held*>(state);
    guarded_callback(self(plugin).host().raw(), held->core->id, [&] {
      if (!held->core->finished) self(plugin).cancel(*held->object, reason, deadline);
    });
  }

  static void release_call(baton_plugin*, void* state) noexcept {
    const std::unique_ptr<Held> held(static_cast<Held*>(state));
    held->core->armed = false;  // the host may have ended it
  }

  Host host_;
  Runs runs_;
};

}  // namespace baton::plugin
