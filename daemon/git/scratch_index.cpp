#include "git/scratch_index.hpp"

#include <atomic>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace baton::git {

namespace fs = std::filesystem;

Result<ScratchIndex> ScratchIndex::of(const Checkout& checkout) {
  static std::atomic<unsigned> counter = 0;
  ScratchIndex scratch(checkout.git_dir /
                       ("baton-index." + std::to_string(::getpid()) + "." + std::to_string(++counter)));
  const fs::path index = checkout.git_dir / "index";
  std::error_code error;
  fs::remove(scratch.path_, error);  // of a killed daemon with our pid
  fs::create_hard_link(index, scratch.path_, error);
  if (error) fs::copy_file(index, scratch.path_, error);       // a file system without links
  if (error && error != std::errc::no_such_file_or_directory)  // no index yet: git makes one
    return fail(Errc::kIo, "cannot copy " + index.string() + ": " + error.message());
  return scratch;
}

ScratchIndex::ScratchIndex(ScratchIndex&& other) noexcept : path_(std::exchange(other.path_, {})) {}

ScratchIndex::~ScratchIndex() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove(path_, ignored);
}

}  // namespace baton::git
