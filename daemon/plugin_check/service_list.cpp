// What each function of the host may answer stands in the ABI's headers, under "Errors". A table here repeats it, so
// that each can be tried.
#include "plugin_check/service_list.hpp"

#include <array>
#include <cstdint>

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
#include "baton/host.h"
#include "plugin_check/stages.hpp"

namespace baton::plugin_check {
namespace {

baton_status now_answered = BATON_E_INTERNAL;
std::size_t call_count = 0;

// A function of a table, from its member.
template <auto Slot>
struct Failing;
template <class Table, class... Args, baton_status (*Table::*Slot)(const baton_host*, Args...) noexcept>
struct Failing<Slot> {
  static baton_status call(const baton_host* /*host*/, Args... /*args*/) noexcept {
    ++call_count;
    return now_answered;
  }
  static void replace(void* table) { static_cast<Table*>(table)->*Slot = &call; }
};

constexpr std::array kStale{BATON_E_STALE};
constexpr std::array kEmit{BATON_E_STALE, BATON_E_LIMIT, BATON_E_INVALID};
constexpr std::array kFinish{BATON_E_STALE, BATON_E_INVALID};
constexpr std::array kSpawn{BATON_E_NOT_FOUND, BATON_E_DENIED, BATON_E_INVALID,
                            BATON_E_STALE,     BATON_E_LIMIT,  BATON_E_IO};
constexpr std::array kWrite{BATON_E_STATE, BATON_E_STALE};  // AGAIN is a matter of the played program
constexpr std::array kSignal{BATON_E_INVALID, BATON_E_NOT_FOUND, BATON_E_STALE};
constexpr std::array kStart{BATON_E_INVALID, BATON_E_STALE, BATON_E_LIMIT};
constexpr std::array kFile{BATON_E_INVALID, BATON_E_STALE, BATON_E_STATE, BATON_E_LIMIT};
constexpr std::array kCopy{BATON_E_DENIED, BATON_E_INVALID, BATON_E_STALE, BATON_E_STATE, BATON_E_LIMIT};
constexpr std::array kWatch{BATON_E_INVALID, BATON_E_STATE, BATON_E_STALE, BATON_E_LIMIT};
constexpr std::array kWakeup{BATON_E_INVALID, BATON_E_LIMIT};
constexpr std::array kHttp{BATON_E_DENIED, BATON_E_INVALID, BATON_E_STALE, BATON_E_LIMIT};
constexpr std::array kLookUp{BATON_E_NOT_FOUND, BATON_E_INVALID};
constexpr std::array kPut{BATON_E_INVALID, BATON_E_LIMIT};
constexpr std::array kSecret{BATON_E_DENIED, BATON_E_NOT_FOUND, BATON_E_INVALID};

template <auto Slot>
constexpr Service service(std::string_view table, std::string_view name, std::span<const baton_status> errors,
                          bool begins = false) {
  return {table, name, errors, begins, &Failing<Slot>::replace};
}

constexpr bool kBegins = true;
constexpr std::array kServices{
    service<&baton_host_run::emit>(BATON_EXT_RUN, "emit", kEmit),
    service<&baton_host_run::finish>(BATON_EXT_RUN, "finish", kFinish),
    service<&baton_host_run::probed>(BATON_EXT_RUN, "probed", kStale),
    service<&baton_host_process::spawn>(BATON_EXT_PROCESS, "spawn", kSpawn, kBegins),
    service<&baton_host_process::write>(BATON_EXT_PROCESS, "write", kWrite),
    service<&baton_host_process::close_stdin>(BATON_EXT_PROCESS, "close_stdin", kStale),
    service<&baton_host_process::signal>(BATON_EXT_PROCESS, "signal", kSignal),
    service<&baton_host_process::stop>(BATON_EXT_PROCESS, "stop", kFinish),
    service<&baton_host_process::pause>(BATON_EXT_PROCESS, "pause", kStale),
    service<&baton_host_process::close>(BATON_EXT_PROCESS, "close", kStale),
    service<&baton_host_timer::start>(BATON_EXT_TIMER, "start", kStart),
    service<&baton_host_timer::close>(BATON_EXT_TIMER, "close", kStale),
    service<&baton_host_files::read>(BATON_EXT_FILES, "read", kFile, kBegins),
    service<&baton_host_files::write>(BATON_EXT_FILES, "write", kFile, kBegins),
    service<&baton_host_files::copy_in>(BATON_EXT_FILES, "copy_in", kCopy, kBegins),
    service<&baton_host_files::close>(BATON_EXT_FILES, "close", kStale),
    service<&baton_host_watch::start>(BATON_EXT_WATCH, "start", kWatch, kBegins),
    service<&baton_host_watch::change>(BATON_EXT_WATCH, "change", kFinish),
    service<&baton_host_watch::close>(BATON_EXT_WATCH, "close", kStale),
    service<&baton_host_wakeup::create>(BATON_EXT_WAKEUP, "create", kWakeup, kBegins),
    service<&baton_host_wakeup::signal>(BATON_EXT_WAKEUP, "signal", kStale),
    service<&baton_host_wakeup::close>(BATON_EXT_WAKEUP, "close", kStale),
    service<&baton_host_http::start>(BATON_EXT_HTTP, "start", kHttp, kBegins),
    service<&baton_host_http::pause>(BATON_EXT_HTTP, "pause", kStale),
    service<&baton_host_http::close>(BATON_EXT_HTTP, "close", kStale),
    service<&baton_host_store::get>(BATON_EXT_STORE, "get", kLookUp),
    service<&baton_host_store::put>(BATON_EXT_STORE, "put", kPut),
    service<&baton_host_store::erase>(BATON_EXT_STORE, "erase", kLookUp),
    service<&baton_host_approval::ask>(BATON_EXT_APPROVAL, "ask", kStart, kBegins),
    service<&baton_host_approval::close>(BATON_EXT_APPROVAL, "close", kStale),
    service<&baton_host_tools::list>(BATON_EXT_TOOLS, "list", kFinish),
    service<&baton_host_tools::call>(BATON_EXT_TOOLS, "call", kStart, kBegins),
    service<&baton_host_tools::close>(BATON_EXT_TOOLS, "close", kStale),
    service<&baton_host_secret::get>(BATON_EXT_SECRET, "get", kSecret),
    // Last: an instance that cannot say that it rests is never destroyed.
    service<&baton_host::op_complete>(kCoreTable, "op_complete", kStale),
};

struct Promise {
  std::string_view id;
  std::uint32_t since;  // minor
  std::size_t size;
};
// One line per minor that has made a table longer.
constexpr std::array kPromises{
    Promise{kCoreTable, 0, sizeof(baton_host)},
    Promise{BATON_EXT_RUN, 0, sizeof(baton_host_run)},
    Promise{BATON_EXT_PROCESS, 0, sizeof(baton_host_process)},
    Promise{BATON_EXT_TIMER, 0, sizeof(baton_host_timer)},
    Promise{BATON_EXT_FILES, 0, sizeof(baton_host_files)},
    Promise{BATON_EXT_WATCH, 0, sizeof(baton_host_watch)},
    Promise{BATON_EXT_WAKEUP, 0, sizeof(baton_host_wakeup)},
    Promise{BATON_EXT_HTTP, 0, sizeof(baton_host_http)},
    Promise{BATON_EXT_STORE, 0, sizeof(baton_host_store)},
    Promise{BATON_EXT_APPROVAL, 0, sizeof(baton_host_approval)},
    Promise{BATON_EXT_TOOLS, 0, sizeof(baton_host_tools)},
    Promise{BATON_EXT_SECRET, 0, sizeof(baton_host_secret)},
};

}  // namespace

std::span<const Service> services() { return kServices; }

std::size_t promised_size(std::string_view id, std::uint32_t minor) {
  std::size_t size = 0;
  for (const auto& promise : kPromises) {
    if (promise.id == id && promise.since <= minor) size = promise.size;
  }
  return size;
}

void begin_failing(baton_status answer) {
  now_answered = answer;
  call_count = 0;
}

std::size_t failed_calls() { return call_count; }

}  // namespace baton::plugin_check
