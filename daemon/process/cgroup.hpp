// One control group (v2): a directory whose files are its state and its commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::process {

class Cgroup {
 public:
  explicit Cgroup(std::string directory) : directory_(std::move(directory)) {}

  const std::string& directory() const { return directory_; }
  Cgroup below(std::string_view name) const { return Cgroup(directory_ + "/" + std::string(name)); }

  bool is_there() const;  // and is one
  bool make() const;      // true also when it was there
  // With all that are below it; false when a process lives in one of them.
  bool remove() const;

  bool is_populated() const;      // a process lives in it, or below
  bool kill() const;              // SIGKILL to each of those, also to what is being forked right now (Linux 5.14)
  std::vector<int> pids() const;  // of those
  std::vector<std::string> children() const;  // names

  // False with errno, as a write to the file of that name.
  bool write(std::string_view file, std::string_view text) const;
  std::string read(std::string_view file) const;
  std::optional<std::int64_t> number(std::string_view file) const;  // nothing: no such file, or "max"
  // The number behind `key` in a file of lines "key number".
  std::optional<std::int64_t> entry(std::string_view file, std::string_view key) const;

 private:
  std::string directory_;
};

}  // namespace baton::process
