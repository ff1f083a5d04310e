#include "plugin/trial_host.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "baton/ext/approval.h"
#include "baton/ext/files.h"
#include "baton/ext/http.h"
#include "baton/ext/process.h"
#include "baton/ext/run.h"
#include "baton/ext/secret.h"
#include "baton/ext/store.h"
#include "baton/ext/timer.h"
#include "baton/ext/tools.h"
#include "baton/ext/wakeup.h"
#include "baton/ext/watch.h"

namespace baton::plugin {
namespace {

// A function of a table's slot that starts nothing.
template <class Slot>
struct Refuses;
template <class... Args>
struct Refuses<baton_status (*)(Args...) noexcept> {
  static baton_status call(Args...) noexcept { return BATON_E_STATE; }
};

template <class Table, auto... kSlots>
Table refusing() {
  Table table{};
  static_assert(sizeof(Table) == 2 * sizeof(std::uint32_t) + sizeof...(kSlots) * sizeof(void*), "a slot is left out");
  table.size = sizeof(Table);
  ((table.*kSlots = &Refuses<std::remove_reference_t<decltype(table.*kSlots)>>::call), ...);
  return table;
}

using Run = baton_host_run;
using Process = baton_host_process;
using Timer = baton_host_timer;
using Files = baton_host_files;
using Http = baton_host_http;
using Secret = baton_host_secret;
using Store = baton_host_store;
using Approval = baton_host_approval;
using Tools = baton_host_tools;
using Wakeup = baton_host_wakeup;
using Watch = baton_host_watch;

const void* trial_table(const baton_host* /*host*/, const char* id) noexcept {
  static const auto run = refusing<Run, &Run::emit, &Run::finish, &Run::probed>();
  static const auto process = refusing<Process, &Process::spawn, &Process::write, &Process::close_stdin,
                                       &Process::signal, &Process::stop, &Process::pause, &Process::close>();
  static const auto timer = refusing<Timer, &Timer::start, &Timer::close>();
  static const auto files = refusing<Files, &Files::read, &Files::write, &Files::copy_in, &Files::close>();
  static const auto http = refusing<Http, &Http::start, &Http::pause, &Http::close>();
  static const auto secret = refusing<Secret, &Secret::get>();
  static const auto store = refusing<Store, &Store::get, &Store::put, &Store::erase>();
  static const auto approval = refusing<Approval, &Approval::ask, &Approval::close>();
  static const auto tools = refusing<Tools, &Tools::list, &Tools::call, &Tools::close>();
  static const auto wakeup = refusing<Wakeup, &Wakeup::create, &Wakeup::signal, &Wakeup::close>();
  static const auto watch = refusing<Watch, &Watch::start, &Watch::change, &Watch::close>();
  static const std::array<std::pair<std::string_view, const void*>, 11> tables{{{BATON_EXT_RUN, &run},
                                                                                {BATON_EXT_PROCESS, &process},
                                                                                {BATON_EXT_TIMER, &timer},
                                                                                {BATON_EXT_FILES, &files},
                                                                                {BATON_EXT_HTTP, &http},
                                                                                {BATON_EXT_SECRET, &secret},
                                                                                {BATON_EXT_STORE, &store},
                                                                                {BATON_EXT_APPROVAL, &approval},
                                                                                {BATON_EXT_TOOLS, &tools},
                                                                                {BATON_EXT_WAKEUP, &wakeup},
                                                                                {BATON_EXT_WATCH, &watch}}};
  if (id == nullptr) return nullptr;
  for (const auto& [name, table] : tables) {
    if (name == id) return table;
  }
  return nullptr;
}

void drop(const baton_host* /*host*/, std::int32_t /*level*/, baton_str /*text*/, const baton_field* /*fields*/,
          std::size_t /*count*/) noexcept {}
baton_status same(const baton_host* /*host*/, baton_status code, baton_str /*text*/) noexcept { return code; }
std::int64_t now(const baton_host* /*host*/) noexcept { return SystemClock().monotonic_ns(); }
std::int64_t wall(const baton_host* /*host*/) noexcept { return SystemClock().unix_ms() * 1'000'000; }

bool& completed() {
  static bool is = false;
  return is;
}
baton_status complete(const baton_host* /*host*/, baton_op /*op*/, baton_status /*status*/) noexcept {
  completed() = true;
  return BATON_OK;
}

}  // namespace

const baton_host& trial_host() {
  static int nothing = 0;
  static const baton_host host{.size = sizeof(baton_host),
                               .abi_minor = BATON_ABI_MINOR_LATEST,
                               .impl = &nothing,
                               .product = "baton",
                               .extension = &trial_table,
                               .log = &drop,
                               .fail = &same,
                               .now = &now,
                               .wall = &wall,
                               .op_complete = &complete};
  return host;
}

bool take_trial_completion() { return std::exchange(completed(), false); }

}  // namespace baton::plugin
