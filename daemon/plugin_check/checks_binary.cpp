// Group binary: the file, and what happens when it is loaded.
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <dlfcn.h>
#include <sys/statvfs.h>

#include <fmt/format.h>

#include "baton/ext/runtime.h"
#include "plugin_check/allocation_watch.hpp"
#include "plugin_check/check.hpp"
#include "plugin_check/elf_file.hpp"
#include "plugin_check/snapshot.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::size_t kNamed = 8;  // of a longer list, in a reason

std::string some_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t index = 0; index < std::min(names.size(), kNamed); ++index)
    text += (index == 0 ? "" : ", ") + names[index];
  if (names.size() > kNamed) text += fmt::format(" and {} more", names.size() - kNamed);
  return text;
}

Finding exports_only_entry(const Subject& subject) {
  const auto file = read_elf(subject.file);
  if (!file) return fault(file.error().what);
  auto others = file->exports;
  if (std::erase(others, BATON_ENTRY_SYMBOL) == 0) return fault("it does not export " BATON_ENTRY_SYMBOL);
  if (!others.empty()) return fault("it also exports " + some_of(others) + ": others may bind to it by accident");
  return pass();
}

// $ORIGIN is the plugin's own directory, which nobody else may write.
bool is_safe_place(const std::string& directory) {
  return directory.starts_with('/') || directory.starts_with("$ORIGIN") || directory.starts_with("${ORIGIN}");
}

Finding needed_libraries(const Subject& subject) {
  const auto file = read_elf(subject.file);
  if (!file) return skip(file.error().what);
  for (const auto& name : file->needed) {
    if (name.find('/') != std::string::npos)
      return fault(fmt::format("it needs \"{}\", a path that another machine does not have", name));
  }
  for (const auto& directory : file->search) {
    if (!is_safe_place(directory))
      return fault(fmt::format("its RUNPATH has \"{}\", which depends on the daemon's working directory", directory));
  }
  if (::dlopen(subject.file.c_str(), RTLD_LAZY | RTLD_LOCAL) != nullptr) return pass();
  const char* told = ::dlerror();
  const std::string why = told != nullptr ? told : "";
  if (why.find("cannot open shared object file") != std::string::npos) return fault(why);
  return pass();  // what else is wrong, load-twice tells
}

Finding bind_now(const Subject& subject) {
  const auto file = read_elf(subject.file);
  if (!file) return skip(file.error().what);
  if (!file->bind_now) return fault("it binds its symbols when they are first used; link it with -Wl,-z,now");
  if (file->text_relocations) return fault("its code is changed when it is loaded; compile it with -fPIC");
  if (file->executable_stack) return fault("it wants an executable stack; link it with -Wl,-z,noexecstack");
  if (!file->read_only_after_binding) return warn("its tables stay writable; link it with -Wl,-z,relro");
  return pass();
}

Finding no_static_work(const Subject& subject) {
  const auto before = take_snapshot();
  AllocationWatch memory;
  const auto entry = whole_entry(subject);
  if (entry && (*entry)->extension != nullptr) (void)(*entry)->extension(BATON_EXT_RUNTIME);
  memory.stop();
  if (!entry) return entry.error();
  const auto after = take_snapshot();
  std::vector<std::string> found;
  for (auto&& more : {new_threads(before, after), new_descriptors(before, after), new_children(before, after),
                      changed_state(before, after)})
    found.insert(found.end(), more.begin(), more.end());
  if (const auto calls = memory.calls_from(subject.file); calls > 0)
    found.push_back(fmt::format("memory was asked for {}{} times", memory.is_full() ? "at least " : "", calls));
  if (!found.empty()) return fault("loading it has effects: " + joined(found));
  if (memory.is_full())
    return warn("the libraries that it needs ask for memory so often that its own calls may be missed");
  return pass();
}

// A mount on which no library can be loaded.
bool runs_nothing(const std::filesystem::path& directory) {
  struct statvfs info {};
  return ::statvfs(directory.c_str(), &info) == 0 && (info.f_flag & ST_NOEXEC) != 0;
}

Finding load_twice(const Subject& subject) {
  const auto first = entry_function(subject);
  if (!first) return fault(first.error().reason);
  const auto again = entry_function(subject);
  if (!again || *again != *first) return fault("loaded a second time, it is another library");
  Subject copy = subject;
  if (runs_nothing(subject.scratch))
    return skip("nothing can be loaded from the temporary directory (noexec): set TMPDIR");
  copy.file = subject.scratch / "copy.so";
  std::error_code error;
  if (!std::filesystem::copy_file(subject.file, copy.file, error)) return skip("it cannot be copied");
  const auto other = raw_entry(copy);
  if (!other) return fault("a copy of it cannot be used beside it: " + other.error().reason);
  const auto file = read_elf(subject.file);
  if (file && file->static_tls)
    return warn("it uses static thread-local storage, of which a process has little: avoid -ftls-model=initial-exec");
  return pass();
}

constexpr std::array kChecks{
    Check{"exports-only-entry", "binary", "The only symbol that it exports is " BATON_ENTRY_SYMBOL, exports_only_entry},
    Check{"needed-libraries", "binary", "What it needs is there, by name, wherever the daemon runs", needed_libraries},
    Check{"bind-now", "binary", "Its symbols are bound when it is loaded, its code is not writable", bind_now},
    Check{"no-static-work", "binary", "Before create it takes no memory, threads, descriptors, and changes nothing",
          no_static_work},
    Check{"load-twice", "binary", "It can be loaded, twice, and beside a copy of itself", load_twice},
};

}  // namespace

std::span<const Check> binary_checks() { return kChecks; }

}  // namespace baton::plugin_check
