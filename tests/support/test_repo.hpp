// A git repository in a temporary directory, made by the git command itself and independent of who runs the tests.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/wait.h>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::test {

// What `script` writes to stdout, run by sh in `directory`. A failure is a bug of the test.
inline std::string shell(const std::filesystem::path& directory, const std::string& script) {
  const std::string line = "cd " + text::shell_quoted(directory.string()) +
                           " && export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=user "
                           "GIT_AUTHOR_EMAIL=user@example.org"
                           " GIT_COMMITTER_NAME=user GIT_COMMITTER_EMAIL=user@example.org\n" +
                           script;
  std::FILE* pipe = ::popen(line.c_str(), "r");
  require(pipe != nullptr, "cannot start a shell");
  std::string out;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, count);
  const int status = ::pclose(pipe);
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0, script.c_str());
  return out;
}

class TestRepo {
 public:
  // With one commit, of a file README.
  explicit TestRepo(std::string_view name = "repo") : path_(dir_ / name) {
    write_file(path_ / "README", "hello\n");
    run("git init -q -b main . && git add . && git commit -q -m first");
  }

  std::string run(const std::string& script) const { return shell(path_, script); }
  // One line of output without its end.
  std::string line(const std::string& script) const { return std::string(text::trimmed(run(script))); }

  // Writes and commits a file; the new commit's id.
  std::string commit(std::string_view file, std::string_view content) const {
    write_file(path_ / file, content);
    return line("git add -A -f . && git commit -q --no-verify --no-gpg-sign -m change && git rev-parse HEAD");
  }
  std::string head() const { return line("git rev-parse HEAD"); }
  bool has_ref(const std::string& ref) const {
    return line("git rev-parse -q --verify " + text::shell_quoted(ref) + " || echo no") != "no";
  }

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& around() const { return dir_.path(); }  // the directory that holds it

 private:
  TempDir dir_;
  std::filesystem::path path_;
};

}  // namespace baton::test
