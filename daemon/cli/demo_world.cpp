#include "cli/demo_world.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "cli/program.hpp"

namespace baton::cli {
namespace {

namespace fs = std::filesystem;

// Fails until both halves of the task are there.
constexpr std::string_view kTestScript = R"sh(#!/bin/sh
set -e
test "$(sh hello.sh)" = "Hello, Baton"
test "$(sh goodbye.sh)" = "Goodbye, Baton"
echo "both greetings are right"
)sh";

// Where the gate's command comes from: the repository's own base commit, which no runtime can edit.
constexpr std::string_view kGateFile = R"sh([gate]
verify = "./test.sh"
)sh";

// Does half of the task and says what is missing. It knows nothing of the second one.
constexpr std::string_view kFirstScript = R"sh(set -e
cat >/dev/null
echo 'echo "Hello, Baton"' > hello.sh
echo "hello.sh is written and right; goodbye.sh is still missing"
)sh";

// Knows only what lies in the worktree: without the hand-off it would not know what to do, and fails.
constexpr std::string_view kSecondScript = R"sh(set -e
cat >/dev/null
test -f hello.sh
grep -q 'goodbye.sh is still missing' AGENT_HANDOFF.json
echo 'echo "Goodbye, Baton"' > goodbye.sh
echo "goodbye.sh is written too"
)sh";

Result<Unit> write_file(const fs::path& file, std::string_view content, bool executable = false) {
  std::ofstream out(file, std::ios::binary);
  out << content;
  out.close();
  if (!out) return fail(Errc::kIo, fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  if (!executable) return Unit{};
  std::error_code error;
  fs::permissions(file, fs::perms::owner_all, error);
  if (error) return fail(Errc::kIo, fmt::format("cannot make {} a program: {}", file.string(), error.message()));
  return Unit{};
}

std::string configuration(const fs::path& root) {
  std::string text;
  for (const auto name : {kFirstRuntime, kSecondRuntime}) {
    text += fmt::format(
        "[[runtime]]\nid = \"{0}\"\nplugin = \"org.baton.command\"\n[runtime.config]\nargv = [\"sh\", "
        "\"{1}/{0}.sh\"]\n\n",
        name, root.string());
  }
  return text;
}

Result<Unit> git(const DemoWorld& world, std::vector<std::string> arguments) {
  std::vector<std::string> argv = {"git", "-c", "user.name=Baton demo", "-c", "user.email=demo@localhost"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run_program({.argv = std::move(argv),
                      .directory = world.repository,
                      .output = world.root / "git.log",
                      .env = clean_environment(world.root)});
}

Result<Unit> fill(const DemoWorld& world) {
  const fs::path& root = world.root;
  const std::pair<fs::path, std::string> files[] = {
      {world.repository / ".baton.toml", std::string(kGateFile)},
      {world.repository / "README.md", "# Two greetings\n\nhello.sh and goodbye.sh, checked by test.sh.\n"},
      {root / fmt::format("{}.sh", kFirstRuntime), std::string(kFirstScript)},
      {root / fmt::format("{}.sh", kSecondRuntime), std::string(kSecondScript)},
      {world.config, configuration(root)},
  };
  for (const auto& [file, content] : files) {
    if (auto written = write_file(file, content); !written) return written;
  }
  if (auto written = write_file(world.repository / "test.sh", kTestScript, true); !written) return written;
  if (auto made = git(world, {"init", "-q", "-b", "main"}); !made) return made;
  if (auto added = git(world, {"add", "-A"}); !added) return added;
  return git(world, {"commit", "-q", "-m", "a test that fails"});
}

}  // namespace

Result<DemoWorld> make_demo_world() {
  const char* base = ::getenv("TMPDIR");
  std::string pattern = fmt::format("{}/baton-demo-XXXXXX", base != nullptr && *base != '\0' ? base : "/tmp");
  if (::mkdtemp(pattern.data()) == nullptr) {
    return fail(Errc::kIo, fmt::format("cannot make a directory {}: {}", pattern, std::strerror(errno)));
  }
  DemoWorld world;
  world.root = pattern;
  world.repository = world.root / "repository";
  world.state = world.root / "state";
  world.config = world.root / "baton.toml";
  std::error_code error;
  fs::create_directories(world.repository, error);
  fs::create_directories(world.state, error);
  if (error) return fail(Errc::kIo, fmt::format("cannot make {}: {}", world.root.string(), error.message()));
  if (auto filled = fill(world); !filled) {
    return fail(filled.error().code, fmt::format("{} (see {})", filled.error().what, world.root.string()));
  }
  return world;
}

}  // namespace baton::cli
