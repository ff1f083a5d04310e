#include "plugin/host_process.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"
#include "plugin/process_record.hpp"
#include "process/environment.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kPerRun = 8;
constexpr std::size_t kLongestLine = 16 * 1024 * 1024;
constexpr std::int64_t kLongestGraceNs = 30'000'000'000;
constexpr std::size_t kArguments = 4096, kVariables = 4096;

bool is_plain(baton_str text) { return readable(text) && view(text).find('\0') == std::string_view::npos; }

bool is_variable_name(baton_str name) {
  return is_plain(name) && name.size > 0 && view(name).find('=') == std::string_view::npos;
}

}  // namespace

bool may_start(const std::vector<std::string>& executables, std::string_view program) {
  const auto name = program.starts_with('/') ? program.substr(program.rfind('/') + 1) : std::string_view();
  return std::ranges::any_of(executables, [&](const std::string& allowed) {
    return allowed == "*" || allowed == program || (allowed.find('/') == std::string::npos && allowed == name);
  });
}

HostProcess::HostProcess(Instance& instance) : instance_(instance) {}
HostProcess::~HostProcess() = default;

baton_status HostProcess::spawn(const baton_spawn* raw, const baton_process_events* raw_events, void* user,
                                baton_process* out) {
  baton_spawn request{};
  baton_process_events events{};
  auto status = read_struct(raw, raw == nullptr ? 0 : raw->size, request);
  if (status != BATON_OK) return instance_.gate().refuse(status, "spawn: the request breaks the contract");
  status = read_struct(raw_events, raw_events == nullptr ? 0 : raw_events->size, events);
  if (status != BATON_OK) return instance_.gate().refuse(status, "spawn: the events break the contract");
  if (out == nullptr) return instance_.gate().refuse(BATON_E_INVALID, "spawn: no place for the handle");
  status = check(request);
  if (status != BATON_OK) return status;

  if (records_.size() + closing_.count() >= kPerInstance)
    return instance_.gate().refuse(BATON_E_LIMIT, "64 processes of this instance are alive");
  auto record = std::make_shared<ProcessRecord>(instance_, request, events, user);
  const baton_process handle{records_.insert(record)};
  record->set_handle(handle);
  status = launch(request, record);
  if (status != BATON_OK) {
    records_.take(handle.id);
    return status;
  }
  *out = handle;
  return BATON_OK;
}

baton_status HostProcess::check(const baton_spawn& request) {
  const auto bad = [&](const char* why) { return instance_.gate().refuse(BATON_E_INVALID, why); };
  if (request.argc == 0 || request.argv == nullptr || (request.env_count > 0 && request.env == nullptr))
    return bad("spawn: argv is empty, or env is nowhere");
  if (request.argc > kArguments || request.env_count > kVariables || request.max_line > kLongestLine)
    return instance_.gate().refuse(BATON_E_LIMIT, "spawn: too many arguments or variables, or max_line is too long");
  for (std::size_t index = 0; index < request.argc; ++index) {
    if (!is_plain(request.argv[index])) return bad("spawn: an argument has a zero byte");
  }
  for (std::size_t index = 0; index < request.env_count; ++index) {
    if (!is_variable_name(request.env[index].key) || !is_plain(request.env[index].value))
      return bad("spawn: a variable's name or value cannot be one");
  }
  if (!is_plain(request.cwd) || request.argv[0].size == 0) return bad("spawn: no program, or a bad directory");
  const std::string_view program = view(request.argv[0]);
  if (!may_start(instance_.manifest().executables, program))
    return instance_.gate().refuse(BATON_E_DENIED, fmt::format("{} is not among the plugin's executables", program));
  if (request.owner.id == 0) return BATON_OK;
  if (!instance_.runs().is_alive(request.owner))
    return instance_.gate().refuse(BATON_E_STALE, "spawn: the run has ended");
  if (count_of(request.owner) >= kPerRun)
    return instance_.gate().refuse(BATON_E_LIMIT, "8 processes of this run are alive");
  return BATON_OK;
}

baton_status HostProcess::launch(const baton_spawn& request, const std::shared_ptr<ProcessRecord>& record) {
  process::SpawnRequest spawn;
  for (std::size_t index = 0; index < request.argc; ++index) spawn.argv.emplace_back(view(request.argv[index]));
  spawn.cwd = request.cwd.size == 0 ? instance_.data_dir() : std::string(view(request.cwd));
  auto environment = process::clean_environment();
  for (std::size_t index = 0; index < request.env_count; ++index)
    environment = process::with(std::move(environment), view(request.env[index].key), view(request.env[index].value));
  spawn.env = std::move(environment);
  spawn.keep_stdin = (request.flags & BATON_SPAWN_STDIN) != 0;
  spawn.label = fmt::format("plugin {}", instance_.name());
  spawn.cell = request.owner.id == 0 ? instance_.open_cell(spawn.label, "") : instance_.runs().cell_of(request.owner);
  if (spawn.cell) spawn.label = spawn.cell->name();

  auto child = instance_.children().spawn(std::move(spawn), record->events());
  if (!child) return instance_.gate().explain(status_of(child.error().code), child.error().what);
  record->set_child(std::move(*child));
  if (instance_.runs().is_held(request.owner)) record->hold(true);
  return BATON_OK;
}

std::size_t HostProcess::count_of(baton_run owner) {
  const auto all = records_.handles();
  const auto open =
      std::ranges::count_if(all, [&](auto handle) { return (*records_.find(handle))->owner().id == owner.id; });
  return static_cast<std::size_t>(open) + closing_.count_of(owner);
}

ProcessRecord* HostProcess::find(baton_process process) {
  if (auto* record = records_.find(process.id)) return record->get();
  instance_.gate().refuse(BATON_E_STALE, "process: it has ended, or was closed");
  return nullptr;
}

baton_status HostProcess::write(baton_process process, baton_str bytes) {
  ProcessRecord* record = find(process);
  if (record == nullptr) return BATON_E_STALE;
  if (!readable(bytes)) return instance_.gate().refuse(BATON_E_INVALID, "write: the bytes are nowhere");
  const auto written = record->child().write(view(bytes));
  return written ? BATON_OK : instance_.gate().explain(status_of(written.error().code), written.error().what);
}

baton_status HostProcess::close_stdin(baton_process process) {
  ProcessRecord* record = find(process);
  if (record == nullptr) return BATON_E_STALE;
  record->child().close_stdin();
  return BATON_OK;
}

baton_status HostProcess::signal(baton_process process, std::int32_t number) {
  ProcessRecord* record = find(process);
  if (record == nullptr) return BATON_E_STALE;
  constexpr std::array kAllowed{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
  if (std::ranges::find(kAllowed, number) == kAllowed.end())
    return instance_.gate().refuse(BATON_E_INVALID, "signal: not INT, TERM, HUP, USR1 or USR2");
  const auto sent = record->child().signal(number);
  return sent ? BATON_OK : instance_.gate().explain(status_of(sent.error().code), sent.error().what);
}

baton_status HostProcess::stop(baton_process process, std::int64_t grace_ns) {
  ProcessRecord* record = find(process);
  if (record == nullptr) return BATON_E_STALE;
  if (grace_ns < 0) return instance_.gate().refuse(BATON_E_INVALID, "stop: a negative time");
  record->child().stop(std::chrono::nanoseconds(std::min(grace_ns, kLongestGraceNs)));
  return BATON_OK;
}

baton_status HostProcess::pause(baton_process process, bool paused) {
  ProcessRecord* record = find(process);
  if (record == nullptr) return BATON_E_STALE;
  record->pause(paused);
  return BATON_OK;
}

baton_status HostProcess::close(baton_process process) {
  const auto record = records_.take(process.id);
  if (!record) return BATON_E_STALE;
  (*record)->close();
  closing_.add((*record)->owner(), (*record)->token());
  return BATON_OK;
}

void HostProcess::hold(baton_run owner, bool held) {
  for (const auto handle : records_.handles()) {
    const auto record = *records_.find(handle);
    if (record->owner().id == owner.id) record->hold(held);
  }
}

void HostProcess::close_of(baton_run owner) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->owner().id == owner.id) close({handle});
  }
}

void HostProcess::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

namespace {

// Runs `call` with the processes of the instance behind `host`.
template <class Call>
baton_status of(const baton_host* host, Call&& call) noexcept {
  auto* instance = Instance::usable(host);
  return instance == nullptr ? BATON_E_STATE : call(instance->processes());
}

}  // namespace

const baton_host_process kHostProcess{
    .size = sizeof(baton_host_process),
    .reserved = 0,
    .spawn =
        [](const baton_host* host, const baton_spawn* request, const baton_process_events* events, void* user,
           baton_process* out) noexcept {
          return of(host, [&](HostProcess& all) { return all.spawn(request, events, user, out); });
        },
    .write =
        [](const baton_host* host, baton_process process, baton_str bytes) noexcept {
          return of(host, [&](HostProcess& all) { return all.write(process, bytes); });
        },
    .close_stdin =
        [](const baton_host* host, baton_process process) noexcept {
          return of(host, [&](HostProcess& all) { return all.close_stdin(process); });
        },
    .signal =
        [](const baton_host* host, baton_process process, int32_t number) noexcept {
          return of(host, [&](HostProcess& all) { return all.signal(process, number); });
        },
    .stop =
        [](const baton_host* host, baton_process process, int64_t grace_ns) noexcept {
          return of(host, [&](HostProcess& all) { return all.stop(process, grace_ns); });
        },
    .pause =
        [](const baton_host* host, baton_process process, uint32_t paused) noexcept {
          return of(host, [&](HostProcess& all) { return all.pause(process, paused != 0); });
        },
    .close =
        [](const baton_host* host, baton_process process) noexcept {
          return of(host, [&](HostProcess& all) { return all.close(process); });
        }};

}  // namespace baton::plugin
