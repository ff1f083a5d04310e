#include "plugin_check/witness.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "plugin/abi_values.hpp"

namespace baton::plugin_check {
namespace {

Witness* current_witness = nullptr;

constexpr std::string_view kText = "emit text ";
constexpr std::size_t kShown = 120;

// When it is time to give up: the first slow call may be slow because pages of the library are read from the disk.
constexpr int kSlowCalls = 5;
constexpr std::int64_t kSlowTogether = 2'000'000'000;

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

Visit now(const char* what, int measured) {
  timespec cpu{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  rusage used{};
  ::getrusage(RUSAGE_THREAD, &used);
  struct stat file {};
  if (measured >= 0) ::fstat(measured, &file);
  timespec clock{};
  ::clock_gettime(CLOCK_MONOTONIC, &clock);
  return {what, nanoseconds(cpu), used.ru_nvcsw, file.st_size, nanoseconds(clock)};
}

baton_status heard_start(baton_plugin* plugin, baton_run run, const baton_run_request* request, void** state) noexcept {
  auto& witness = Witness::current();
  const auto status =
      witness.visit("run_start", [&] { return witness.plugins_table().run_start(plugin, run, request, state); });
  if (status >= BATON_OK) witness.started(plugin, *state);
  return status;
}

void heard_cancel(baton_plugin* plugin, void* state, std::uint32_t reason, std::int64_t deadline) noexcept {
  auto& witness = Witness::current();
  witness.visit("run_cancel", [&] { witness.plugins_table().run_cancel(plugin, state, reason, deadline); });
}

void heard_release(baton_plugin* plugin, void* state) noexcept {
  auto& witness = Witness::current();
  witness.released(state);
  witness.visit("run_release", [&] { witness.plugins_table().run_release(plugin, state); });
}

baton_status heard_input(baton_plugin* plugin, void* state, const baton_run_input* input) noexcept {
  auto& witness = Witness::current();
  return witness.visit("run_input", [&] { return witness.plugins_table().run_input(plugin, state, input); });
}

baton_status heard_probe(baton_plugin* plugin, baton_op op) noexcept {
  auto& witness = Witness::current();
  return witness.visit("probe", [&] { return witness.plugins_table().probe(plugin, op); });
}

baton_status heard_create(const baton_host* host, const baton_create_args* args, baton_plugin** out) noexcept {
  auto& witness = Witness::current();
  return witness.visit("create", [&] { return witness.plugins_entry().create(host, args, out); });
}

void heard_quiesce(baton_plugin* plugin, baton_op done) noexcept {
  auto& witness = Witness::current();
  witness.visit("quiesce", [&] { witness.plugins_entry().quiesce(plugin, done); });
}

void heard_destroy(baton_plugin* plugin) noexcept {
  auto& witness = Witness::current();
  witness.visit("destroy", [&] { witness.plugins_entry().destroy(plugin); });
}

}  // namespace

Witness::Witness() {
  require(current_witness == nullptr, "two witnesses at once");
  current_witness = this;
}

Witness::~Witness() { current_witness = nullptr; }

Witness& Witness::current() { return *current_witness; }

plugin::Library Witness::between(plugin::Library library) {
  entry_ = library.entry;
  runtime_ = static_cast<const baton_runtime*>(entry_->extension(BATON_EXT_RUNTIME));
  if (runtime_ == nullptr) return library;
  heard_runtime_ = plugin::known_part(*runtime_);
  heard_runtime_.probe = heard_probe;
  heard_runtime_.run_start = heard_start;
  heard_runtime_.run_cancel = heard_cancel;
  heard_runtime_.run_release = heard_release;
  if (runtime_->run_input != nullptr) heard_runtime_.run_input = heard_input;
  heard_entry_ = plugin::known_part(*entry_);
  heard_entry_.create = heard_create;
  heard_entry_.quiesce = heard_quiesce;
  heard_entry_.destroy = heard_destroy;
  heard_entry_.extension = [](const char* id) noexcept -> const void* {
    const bool is_runtime = std::strcmp(id, BATON_EXT_RUNTIME) == 0;
    return is_runtime ? &current().heard_runtime_ : current().plugins_entry().extension(id);
  };
  library.entry = &heard_entry_;
  return library;
}

const baton_host* Witness::host(const baton_host& real) {
  hosts_.push_back(real);
  hosts_.back().log = [](const baton_host*, std::int32_t, baton_str, const baton_field*, std::size_t) noexcept {};
  return &hosts_.back();
}

const void* Witness::table(std::string_view id, const void* real) { return heard_table(id, real); }

void Witness::forget() {
  asked_.clear();
  visits_.clear();
}

bool Witness::cancel_again(plugin::Instance& instance, std::uint32_t reason, std::int64_t deadline) {
  if (!last_.lives) return false;
  instance.gate().enter("run_cancel", [&] { runtime_->run_cancel(last_.plugin, last_.state, reason, deadline); });
  return true;
}

Witness::Meter::Meter(Witness& witness, const char* what) : witness_(witness), begin_(now(what, witness.measured())) {}

Witness::Meter::~Meter() {
  const Visit end = now(begin_.what, witness_.measured());
  witness_.visits_.push_back({begin_.what, end.cpu_ns - begin_.cpu_ns, end.waits - begin_.waits,
                              end.written - begin_.written, end.took_ns - begin_.took_ns});
  witness_.judge(witness_.visits_.back());
}

void Witness::judge(const Visit& visit) {
  const bool is_slow = visit.cpu_ns > budget_ns_ || (visit.waits > 0 && visit.took_ns > budget_ns_);
  if (budget_ns_ == 0 || !is_slow || !too_slow_.empty()) return;
  Slow& slow = slow_[visit.what];
  slow.took_ns += visit.took_ns;
  if (++slow.calls < kSlowCalls && slow.took_ns < kSlowTogether) return;
  too_slow_ = fmt::format("{} takes {} ms, of which it computes {} ms ({} such calls, then the check gave up)",
                          visit.what, visit.took_ns / 1'000'000, visit.cpu_ns / 1'000'000, slow.calls);
}

std::vector<std::string> with_joined_text(const std::vector<std::string>& lines) {
  std::vector<std::string> joined;
  for (const auto& line : lines) {
    const bool follows = !joined.empty() && joined.back().starts_with(kText) && line.starts_with(kText);
    if (follows) {
      joined.back() += line.substr(kText.size());
    } else {
      joined.push_back(line);
    }
  }
  return joined;
}

std::string first_difference(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  const auto [mine, theirs] = std::ranges::mismatch(one, other);
  if (mine == one.end() && theirs == other.end()) return "";
  const auto shown = [](const auto& at, const auto& end) {
    return at == end ? std::string("nothing") : "\"" + text::shortened(*at, kShown) + "\"";
  };
  return fmt::format("call {}: {}, then {}", mine - one.begin() + 1, shown(mine, one.end()),
                     shown(theirs, other.end()));
}

}  // namespace baton::plugin_check
