// A file that appears under its name when it is whole and on the disk, or not at all.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace baton::store {

class NewFile {
 public:
  // Makes an empty file beside `target`, for its owner's eyes only, under a name that nobody has.
  static Result<NewFile> beside(const std::filesystem::path& target);
  // Removes it unless it was published, with the files that SQLite makes beside it.
  ~NewFile();
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Flushes it and gives it the name of the target. kConflict "file_exists" when there is one by now.
  Result<Unit> publish();
  // The same in the place of what is there.
  Result<Unit> replace();

 private:
  NewFile(std::filesystem::path target, std::filesystem::path path);
  Result<Unit> finish();

  std::filesystem::path target_;
  std::filesystem::path path_;  // empty: published
};

// Gives a file another name in the same folder, if nobody has that name: kConflict "file_exists".
Result<Unit> rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);

// Makes names that were given or taken in the folder of `file` survive a power cut.
Result<Unit> flush_folder_of(const std::filesystem::path& file);

// What a failed call left in errno: a full disk is kNoSpace, all else kIo.
Error file_error(std::string_view doing, const std::filesystem::path& file, int number);

}  // namespace baton::store
