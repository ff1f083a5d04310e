// What people are shown of plugins; description.cpp writes it as JSON.
#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "plugin/host.hpp"

namespace baton::plugin {
namespace {

std::vector<std::string_view> flags_of(const runtime::Capabilities& has) {
  const std::array<std::pair<std::string_view, bool>, 17> all{{{"streaming", has.streaming},
                                                               {"tool_events", has.tool_events},
                                                               {"resume", has.resume},
                                                               {"fork", has.fork},
                                                               {"steer", has.steer},
                                                               {"follow_up", has.follow_up},
                                                               {"mcp", has.mcp},
                                                               {"approvals", has.approvals},
                                                               {"worktree", has.worktree},
                                                               {"own_home", has.own_home},
                                                               {"model_select", has.model_select},
                                                               {"tool_block", has.tool_block},
                                                               {"limit_turns", has.limit_turns},
                                                               {"limit_cost", has.limit_cost},
                                                               {"usage_tokens", has.usage_tokens},
                                                               {"usage_cost", has.usage_cost},
                                                               {"replay", has.replay}}};
  std::vector<std::string_view> names;
  for (const auto& [name, is] : all) {
    if (is) names.push_back(name);
  }
  return names;
}

std::string_view state_of(RefusalCode code) {
  if (code == RefusalCode::kDisabled) return "disabled";
  return code == RefusalCode::kQuarantined ? "quarantined" : "refused";
}

}  // namespace

std::vector<runtime::Runtime*> Host::runtimes() const {
  std::vector<runtime::Runtime*> all;
  for (const auto& slot : slots_) {
    if (slot.instance && !slot.changing) all.push_back(slot.runtime.get());
  }
  return all;
}

Description Host::describe() const {
  Description all;
  all.safe_mode = settings_.safe_mode;
  for (const auto& found : loader_.found())
    all.libraries.push_back({found.file.native(), found.manifest, found.refusal, found.library.has_value(),
                             found.cached, std::chrono::duration<double, std::milli>(found.probe_took).count()});
  for (const auto& slot : slots_) all.instances.push_back(describe(slot));
  return all;
}

// starting, ready, not_ready, stopping, refused, quarantined, disabled
std::string_view Host::state_of(const Slot& slot) const {
  if (slot.changing) return slot.instance ? "stopping" : "starting";
  if (slot.refusal || !slot.instance) return slot.refusal ? plugin::state_of(slot.refusal->code) : "starting";
  if (stopping_) return "stopping";
  if (slot.instance->is_quarantined()) return "quarantined";
  const auto& health = slot.instance->health();
  if (!health.probed && slot.asking > 0) return "starting";
  return health.ready ? "ready" : "not_ready";
}

std::vector<runtime::Registry::Absent> Host::absent() const {
  std::vector<runtime::Registry::Absent> all;
  for (const auto& slot : slots_) {
    if (slot.refusal)
      all.push_back({slot.settings.name, fmt::format("{} ({})", slot.refusal->text, to_text(slot.refusal->code))});
  }
  return all;
}

std::vector<Crash> Host::crashes_of(const Slot& slot) const {
  auto all = crashes_.of(slot.settings.name);
  std::ranges::copy(crashes_.of(loader_.file_of(slot.settings.plugin).native()), std::back_inserter(all));
  return all;
}

Description::InstancePart Host::describe(const Slot& slot) const {
  Description::InstancePart part;
  part.name = slot.settings.name;
  part.plugin = slot.settings.plugin;
  part.state = state_of(slot);
  part.refusal = slot.refusal;
  part.misbehaviour = slot.before;
  part.crashes = crashes_of(slot);
  if (!slot.instance) return part;
  Instance& instance = *slot.instance;
  part.plugin = instance.manifest().id;
  part.health = instance.health();
  part.capabilities = flags_of(instance.capabilities());
  part.runs = instance.runs().unreleased();
  part.processes = instance.processes().alive();
  part.timers = instance.timers().alive();
  part.file_operations = instance.files().alive();
  part.http_exchanges = instance.exchanges().alive();
  part.watches = instance.watches().alive();
  part.wakeups = instance.wakeups().alive();
  part.approvals = instance.approvals().alive();
  part.tool_calls = instance.tools().alive();
  part.store_keys = instance.store().keys();
  part.store_bytes = instance.store().bytes();
  part.secrets = instance.secrets().granted();
  part.misbehaviour = instance.misbehaviour();
  part.setup = instance.setup();
  if (instance.is_quarantined()) part.refusal = Refusal{RefusalCode::kQuarantined, instance.quarantine_text()};
  return part;
}

}  // namespace baton::plugin
