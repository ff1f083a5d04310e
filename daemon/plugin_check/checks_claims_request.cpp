// Group claims: what the plugin claims to pass on of a request. A claimed flag that cannot be confirmed is a fault; one
// that is not claimed is none of these checks' business.
#include <array>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "plugin_check/check.hpp"
#include "plugin_check/reach.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

namespace fs = std::filesystem;
using runtime::Capabilities;
using runtime::Request;

// A run with `change` in its request, of which `text` must arrive.
Finding passes_on(const Subject& subject, bool Capabilities::*flag, std::string_view name,
                  const std::vector<std::string>& texts, void (*change)(Request&)) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(flag, name)) return *why;
  auto request = scene.request();
  change(request);
  const KeptRun& run = scene.run(request);
  if (!run.refusal.empty()) return fault(fmt::format("it claims {}, and refuses the run: {}", name, run.refusal));
  for (const auto& text : texts) {
    if (!reached(scene, subject, text))
      return fault(fmt::format("it claims {}, and \"{}\" reaches neither its program nor a server", name, text));
  }
  return pass();
}

Finding claim_model_select(const Subject& subject) {
  return passes_on(subject, &Capabilities::model_select, "MODEL_SELECT", {"model-of-the-check"},
                   [](Request& request) { request.model = "model-of-the-check"; });
}

Finding claim_tool_block(const Subject& subject) {
  return passes_on(subject, &Capabilities::tool_block, "TOOL_BLOCK", {"first-blocked-tool", "second-blocked-tool"},
                   [](Request& request) {
                     request.blocked_tools = {"first-blocked-tool", "second-blocked-tool"};
                   });
}

Finding claim_mcp(const Subject& subject) {
  return passes_on(subject, &Capabilities::mcp, "MCP", {"http://127.0.0.1:9/board", "http://127.0.0.1:9/memory"},
                   [](Request& request) {
                     request.mcp = {{"board", "http://127.0.0.1:9/board", "token-of-the-board"},
                                    {"memory", "http://127.0.0.1:9/memory", "token-of-the-memory"}};
                   });
}

// A variable of the program leads to the home of the request.
Finding claim_own_home(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::own_home, "OWN_HOME")) return *why;
  auto request = scene.request();
  request.home_dir += "/of-this-agent";
  std::error_code error;
  fs::create_directories(request.home_dir, error);
  scene.run(request);
  for (const auto& program : scene.bench().children().spawned()) {
    for (const auto& variable : program.request.env) {
      if (variable.ends_with("=" + request.home_dir) ||
          variable.find("=" + request.home_dir + "/") != std::string::npos)
        return pass();
    }
  }
  return fault("it claims OWN_HOME, and no variable of its program leads to home_dir");
}

std::vector<std::string> files_in(const fs::path& directory) {
  std::vector<std::string> all;
  std::error_code error;
  for (fs::recursive_directory_iterator files(directory, error), end; !error && files != end; files.increment(error))
    all.push_back(files->path().native());
  return all;
}

bool is_beneath(const std::string& path, const std::string& directory) {
  return path == directory || path.starts_with(directory + "/");
}

// The program works in cwd, and the plugin writes nowhere but there, in the home and in its data directory.
Finding claim_worktree(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::worktree, "WORKTREE")) return *why;
  auto request = scene.request();
  request.cwd += "/tree";
  std::error_code error;
  fs::create_directories(request.cwd, error);
  const auto before = files_in(subject.scratch);
  scene.run(request);
  bool works_there = scene.bench().children().spawned().empty();
  for (const auto& program : scene.bench().children().spawned())
    works_there = works_there || is_beneath(program.request.cwd, request.cwd);
  if (!works_there) return fault("it claims WORKTREE, and its program works elsewhere than in cwd");
  for (const auto& file : files_in(subject.scratch)) {
    if (std::ranges::find(before, file) != before.end() || is_beneath(file, request.cwd) ||
        is_beneath(file, request.home_dir) || is_beneath(file, scene.instance()->data_dir()))
      continue;
    return fault("it claims WORKTREE, and writes outside of cwd: " + file);
  }
  return pass();
}

// Text for a living run: it arrives while the program is in the middle of its work.
Finding takes_input(const Subject& subject, bool Capabilities::*flag, std::string_view name,
                    runtime::Input::Mode mode) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(flag, name)) return *why;
  scene.play("happy", hang_after_first_line);
  KeptRun& run = scene.start(scene.request());
  if (!run.refusal.empty()) return fault(fmt::format("it claims {}, and refuses the run: {}", name, run.refusal));
  scene.bench().turn();
  const auto given = run.handle->input({mode, "a word from the check"});
  scene.bench().turn();
  const bool arrived = given && reached(scene, subject, "a word from the check");
  run.handle->cancel(runtime::CancelReason::kUser);
  scene.bench().settle([&] { return run.ended(); });
  return arrived ? pass() : fault(fmt::format("it claims {}, and the text does not reach its program", name));
}

Finding claim_steer(const Subject& subject) {
  return takes_input(subject, &Capabilities::steer, "STEER", runtime::Input::Mode::kSteer);
}
Finding claim_follow_up(const Subject& subject) {
  return takes_input(subject, &Capabilities::follow_up, "FOLLOW_UP", runtime::Input::Mode::kFollowUp);
}

constexpr std::array kChecks{
    Check{"claim-model-select", "claims", "MODEL_SELECT: the model reaches the program", claim_model_select},
    Check{"claim-tool-block", "claims", "TOOL_BLOCK: the blocked tools reach the program", claim_tool_block},
    Check{"claim-mcp", "claims", "MCP: the address of each server reaches the program", claim_mcp},
    Check{"claim-own-home", "claims", "OWN_HOME: a variable of the program leads to home_dir", claim_own_home},
    Check{"claim-worktree", "claims", "WORKTREE: the program works in cwd, and nothing is written elsewhere",
          claim_worktree},
    Check{"claim-steer", "claims", "STEER: text for a living run reaches the program", claim_steer},
    Check{"claim-follow-up", "claims", "FOLLOW_UP: text for the next turn reaches the program", claim_follow_up},
};

}  // namespace

std::span<const Check> claim_request_checks() { return kChecks; }

}  // namespace baton::plugin_check
