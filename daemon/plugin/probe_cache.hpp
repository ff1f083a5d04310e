// What probes found, kept over restarts, so that a library that has not changed is not looked at again.
//
// An entry holds for one file as it was: device, inode, size, and both times to the nanosecond; the whole file for one
// version of the daemon and one probe program. Kept are manifests, and refusals that only the file itself can change.
// What depends on the machine is asked again each time: a crash, a time-out, a library that could not be loaded.
//
// It saves time and decides nothing: what it says is checked again when the library is loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/manifest.hpp"
#include "plugin/refusal.hpp"

namespace baton::plugin {

// A file as it is now; another file of that name, or the same one after a change, is not equal.
struct FileStamp {
  std::uint64_t device = 0, inode = 0;
  std::int64_t size = 0, modified_ns = 0, changed_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

std::optional<FileStamp> stamp_of(const std::filesystem::path& file);

class ProbeCache {
 public:
  // `version` names everything but the library that an answer depends on.
  explicit ProbeCache(std::string version) : version_(std::move(version)) {}

  // Reads `file`, once. One of another version, or that cannot be understood, is as good as none; the log says which.
  void read(const std::filesystem::path& file);
  // Writes what find() and keep() touched, when that is not what was read. Blocks for a small write.
  void write(const std::filesystem::path& file);

  // Nothing: it must be probed.
  std::optional<Accepted<Manifest>> find(const std::filesystem::path& library, const FileStamp& stamp);
  // Does nothing with an answer that is not to be kept.
  void keep(const std::filesystem::path& library, const FileStamp& stamp, const Accepted<Manifest>& answer);

 private:
  struct Entry {
    FileStamp stamp;
    std::string answer;  // JSON, as the probe gave it
    bool used = false;
  };
  void read_entries(std::string_view text);

  std::string version_;
  std::map<std::string, Entry> entries_;
  bool changed_ = false;
};

}  // namespace baton::plugin
