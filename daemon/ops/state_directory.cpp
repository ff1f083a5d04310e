#include "ops/state_directory.hpp"

#include <cstdlib>
#include <system_error>

namespace baton::ops {
namespace {

namespace fs = std::filesystem;

// An empty variable names nothing.
std::optional<std::string> filled(const Environment& environment, const std::string& name) {
  auto value = environment(name);
  return value && !value->empty() ? value : std::nullopt;
}

std::optional<fs::path> service_managers(const Environment& environment) {
  const auto directories = filled(environment, "STATE_DIRECTORY");
  if (!directories) return std::nullopt;
  return directories->substr(0, directories->find(':'));  // a unit may have several; the first one is the state
}

fs::path users(const Environment& environment) {
  if (const auto base = filled(environment, "XDG_STATE_HOME")) return fs::path(*base) / "baton";
  if (const auto home = filled(environment, "HOME")) return fs::path(*home) / ".local/state/baton";
  return {};
}

// A database that we may not look at is there: to open it says why it does not work.
bool has_database(const fs::path& state) {
  std::error_code error;
  return fs::exists(database_in(state), error) || error;
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::optional<fs::path> named_state(const Environment& environment) {
  for (const char* name : {"BATON_HOME", "CLAWBOO_HOME"}) {
    if (const auto home = filled(environment, name)) return *home;
  }
  return std::nullopt;
}

fs::path default_state(const Environment& environment) {
  if (const auto directory = service_managers(environment)) return *directory;
  return users(environment);
}

fs::path command_state(const Environment& environment, const fs::path& service_state) {
  if (const auto directory = named_state(environment)) return *directory;
  if (const auto directory = service_managers(environment)) return *directory;
  return has_database(service_state) ? service_state : users(environment);
}

Result<Unit> make_state_directory(const fs::path& state) {
  std::error_code error;
  const bool made = fs::create_directories(state, error);
  if (made && !error) fs::permissions(state, fs::perms::owner_all, error);
  if (error) return fail(Errc::kIo, "cannot make the state directory " + state.string() + ": " + error.message());
  return Unit{};
}

}  // namespace baton::ops
