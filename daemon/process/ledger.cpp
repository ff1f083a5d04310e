#include "process/ledger.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/log.hpp"
#include "process/cgroup.hpp"
#include "process/cgroup_place.hpp"
#include "process/descriptor.hpp"
#include "process/ledger_file.hpp"
#include "process/leftovers.hpp"
#include "process/orphans.hpp"
#include "process/proc_stat.hpp"
#include "process/signal_exactly.hpp"

namespace baton::process {
namespace {

constexpr std::size_t kRewriteSize = 1024 * 1024;  // about 10,000 children: then the ended ones are dropped
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

// The group of a child of the last daemon, wherever that had its own: this one may have another base, or none.
struct Group {
  Cgroup group;
  Ledger::Entry of;
};

std::vector<Group> groups_of(const LedgerText& earlier) {
  const std::string own = own_cgroup().value_or("") + "/";
  std::vector<Group> groups;
  for (const auto& [pid, entry] : earlier.living) {
    const bool is_ours = entry.cgroup.find("/runs-") != std::string::npos;
    if (!is_ours || own.starts_with(entry.cgroup + "/")) continue;  // a daemon may have been started from a run
    if (const Cgroup group(entry.cgroup); group.is_there()) groups.push_back({group, entry});
  }
  return groups;
}

void remove_with_its_cell(const Cgroup& group) {
  group.remove();
  ::rmdir(std::filesystem::path(group.directory()).parent_path().c_str());  // refused while something is in it
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
  std::map<std::string, std::string> intended;  // and not told the outcome

  // After the maps say it: a rewrite takes them for the truth, this line with them.
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
  std::string text = ledger_head(boot, forks) + writer_line(nonce);
  for (const auto& writer : earlier.writers) text += writer_line(writer);
  for (const auto* entries : {&earlier.living, &living})
    for (const auto& [pid, entry] : *entries) text += start_line(entry);
  for (const auto* tags : {&earlier.intended, &intended})
    for (const auto& [tag, subject] : *tags) text += intent_line(tag, subject);
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
  state->append(writer_line(state->nonce));
  return Ledger(std::move(state));
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Ledger::Swept Ledger::sweep(int wait_ms) {
  const LedgerText& earlier = state_->earlier;
  const bool same_boot = earlier.boot == state_->boot;
  const Evidence evidence{earlier.newest_start,
                          pids_cannot_be_reused(earlier.forks, forks_since_boot(), highest_pid())};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  const int own_session = ::getsid(0);

  std::map<int, Entry> found;
  std::vector<Leftover> alive = leftovers(earlier, same_boot, evidence, own_session);
  std::vector<Group> groups = same_boot ? groups_of(earlier) : std::vector<Group>();
  for (;;) {  // again, because what is killed may have started something between the look and the signal
    for (const auto& left : alive) {
      found.emplace(left.of.pid, left.of);
      signal_exactly(left.process, SIGKILL);
    }
    std::erase_if(groups, [&](const Group& one) {
      if (!one.group.is_populated()) return remove_with_its_cell(one.group), true;
      found.emplace(one.of.pid, one.of);
      return !one.group.kill();
    });
    if ((alive.empty() && groups.empty()) || std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kSweepStep);
    alive = leftovers(earlier, same_boot, evidence, own_session);
  }

  Swept swept;
  for (auto& [pid, entry] : found) swept.found.push_back(std::move(entry));
  for (const auto& one : groups)
    for (const int pid : one.group.pids())
      if (const auto stat = stat_of(pid)) alive.push_back({*stat, one.of});
  for (const auto& left : alive) {
    if (state_->living.contains(left.process.pid)) continue;
    Entry entry = left.of;
    entry.pid = left.process.pid;
    entry.start_time = left.process.start_time;
    state_->living[entry.pid] = entry;
    swept.left.push_back(std::move(entry));
  }
  state_->earlier = {};
  state_->forks = forks_since_boot();
  state_->rewrite();
  return swept;
}

std::string Ledger::intend(std::string_view subject) {
  const std::string tag = state_->nonce + "." + std::to_string(++state_->intents);
  state_->intended[tag] = subject;
  state_->append(intent_line(tag, subject));
  return std::string(kTagName) + "=" + tag;
}

void Ledger::started(int pid, Work work, std::string_view intended) {
  if (const auto stat = stat_of(pid)) {
    keep({pid, stat->start_time, std::move(work.label), std::move(work.subject), std::move(work.cgroup),
          std::string(tag_of(intended))});
  }
  not_started(intended);
}

void Ledger::keep(Entry entry) {
  const auto line = start_line(entry);
  state_->living[entry.pid] = std::move(entry);
  state_->append(line);
}

void Ledger::not_started(std::string_view intended) {
  if (intended.empty()) return;
  const std::string tag(tag_of(intended));
  state_->intended.erase(tag);
  state_->append(outcome_line(tag));
}

void Ledger::ended(int pid) {
  const auto found = state_->living.find(pid);
  if (found == state_->living.end()) return;
  const auto line = end_line(found->second);
  state_->living.erase(found);
  state_->append(line);
}

const std::map<int, Ledger::Entry>& Ledger::living() const { return state_->living; }
const std::string& Ledger::nonce() const { return state_->nonce; }

}  // namespace baton::process
