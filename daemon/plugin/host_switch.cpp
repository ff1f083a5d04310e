// Instances that come and go while the daemon runs.
#include <algorithm>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/host.hpp"

namespace baton::plugin {
Result<Host::Slot*> Host::changeable(std::string_view name) {
  const auto slot = std::ranges::find_if(slots_, [&](const Slot& one) { return one.settings.name == name; });
  if (slot == slots_.end())
    return fail(Errc::kNotFound, "no runtime is called '" + text::shortened(name) + "'", "unknown_runtime");
  if (stopping_) return fail(Errc::kConflict, "the daemon is stopping", "stopping");
  if (slot->changing) return fail(Errc::kConflict, slot->settings.name + " is being switched already", "busy");
  return &*slot;
}

void Host::changed(Slot& slot, bool changing) {
  slot.changing = changing;
  if (!changing) settled_.notify_all();
  if (on_change_) on_change_();
}

// It is off the list of runtimes already, so that nobody begins a run on it meanwhile.
reactor::Task<> Host::take_down(Slot& slot, runtime::CancelReason reason) {
  co_await slot.instance->end(reason);
  while (slot.asking > 0) co_await answered_.wait();
  slot.before = slot.instance->misbehaviour();
  slot.runtime->detach();
  let_go(std::move(slot.instance));
}

// Also after an instance that had to be kept: create may be called again at any time, and what is left of the earlier
// one is served nothing. Each time costs the memory of an instance, and only a person's wish leads here.
reactor::Task<> Host::bring_up(Slot& slot) {
  slot.refusal.reset();
  co_await loader_.look_again(slot.settings.plugin);
  co_await prepare(slot);
  if (stopping_) co_return;
  set_up(slot);
  co_await wait_for_answers();
}

reactor::Task<Result<Unit>> Host::disable(std::string name) {
  auto slot = changeable(name);
  if (!slot) co_return fail(slot);
  if (auto kept = switches_.turn(name, true); !kept) co_return kept;
  changed(**slot, true);
  if ((*slot)->instance) co_await take_down(**slot, runtime::CancelReason::kPolicy);
  if ((*slot)->settings.enabled) (*slot)->refusal = Refusal{RefusalCode::kDisabled, "switched off by a person"};
  changed(**slot, false);
  log::info("runtime {} is switched off", name);
  co_return Unit{};
}

reactor::Task<Result<Unit>> Host::enable(std::string name) {
  auto found = changeable(name);
  if (!found) co_return fail(found);
  Slot& slot = **found;
  if (!slot.settings.enabled)
    co_return fail(Errc::kConflict, name + " is disabled by the configuration", "disabled_by_configuration");
  if (slot.instance && !slot.instance->is_quarantined()) co_return Unit{};
  if (auto kept = switches_.turn(name, false); !kept) co_return kept;
  crashes_.pardon(name);
  crashes_.pardon(loader_.file_of(slot.settings.plugin));
  changed(slot, true);
  if (slot.instance) co_await take_down(slot, runtime::CancelReason::kPolicy);
  co_await bring_up(slot);
  changed(slot, false);
  if (slot.refusal)
    co_return fail(Errc::kConflict, name + " is refused: " + slot.refusal->text, to_text(slot.refusal->code));
  if (!slot.instance) co_return fail(Errc::kConflict, "the daemon is stopping", "stopping");
  log::info("runtime {} is switched on", name);
  co_return Unit{};
}

reactor::Task<> Host::shut_down() {
  stopping_ = true;
  const auto changing = [this] { return std::ranges::any_of(slots_, &Slot::changing); };
  while (changing()) co_await settled_.wait();
  for (auto& slot : slots_) {
    if (slot.instance) scope_.spawn(take_down(slot, runtime::CancelReason::kShutdown));
  }
  co_await scope_.drained();
  for (auto& slot : slots_) slot.refusal = Refusal{RefusalCode::kDisabled, "the daemon is stopping"};
  co_await http_.shut_down();
}

}  // namespace baton::plugin
