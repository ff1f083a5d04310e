#include "process/ledger.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.hpp"
#include "process/descriptor.hpp"
#include "process/ledger_file.hpp"
#include "process/leftovers.hpp"
#include "process/proc_stat.hpp"

namespace baton::process {
namespace {

constexpr std::size_t kRewriteSize = 1024 * 1024;  // about 10,000 children: then the ended ones are dropped
constexpr std::string_view kTagName = "BATON_SPAWN";
constexpr auto kSweepStep = std::chrono::milliseconds(5);

Result<Descriptor> open_for_append(const std::filesystem::path& file, int flags) {
  Descriptor opened(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | flags, 0600));
  if (opened.valid()) return opened;
  return fail(Errc::kIo, "cannot open the process ledger " + file.string() + ": " + std::strerror(errno));
}

bool write_whole(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// By a descriptor, and only after the start time was read again: the number may have changed hands since it was listed.
void kill_exactly(const ProcStat& process) {
  const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd.valid()) return;
  const auto now = stat_of(process.pid);
  if (now && now->start_time == process.start_time) ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
}

// The living processes that carry one of `tags`, which they have inherited from what was started with it.
std::vector<ProcStat> carriers_of(const std::set<std::string>& tags) {
  std::vector<ProcStat> found;
  if (tags.empty()) return found;
  for (const auto& process : all_processes()) {
    const auto carried = variable_of(process.pid, kTagName);
    if (carried && tags.contains(*carried) && !process.ended()) found.push_back(process);
  }
  return found;
}

std::string_view tag_of(std::string_view variable) { return variable.substr(variable.find('=') + 1); }

}  // namespace

struct Ledger::State {
  std::filesystem::path path;
  Descriptor file;
  std::size_t size = 0;
  LedgerText earlier;           // of the daemon before, until sweep()
  std::map<int, Entry> living;  // of this one
  std::string boot = boot_id();
  std::optional<std::uint64_t> forks = forks_since_boot();
  bool warned = false;
  std::string nonce;  // of this daemon, for its tags
  std::uint64_t intents = 0;
  std::set<std::string> intended;  // and not told the outcome

  void append(const std::string& line);
  void rewrite();
};

void Ledger::State::append(const std::string& line) {
  const bool written = write_whole(file.get(), line);
  size += line.size();
  if (!written && !std::exchange(warned, true))
    log::warn("cannot write the process ledger {}: {}; after a crash some processes may be left behind", path.string(),
              std::strerror(errno));
  if (size > kRewriteSize) rewrite();
}

// Beside the old file and over it by rename, so that a kill in the middle leaves one of the two.
void Ledger::State::rewrite() {
  std::string text = ledger_head(boot, forks);
  for (const auto* entries : {&earlier.living, &living})
    for (const auto& [pid, entry] : *entries) text += start_line(entry);
  for (const auto* tags : {&earlier.intended, &intended})
    for (const auto& tag : *tags) text += intent_line(tag);
  const std::filesystem::path beside = path.string() + ".new";
  auto fresh = open_for_append(beside, O_TRUNC);
  size = text.size();
  if (!fresh || !write_whole(fresh->get(), text) || ::rename(beside.c_str(), path.c_str()) != 0) {
    log::warn("cannot rewrite the process ledger {}: {}", path.string(), std::strerror(errno));
    return;
  }
  file = std::move(*fresh);
}

Result<Ledger> Ledger::open(const std::filesystem::path& file) {
  auto state = std::make_unique<State>();
  state->path = file;
  {
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    state->earlier = parse_ledger(text);
    state->size = text.size();
  }
  const auto self = stat_of(::getpid());  // unique on this machine until it is started again, which ends everything
  state->nonce = state->boot + "." + std::to_string(::getpid()) + "." + std::to_string(self ? self->start_time : 0);
  auto opened = open_for_append(file, 0);
  if (!opened) return fail(opened);
  state->file = std::move(*opened);
  const std::string_view line_end = "\n";  // ends a line that a killed writer left half written
  state->append(state->size == 0 ? ledger_head(state->boot, state->forks) : std::string(line_end));
  return Ledger(std::move(state));
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

std::vector<Ledger::Entry> Ledger::sweep(int wait_ms) {
  const LedgerText& earlier = state_->earlier;
  const bool same_boot = earlier.boot == state_->boot;
  const Evidence evidence{earlier.newest_start,
                          pids_cannot_be_reused(earlier.forks, forks_since_boot(), highest_pid())};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  const int own_session = ::getsid(0);

  std::map<int, Entry> alive, found;
  do {  // again, because what is killed may have started something between the look and the signal
    if (!alive.empty()) std::this_thread::sleep_for(kSweepStep);
    alive.clear();
    const auto processes = all_processes();
    for (const auto& [pid, entry] : earlier.living) {
      if (!same_boot || pid == own_session) continue;  // a daemon that was started from a run must not end itself
      const auto members = leftovers_of(entry, processes, evidence);
      if (!members.empty()) alive[pid] = entry;
      for (const auto& member : members) kill_exactly(member);
    }
    for (const auto& member : carriers_of(earlier.intended)) {
      if (member.session == own_session) continue;
      alive[member.session] = {member.session, member.start_time,
                               "started in the moment in which the daemon was killed"};
      kill_exactly(member);
    }
    found.insert(alive.begin(), alive.end());
  } while (!alive.empty() && std::chrono::steady_clock::now() < deadline);

  state_->earlier = {};  // what did not end in time has its KILL pending
  state_->forks = forks_since_boot();
  state_->rewrite();
  std::vector<Entry> out;
  for (auto& [pid, entry] : found) out.push_back(std::move(entry));
  return out;
}

std::string Ledger::intend() {
  const std::string tag = state_->nonce + "." + std::to_string(++state_->intents);
  state_->append(intent_line(tag));
  state_->intended.insert(tag);
  return std::string(kTagName) + "=" + tag;
}

void Ledger::started(int pid, std::string_view label, std::string_view intended) {
  if (const auto stat = stat_of(pid)) {
    const Entry entry{pid, stat->start_time, std::string(label)};
    state_->append(start_line(entry));
    state_->living[pid] = entry;
  }
  not_started(intended);
}

void Ledger::not_started(std::string_view intended) {
  if (intended.empty()) return;
  const std::string tag(tag_of(intended));
  state_->append(outcome_line(tag));
  state_->intended.erase(tag);
}

void Ledger::ended(int pid) {
  const auto found = state_->living.find(pid);
  if (found == state_->living.end()) return;
  state_->append(end_line(found->second));
  state_->living.erase(found);
}

}  // namespace baton::process
