// Opens what lies beneath a directory, whatever a path says and wherever links lead.
//
// openat2(RESOLVE_BENEATH) lets the kernel do it, in one step that nobody can race: "..", absolute paths and links may
// be used as long as they stay beneath. A kernel or a container without that call gets a walk that follows no links at
// all.
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.hpp"
#include "process/descriptor.hpp"

namespace baton::tools {

using process::Descriptor;

class Within {
 public:
  // `root` is an absolute path of a directory. kNotFound, kIo.
  static Result<Within> open(const std::string& root);

  // As open(2) with `flags` and O_CLOEXEC. `path` is relative, or absolute and begins with the root; "" and "." are the
  // root. kDenied: it leads outside; kNotFound; kInvalid: longer than 4 KiB, or with a zero byte; kIo.
  Result<Descriptor> open_file(std::string_view path, int flags, mode_t mode = 0) const;

  struct Place {
    Descriptor directory;
    std::string name;
  };
  // Where a file is to be made: its directory, made when it is not there, and its last name. kDenied also for "..", for
  // a directory that is a link, and for what has ".git" in it: that is git's, and no link leads there.
  Result<Place> place_for(std::string_view path) const;

 private:
  Within(Descriptor root, std::string path) : root_(std::move(root)), path_(std::move(path)) {}
  Result<std::string> inside(std::string_view path) const;

  Descriptor root_;
  std::string path_;
};

// The walk without openat2, for a relative path. Errors in errno.
Descriptor open_step_by_step(int root, std::string_view path, int flags, mode_t mode);

}  // namespace baton::tools
