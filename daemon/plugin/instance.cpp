#include "plugin/instance.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/config_schema.hpp"
#include "plugin/host_tables.hpp"
#include "reactor/completion.hpp"
#include "reactor/timer.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kProbeLimit = 10s, kQuiesceLimit = 5s;  // design 6.10, 6.3
constexpr std::uint32_t kLongestCancelMs = 30'000;
constexpr std::size_t kListed = 256;  // models, facts

std::vector<std::string> listed(const char* const* from) {
  std::vector<std::string> all;
  for (; from != nullptr && *from != nullptr && all.size() < kListed; ++from) all.push_back(text::repaired_utf8(*from));
  return all;
}

runtime::Capabilities from_abi(const baton_runtime_caps& from) {
  const auto has = [&](std::uint64_t flag) { return (from.flags & flag) != 0; };
  runtime::Capabilities into;
  into.integration = static_cast<runtime::Integration>(from.integration);
  into.streaming = has(BATON_CAP_STREAMING);
  into.tool_events = has(BATON_CAP_TOOL_EVENTS);
  into.resume = has(BATON_CAP_RESUME);
  into.fork = has(BATON_CAP_FORK);
  into.steer = has(BATON_CAP_STEER);
  into.follow_up = has(BATON_CAP_FOLLOW_UP);
  into.mcp = has(BATON_CAP_MCP);
  into.approvals = has(BATON_CAP_APPROVALS);
  into.worktree = has(BATON_CAP_WORKTREE);
  into.own_home = has(BATON_CAP_OWN_HOME);
  into.model_select = has(BATON_CAP_MODEL_SELECT);
  into.tool_block = has(BATON_CAP_TOOL_BLOCK);
  into.limit_turns = has(BATON_CAP_LIMIT_TURNS);
  into.limit_cost = has(BATON_CAP_LIMIT_COST);
  into.usage_tokens = has(BATON_CAP_USAGE_TOKENS);
  into.usage_cost = has(BATON_CAP_USAGE_COST);
  into.replay = has(BATON_CAP_REPLAY);
  into.max_runs = from.max_runs;
  if (from.cancel_ms > 0) into.cancel_ms = std::min(from.cancel_ms, kLongestCancelMs);
  into.context_tokens = from.context_tokens;
  into.models = listed(from.models);
  into.facts = listed(from.facts);
  return into;
}

}  // namespace

Instance::Instance(const Surroundings& around, InstanceSettings settings, Library library, std::string data_dir,
                   std::string store_file)
    : around_(around),
      settings_(std::move(settings)),
      library_(std::move(library)),
      data_dir_(std::move(data_dir)),
      store_file_(std::move(store_file)),
      gate_(settings_.name),
      host_(kHostCore),
      run_over_(around.loop) {
  host_.impl = this;
  host_.product = around_.product.c_str();
  gate_.mask_with(secrets_.masker());
}

// A plugin that was not ended is left as it is: the process is about to end.
Instance::~Instance() { close_all(); }

Instance* Instance::usable(const baton_host* host) {
  auto& instance = of(host);
  return instance.gate_.on_its_thread() && !instance.over_ ? &instance : nullptr;
}

const void* Instance::table_for(std::string_view id) {
  const void* real = host_table(id);
  return around_.stage == nullptr ? real : around_.stage->table(id, real);
}

std::shared_ptr<process::Cell> Instance::open_cell(std::string name, std::string subject) {
  if (around_.keeper == nullptr) return nullptr;
  return around_.keeper->open(std::move(name), std::move(subject));
}

Accepted<Unit> Instance::create() {
  const auto& offers = manifest().offers;
  if (std::ranges::find(offers, BATON_EXT_RUNTIME) == offers.end())
    return refuse(RefusalCode::kBadDescriptor, "it offers no table that this daemon uses");
  if (auto why = misfit(manifest().config_schema, settings_.config_json))
    return refuse(RefusalCode::kCreateFailed, *std::move(why));
  table_ = known_part(*static_cast<const baton_runtime*>(library_.entry->extension(BATON_EXT_RUNTIME)));

  secrets_.load();
  store_.load(store_file_);
  const baton_create_args args{.size = sizeof(baton_create_args),
                               .reserved = 0,
                               .instance = settings_.name.c_str(),
                               .config = str(settings_.config_json),
                               .data_dir = str(data_dir_)};
  baton_plugin* made = nullptr;
  const baton_host* shown = around_.stage == nullptr ? &host_ : around_.stage->host(host_);
  threads_.before();
  const auto status = gate_.enter("create", [&] { return library_.entry->create(shown, &args, &made); });
  threads_.after();
  if (status < BATON_OK || made == nullptr) {
    be_over("a create that failed");
    return refuse(RefusalCode::kCreateFailed, status < BATON_OK ? gate_.failure(status) : "create made nothing");
  }
  plugin_ = made;
  auto good = read_capabilities();
  if (!good) destroy();
  if (good) read_setup_info();
  return good;
}

void Instance::destroy() {
  close_all();
  gate_.enter("destroy", [&] { library_.entry->destroy(std::exchange(plugin_, nullptr)); });
  be_over("destroy");
}

// Also closes what it began inside its last call.
void Instance::be_over(const char* after) {
  close_all();
  over_ = true;
  stray_threads_ = threads_.left();
  if (stray_threads_ == 0) return;
  gate_.counters().stray_thread += stray_threads_;
  log::warn("plugin {}: left {} threads behind after {}", name(), stray_threads_, after);
}

Accepted<Unit> Instance::read_capabilities() {
  baton_runtime_caps caps{};
  caps.size = sizeof(caps);
  caps.integration = BATON_INTEGRATION_PROGRAM;
  caps.context_tokens = -1;
  const auto status = gate_.enter("caps", [&] { return table_.caps(plugin_, &caps); });
  if (status < BATON_OK) return refuse(RefusalCode::kCreateFailed, "caps: " + gate_.failure(status));
  if (caps.integration < BATON_INTEGRATION_PROGRAM || caps.integration > BATON_INTEGRATION_LOOP)
    return refuse(RefusalCode::kCreateFailed, fmt::format("caps: integration {} is unknown", caps.integration));
  const bool takes_input = (caps.flags & (BATON_CAP_STEER | BATON_CAP_FOLLOW_UP)) != 0;
  if (takes_input && table_.run_input == nullptr)
    return refuse(RefusalCode::kCreateFailed, "caps: claims to take input, but run_input is empty");
  capabilities_ = from_abi(caps);
  return Unit{};
}

void Instance::read_setup_info() {
  const auto& offers = manifest().offers;
  if (std::ranges::find(offers, BATON_EXT_SETUP) == offers.end()) return;
  const auto table = known_part(*static_cast<const baton_setup*>(library_.entry->extension(BATON_EXT_SETUP)));
  baton_setup_info info{};
  info.size = sizeof(info);
  const auto status = gate_.enter("setup", [&] { return table.info(plugin_, &info); });
  if (status >= BATON_OK) setup_ = read_setup(info, manifest());
  if (!setup_) log::warn("plugin {}: what it says about its setup is not usable", name());
}

// Gives the plugin an operation and waits for its end.
reactor::Task<OpAnswer> Instance::ask(const char* what, std::chrono::nanoseconds limit,
                                      std::function<baton_status(baton_op)> call) {
  reactor::Completion<OpAnswer> answer(loop());
  const baton_op op = operations_.begin(answer.resolver());
  const auto give_up = [this, op](baton_status status, std::string why, bool too_late) {
    OpAnswer none;
    none.status = status;
    none.too_late = too_late;
    none.health.hint = std::move(why);
    operations_.end(op, std::move(none));
  };
  const auto status = gate_.enter(what, [&] { return call(op); });
  if (status < BATON_OK) give_up(status, gate_.failure(status), false);
  const reactor::Deadline too_late(loop(), limit, [&] { give_up(BATON_E_TIMEOUT, "no answer in time", true); });
  co_return co_await answer.take();
}

reactor::Task<> Instance::probe() {
  if (!takes_runs() || std::exchange(probing_, true)) co_return;
  std::function<baton_status(baton_op)> call = [this](baton_op op) { return table_.probe(plugin_, op); };
  auto answer = co_await ask("probe", kProbeLimit, std::move(call));
  probing_ = false;
  health_ = std::move(answer.health);
  if (!answer.models.empty()) capabilities_.models = std::move(answer.models);
  look_at_quarantine();
}

reactor::Task<bool> Instance::end(runtime::CancelReason reason) {
  if (plugin_ == nullptr) co_return true;
  ending_ = true;
  operations_.end_all(BATON_E_STATE);
  runs_.cancel_all(reason);
  while (runs_.unreleased() > 0) co_await run_over_.wait();
  std::function<baton_status(baton_op)> call = [this](baton_op op) {
    library_.entry->quiesce(plugin_, op);
    return BATON_OK;
  };
  const auto answer = co_await ask("quiesce", kQuiesceLimit, std::move(call));
  if (answer.too_late) {
    log::warn("plugin {}: did not come to rest, it stays until the process ends", name());
    close_all();
    over_ = true;
    co_await store_.flush();
    co_return false;
  }
  destroy();
  co_await store_.flush();
  co_return true;
}

bool Instance::is_quarantined() const {
  return settings_.misbehaviour_limit > 0 && gate_.counted().total() > settings_.misbehaviour_limit;
}

std::string Instance::quarantine_text() const {
  return fmt::format(
      "it broke the rules {} times, and misbehaviour_limit is {}; `baton plugin enable {}` lets it run again",
      gate_.counted().total(), settings_.misbehaviour_limit, name());
}

// It looks unusable from here on, and people are told once.
void Instance::look_at_quarantine() {
  if (!is_quarantined()) return;
  health_.ready = false;
  health_.hint = "quarantined: " + quarantine_text();
  if (!std::exchange(quarantine_told_, true)) log::warn("runtime {} is quarantined: {}", name(), quarantine_text());
}

std::chrono::nanoseconds Instance::cancel_limit() const {
  if (settings_.cancel.count() > 0) return settings_.cancel;
  return std::chrono::milliseconds(capabilities_.cancel_ms);
}

void Instance::close_of(baton_run run) {
  processes_.close_of(run);
  timers_.close_of(run);
  files_.close_of(run);
  watches_.close_of(run);
  approvals_.close_of(run);
  tools_.close_of(run);
  exchanges_.close_of(run);
}

void Instance::close_all() {
  processes_.close_all();
  timers_.close_all();
  files_.close_all();
  watches_.close_all();
  wakeups_.close_all();
  approvals_.close_all();
  tools_.close_all();
  exchanges_.close_all();
}

void Instance::hold(baton_run run, bool held) {
  processes_.hold(run, held);
  watches_.hold(run, held);
  exchanges_.hold(run, held);
}

void Instance::run_is_over(const RunRecord& record) {
  runs_.is_over(record);
  look_at_quarantine();
  run_over_.notify_all();
}

void Instance::ask_again() {
  if (on_ask_again_ && takes_runs()) loop().post(on_ask_again_);
}

// Reachable and never destroyed: no exit handler frees them under a thread either.
void let_go(std::unique_ptr<Instance> instance) {
  static auto* kept = new std::vector<std::unique_ptr<Instance>>();
  if (instance->must_stay()) kept->push_back(std::move(instance));
}

}  // namespace baton::plugin
