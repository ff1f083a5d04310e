// One daemon per state directory: a file that is locked while it lives and names who holds it.
//
// The lock is flock(2) on `<state>/batond.lock`, so the kernel frees it however the daemon ends; the text in the file
// is only for the message. The directory itself is locked too, since anybody who cleans up may remove the file. Both
// are taken before anything in the directory is opened.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace baton::ops {

class InstanceLock {
 public:
  // kConflict names the holder's process id. kIo: the directory cannot be written.
  static Result<InstanceLock> take(const std::filesystem::path& state);

  // The file that is locked.
  static std::filesystem::path file_in(const std::filesystem::path& state) { return state / "batond.lock"; }

  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&&) = delete;
  ~InstanceLock();

 private:
  InstanceLock(int descriptor, int directory) : descriptor_(descriptor), directory_(directory) {}
  int descriptor_;
  int directory_;
};

}  // namespace baton::ops
