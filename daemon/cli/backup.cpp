// baton backup|restore|db check: copies of the database, and the look whether one is whole.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/core.h>

#include "cli/commands.hpp"
#include "cli/state_commands.hpp"
#include "ops/instance_lock.hpp"
#include "ops/state_directory.hpp"
#include "store/backup.hpp"

namespace baton::cli {
namespace {

namespace fs = std::filesystem;

Result<fs::path> state_of(const std::optional<std::string>& named) {
  auto state = named ? fs::path(*named) : ops::command_state(ops::process_environment);
  if (state.empty()) return fail(Errc::kInvalid, "no state directory: name it with --state");
  return state;
}

// What is refused, and what cannot be read or written.
int report_file(const Error& error) {
  (void)report(error);
  return error.code == Errc::kConflict || error.code == Errc::kInvalid ? kRefused : kUnreachable;
}

void print_facts(const store::BackupFacts& facts) {
  fmt::print("{} tasks, event {}, schema {}, {} bytes\n", facts.tasks, facts.last_event, facts.schema_version,
             facts.bytes);
}

// What root makes in a state that belongs to somebody else would lock that daemon out.
Result<Unit> give_to_owner(const fs::path& state, const fs::path& file) {
  struct stat owner {};
  if (::geteuid() != 0) return Unit{};
  if (::stat(state.c_str(), &owner) != 0 || ::lchown(file.c_str(), owner.st_uid, owner.st_gid) != 0) {
    return fail(Errc::kIo, fmt::format("cannot give {} to the state's owner: {}", file.string(), std::strerror(errno)));
  }
  return Unit{};
}

}  // namespace

int back_up(const std::string& to, const std::optional<std::string>& named) {
  const auto state = state_of(named);
  if (!state) return report_file(state.error());
  const auto database = ops::database_in(*state);
  const auto facts = store::back_up(database, to);
  if (!facts) return report_file(facts.error());
  fmt::print("backed up {} to {}\n", database.string(), to);
  print_facts(*facts);
  return kOk;
}

int restore(const std::string& from, const std::optional<std::string>& named) {
  const auto state = state_of(named);
  if (!state) return report_file(state.error());
  if (auto made = ops::make_state_directory(*state); !made) return report_file(made.error());
  const auto lock = ops::InstanceLock::take(*state);
  if (!lock) return report_file(lock.error());
  if (auto given = give_to_owner(*state, ops::InstanceLock::file_in(*state)); !given) return report_file(given.error());
  const auto database = ops::database_in(*state);
  const auto facts = store::restore(from, database);
  if (!facts) return report_file(facts.error());
  fmt::print("restored {} from {}\n", database.string(), from);
  print_facts(facts->restored);
  if (!facts->kept.empty()) fmt::print("the former database is kept as {}\n", facts->kept.string());
  if (auto given = give_to_owner(*state, database); !given) return report_file(given.error());
  return kOk;
}

int check_database(const std::optional<std::string>& file, const std::optional<std::string>& named) {
  const auto state = state_of(named);
  if (!file && !state) return report_file(state.error());
  const auto database = file ? fs::path(*file) : ops::database_in(*state);
  const auto found = store::check(database);
  if (!found) {
    (void)report(found.error());
    return kUnreachable;
  }
  for (const auto& problem : found->problems) fmt::print("{}\n", problem);
  if (!found->problems.empty()) {
    fmt::print(stderr, "baton: {} is damaged, {} problems\n", database.string(), found->problems.size());
    return kRefused;
  }
  fmt::print("{} is fine\n", database.string());
  print_facts(found->facts);
  return kOk;
}

}  // namespace baton::cli
