// What the file of a shared library says about how it is to be loaded. Read from the file itself, without loading it.
//
// Every offset and size in it is checked: a damaged file is an error, never a crash.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace baton::plugin_check {

struct ElfFile {
  std::vector<std::string> exports;  // defined symbols that others can bind to, by name
  std::vector<std::string> needed;   // DT_NEEDED
  std::vector<std::string> search;   // the directories of DT_RPATH and DT_RUNPATH, as they stand there
  bool bind_now = false;
  bool text_relocations = false;
  bool executable_stack = false;
  bool read_only_after_binding = false;  // RELRO
  bool static_tls = false;
};

// kInvalid: not a 64-bit shared library of this byte order, or damaged. kTooLarge: more than 1 GiB.
Result<ElfFile> read_elf(const std::filesystem::path& file);

}  // namespace baton::plugin_check
