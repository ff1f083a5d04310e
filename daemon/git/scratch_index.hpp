// A second name for a checkout's index, in which untracked files can be noted without the checkout's owner seeing it.
//
// A hard link is enough: git never writes an index in place, it puts a new file over the old name.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "git/types.hpp"

namespace baton::git {

class ScratchIndex {
 public:
  static Result<ScratchIndex> of(const Checkout& checkout);
  ScratchIndex(ScratchIndex&& other) noexcept;
  ScratchIndex& operator=(ScratchIndex&&) = delete;
  ~ScratchIndex();  // removes the name

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchIndex(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace baton::git
