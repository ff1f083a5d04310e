#include "plugin/host.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/config_schema.hpp"
#include "plugin/crash_marker.hpp"
#include "plugin/fork_guard.hpp"
#include "plugin/place.hpp"
#include "plugin/probe.hpp"
#include "reactor/timer.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t kShownOutput = 200;
constexpr int kTrialsAtOnce = 4;    // as probes
constexpr auto kFirstAnswers = 1s;  // most programs are found or not at once; a slow answer comes later

constexpr const char* kOwnDirectory = "@host";  // beside those of the instances: no name of one has such a character

fs::path kept_in(const PluginSettings& settings, const char* name) {
  return settings.data_root.empty() ? fs::path() : settings.data_root / kOwnDirectory / name;
}

Loader::Settings loader_settings(const PluginSettings& settings, const CrashLog& crashes) {
  return {.directories = settings.directories,
          .probe_program = settings.probe_program,
          .cache_file = kept_in(settings, "probes.json"),
          .version = settings.product,
          .refuse = [&crashes](const fs::path& library) { return crashes.quarantine(library.native()); }};
}

RuleApprovals::Rules rules_of(const PluginSettings& settings) {
  RuleApprovals::Rules rules;
  for (const auto& instance : settings.instances) rules[instance.name] = instance.approvals;
  return rules;
}

}  // namespace

Host::Host(reactor::Loop& loop, const Clock& clock, process::Ledger* ledger, PluginSettings settings)
    : children_(loop, ledger),
      http_(loop, settings.http),
      around_{loop, clock, children_, settings.product, settings.keeper, &http_},
      ledger_(ledger),
      settings_(std::move(settings)),
      rules_(loop, rules_of(settings_)),
      crashes_(clock),
      loader_(loop, ledger, loader_settings(settings_, crashes_)),
      trials_(loop, kTrialsAtOnce),
      answered_(loop),
      settled_(loop),
      scope_(loop) {
  around_.ledger = ledger;
  around_.approvals = settings_.approvals != nullptr ? settings_.approvals : &rules_;
  around_.tools = settings_.tools;
}

Host::~Host() = default;

void Host::contain() {
  open_state();
  mark_crashes(crashes_.descriptor());
  guard_forks();
  stdout_.emplace(around_.loop, [this](std::string_view bytes) { take_output(bytes); });
  stall_.emplace(StallWatch::Settings{settings_.stall.limit, settings_.stall.abort});
}

void Host::open_state() {
  if (settings_.data_root.empty() || std::exchange(opened_, true)) return;
  const auto directory = settings_.data_root / kOwnDirectory;
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) log::warn("plugins: {}: {}", directory.native(), error.message());
  crashes_.open(directory / "crashes");
  switches_.open(directory / "disabled.json");
}

reactor::Task<> Host::load() {
  open_state();
  if (settings_.safe_mode) log::warn("safe mode: only the plugins that are installed with batond are looked at");
  co_await loader_.scan();
  for (const auto& settings : settings_.instances) slots_.push_back({.settings = settings});
  reactor::Scope preparing(around_.loop);
  for (auto& slot : slots_) preparing.spawn(prepare(slot));
  co_await preparing.drained();
  for (auto& slot : slots_) set_up(slot);
  co_await wait_for_answers();
}

// What may be known to end badly is known before create is called here.
reactor::Task<> Host::prepare(Slot& slot) {
  const auto& settings = slot.settings;
  auto library = library_for(settings);
  auto directory = library ? private_directory(settings.name) : tl::unexpected(library.error());
  if (!directory) {
    slot.refusal = std::move(directory.error());
    co_return;
  }
  if (misfit(library->manifest.config_schema, settings.config_json)) co_return;  // create() refuses it
  const auto place = co_await trials_.acquire();
  Trial trial{library->file, settings.name, settings.config_json, *directory};
  auto came_back = co_await try_instance(around_.loop, ledger_, settings_.probe_program, std::move(trial));
  if (!came_back) slot.refusal = std::move(came_back.error());
}

void Host::set_up(Slot& slot) {
  if (!slot.refusal) {
    auto made = make(slot);
    if (made) {
      slot.instance = std::move(*made);
    } else {
      slot.refusal = std::move(made.error());
    }
  }
  if (slot.refusal) {
    if (slot.refusal->code != RefusalCode::kDisabled)
      log::warn("runtime {} is refused ({}): {}", slot.settings.name, to_text(slot.refusal->code), slot.refusal->text);
    return;
  }
  if (!slot.runtime) slot.runtime = std::make_unique<PluginRuntime>(slot.settings.name);
  slot.runtime->attach(*slot.instance);
  slot.instance->on_ask_again([this, &slot] { ask(slot); });
  ask(slot);
}

Accepted<Library> Host::library_for(const InstanceSettings& settings) {
  if (!settings.enabled) return refuse(RefusalCode::kDisabled, "disabled by the configuration");
  if (!is_safe_id(settings.name))
    return refuse(RefusalCode::kCreateFailed, fmt::format("\"{}\" cannot be the name of a runtime", settings.name));
  const auto first =
      std::ranges::find_if(slots_, [&](const Slot& slot) { return slot.settings.name == settings.name; });
  if (&first->settings != &settings) return refuse(RefusalCode::kDuplicateId, "another instance has this name already");
  if (switches_.is_off(settings.name)) return refuse(RefusalCode::kDisabled, "switched off by a person");
  if (auto why = crashes_.quarantine(settings.name)) return tl::unexpected(*std::move(why));
  return loader_.load(settings.plugin);
}

Accepted<std::unique_ptr<Instance>> Host::make(Slot& slot) {
  const auto& settings = slot.settings;
  auto library = library_for(settings);
  if (!library) return tl::unexpected(std::move(library.error()));
  auto directory = private_directory(settings.name);
  if (!directory) return tl::unexpected(std::move(directory.error()));
  const auto stores = private_directory(".stores");  // STORE.md
  if (!stores) return tl::unexpected(stores.error());
  auto instance = std::make_unique<Instance>(around_, settings, std::move(*library), std::move(*directory),
                                             *stores + "/" + settings.name);
  auto created = instance->create();
  if (created) return instance;
  slot.before = instance->misbehaviour();
  let_go(std::move(instance));
  return tl::unexpected(std::move(created.error()));
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

void Host::ask(Slot& slot) {
  if (!slot.instance || stopping_) return;
  ++open_questions_;
  ++slot.asking;
  scope_.spawn(ask_task(slot));
}

reactor::Task<> Host::ask_task(Slot& slot) {
  Instance& instance = *slot.instance;  // stays until nobody asks it
  co_await instance.probe();
  const auto& health = instance.health();
  if (health.probed && !health.ready) log::warn("runtime {} is not ready: {}", instance.name(), health.hint);
  --open_questions_;
  --slot.asking;
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

// Counted against who was entered last. That may be the wrong one when it was written by a thread, or flushed late.
void Host::take_output(std::string_view bytes) {
  const auto wrote = [](const Slot& slot) { return slot.instance && &slot.instance->gate() == last_visitor(); };
  const auto slot = std::ranges::find_if(slots_, wrote);
  const bool known = slot != slots_.end();
  const auto count = known ? ++slot->instance->gate().counters().stdout_write : ++nameless_output_;
  if (!std::has_single_bit(count)) return;  // the log has the first ones, and rarely the others
  const auto who = known ? "plugin " + slot->settings.name : "somebody";
  std::string shown(bytes);  // whole: a secret that is cut is not found
  for (const auto& one : slots_) {
    if (one.instance) one.instance->secrets().masker().mask(shown);
  }
  log::warn("{} wrote to the daemon's standard output: {}", who, text::repaired_utf8(text::head(shown, kShownOutput)));
}

}  // namespace baton::plugin
