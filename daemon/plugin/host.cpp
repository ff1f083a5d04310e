#include "plugin/host.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "reactor/timer.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstAnswers = 1s;  // most programs are found or not at once; a slow answer comes later

// Instances that did not come to rest. Reachable and never destroyed: their plugins may still use what they were given.
void keep_for_ever(std::unique_ptr<Instance> instance) {
  static auto* kept = new std::vector<std::unique_ptr<Instance>>();
  kept->push_back(std::move(instance));
}

RuleApprovals::Rules rules_of(const PluginSettings& settings) {
  RuleApprovals::Rules rules;
  for (const auto& instance : settings.instances) rules[instance.name] = instance.approvals;
  return rules;
}

}  // namespace

Host::Host(reactor::Loop& loop, const Clock& clock, process::Ledger* ledger, PluginSettings settings)
    : children_(loop, ledger),
      around_{loop, clock, children_, settings.product, settings.keeper},
      settings_(std::move(settings)),
      rules_(loop, rules_of(settings_)),
      loader_(loop, ledger, settings_.directories, settings_.probe_program),
      answered_(loop),
      scope_(loop) {
  around_.ledger = ledger;
  around_.approvals = settings_.approvals != nullptr ? settings_.approvals : &rules_;
  around_.tools = settings_.tools;
}

Host::~Host() = default;

reactor::Task<> Host::load() {
  co_await loader_.scan();
  for (const auto& settings : settings_.instances) {
    slots_.push_back({settings, std::nullopt, nullptr, nullptr});
    set_up(slots_.back());
  }
  co_await wait_for_answers();
}

void Host::set_up(Slot& slot) {
  auto made = make(slot.settings);
  if (!made) {
    slot.refusal = std::move(made.error());
    if (slot.refusal->code != RefusalCode::kDisabled)
      log::warn("runtime {} is refused ({}): {}", slot.settings.name, to_text(slot.refusal->code), slot.refusal->text);
    return;
  }
  slot.instance = std::move(*made);
  slot.runtime = std::make_unique<PluginRuntime>(*slot.instance);
  Instance& instance = *slot.instance;
  instance.on_ask_again([this, &instance] { ask(instance); });
  ask(instance);
}

Accepted<std::unique_ptr<Instance>> Host::make(const InstanceSettings& settings) {
  if (!settings.enabled) return refuse(RefusalCode::kDisabled, "disabled by the configuration");
  if (!is_safe_id(settings.name))
    return refuse(RefusalCode::kCreateFailed, fmt::format("\"{}\" cannot be the name of a runtime", settings.name));
  const auto same =
      std::ranges::count_if(slots_, [&](const Slot& slot) { return slot.settings.name == settings.name; });
  if (same > 1) return refuse(RefusalCode::kDuplicateId, "another instance has this name already");
  auto library = loader_.load(settings.plugin);
  if (!library) return tl::unexpected(std::move(library.error()));
  auto directory = private_directory(settings.name);
  if (!directory) return tl::unexpected(std::move(directory.error()));
  const auto stores = private_directory(".stores");  // STORE.md
  if (!stores) return tl::unexpected(stores.error());
  auto instance = std::make_unique<Instance>(around_, settings, std::move(*library), std::move(*directory),
                                             *stores + "/" + settings.name);
  if (auto created = instance->create(); !created) return tl::unexpected(std::move(created.error()));
  return instance;
}

Accepted<std::string> Host::private_directory(const std::string& name) const {
  const auto directory = settings_.data_root / name;
  std::error_code error;
  std::filesystem::create_directories(settings_.data_root, error);
  if (error) return refuse(RefusalCode::kCreateFailed, settings_.data_root.native() + ": " + error.message());
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return refuse(RefusalCode::kCreateFailed, directory.native() + ": " + std::strerror(errno));
  if (::chmod(directory.c_str(), 0700) != 0)
    return refuse(RefusalCode::kCreateFailed, directory.native() + ": " + std::strerror(errno));
  return directory.native();
}

void Host::ask(Instance& instance) {
  ++open_questions_;
  scope_.spawn(ask_task(instance));
}

reactor::Task<> Host::ask_task(Instance& instance) {
  co_await instance.probe();
  const auto& health = instance.health();
  if (health.probed && !health.ready) log::warn("runtime {} is not ready: {}", instance.name(), health.hint);
  --open_questions_;
  answered_.notify_all();
}

reactor::Task<> Host::wait_for_answers() {
  bool enough = false;
  const reactor::Deadline limit(around_.loop, kFirstAnswers, [&] {
    enough = true;
    answered_.notify_all();
  });
  while (open_questions_ > 0 && !enough) co_await answered_.wait();
}

std::vector<runtime::Runtime*> Host::runtimes() const {
  std::vector<runtime::Runtime*> all;
  for (const auto& slot : slots_) {
    if (slot.runtime) all.push_back(slot.runtime.get());
  }
  return all;
}

Description Host::describe() const {
  Description all;
  for (const auto& found : loader_.found())
    all.libraries.push_back({found.file.native(), found.manifest, found.refusal, found.library.has_value()});
  for (const auto& slot : slots_) {
    Description::InstancePart part;
    part.name = slot.settings.name;
    part.plugin = slot.settings.plugin;
    part.refusal = slot.refusal;
    if (slot.instance) {
      Instance& instance = *slot.instance;
      part.plugin = instance.manifest().id;
      part.health = instance.health();
      part.runs = instance.runs().unreleased();
      part.processes = instance.processes().alive();
      part.timers = instance.timers().alive();
      part.file_operations = instance.files().alive();
      part.watches = instance.watches().alive();
      part.wakeups = instance.wakeups().alive();
      part.approvals = instance.approvals().alive();
      part.tool_calls = instance.tools().alive();
      part.store_keys = instance.store().keys();
      part.store_bytes = instance.store().bytes();
      part.secrets = instance.secrets().granted();
      part.setup = instance.setup();
      part.misbehaviour = instance.misbehaviour();
      if (instance.is_quarantined()) part.refusal = Refusal{RefusalCode::kQuarantined, "misbehaved too often"};
    }
    all.instances.push_back(std::move(part));
  }
  return all;
}

reactor::Task<> Host::shut_down() {
  for (auto& slot : slots_) {
    if (slot.instance) scope_.spawn(end_task(slot));
  }
  co_await scope_.drained();
  for (auto& slot : slots_) {
    slot.runtime.reset();
    slot.instance.reset();
  }
}

reactor::Task<> Host::end_task(Slot& slot) {
  const bool ended = co_await slot.instance->end();
  slot.refusal = Refusal{RefusalCode::kDisabled, "the daemon is stopping"};
  if (!ended) keep_for_ever(std::move(slot.instance));
}

}  // namespace baton::plugin
