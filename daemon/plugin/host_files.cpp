#include "plugin/host_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "plugin/abi_values.hpp"
#include "plugin/beneath.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kFile = 1024 * 1024;
constexpr mode_t kPrivate = 0600;

// The directory and the name of "~/a/b". Links are followed: the user's own files may be links.
Result<std::filesystem::path> user_file_path(std::string_view name) {
  const char* home = std::getenv("HOME");
  if (!name.starts_with("~/") || home == nullptr || *home != '/') return fail(Errc::kNotFound, "no home directory");
  std::error_code error;
  auto real = std::filesystem::canonical(std::filesystem::path(home) / name.substr(2), error);
  if (error) return fail(Errc::kNotFound, std::string(name) + ": " + error.message());
  return real;
}

Result<std::string> copy(const std::string& user_file, const std::string& root, const std::string& path,
                         bool only_newer) {
  const auto real = user_file_path(user_file);
  if (!real) return fail(real.error());
  const std::string from = real->parent_path().native(), name = real->filename().native();
  const auto original = written_at(from, name), copied = written_at(root, path);
  if (only_newer && original && copied && *copied >= *original) return std::string();
  auto bytes = read_beneath(from, name, kFile);
  if (!bytes) return bytes;
  if (auto written = write_beneath(root, path, *bytes, kPrivate); !written) return fail(written);
  return std::string();
}

}  // namespace

struct HostFiles::Record {
  baton_run owner;
  baton_file_done done;
  void* user;
  Work work;
  std::uint64_t handle = 0;
  bool closed = false;
};

baton_status HostFiles::directory_for(const Caller& caller, baton_str path, std::string& root) {
  if (caller.done == nullptr || caller.out == nullptr)
    return instance_.gate().refuse(BATON_E_INVALID, "files: no callback");
  if (!readable(path) || !is_path_beneath(view(path)))
    return instance_.gate().refuse(BATON_E_INVALID, "files: not a relative path beneath the directory");
  if (caller.run.id == 0) {
    root = instance_.data_dir();
    return BATON_OK;
  }
  if (!instance_.runs().is_alive(caller.run)) return instance_.gate().refuse(BATON_E_STALE, "files: the run has ended");
  root = instance_.runs().home_of(caller.run);
  return root.empty() ? instance_.gate().refuse(BATON_E_STATE, "files: the run has no home_dir") : BATON_OK;
}

baton_status HostFiles::begin(const Caller& caller, Work work) {
  if (records_.size() + closing_.count() >= kAtOnce)
    return instance_.gate().refuse(BATON_E_LIMIT,
                                   "64 file operations of this instance are open, or were closed in this turn");
  auto record = std::make_shared<Record>(Record{caller.run, caller.done, caller.user, std::move(work)});
  record->handle = records_.insert(record);
  *caller.out = {record->handle};
  instance_.loop().post([record, this] {
    if (record->closed) return;  // then `this` may be gone
    const auto bytes = record->work();
    records_.take(record->handle);
    const auto status = bytes ? BATON_OK : status_of(bytes.error().code);
    const std::string_view content = bytes ? std::string_view(*bytes) : std::string_view();
    instance_.gate().enter("on_file", [&] { record->done(record->user, {record->handle}, status, str(content)); });
  });
  return BATON_OK;
}

baton_status HostFiles::read(const Caller& caller, baton_str path, std::uint64_t max) {
  std::string root;
  if (const auto status = directory_for(caller, path, root); status != BATON_OK) return status;
  if (max > kFile) return instance_.gate().refuse(BATON_E_LIMIT, "files: at most 1 MiB is read");
  const std::size_t limit = max == 0 ? kFile : static_cast<std::size_t>(max);
  return begin(caller, [root, name = std::string(view(path)), limit] { return read_beneath(root, name, limit); });
}

baton_status HostFiles::write(const Caller& caller, baton_str path, baton_str bytes, std::uint32_t mode) {
  std::string root;
  if (const auto status = directory_for(caller, path, root); status != BATON_OK) return status;
  if (!readable(bytes) || mode > 0777) return instance_.gate().refuse(BATON_E_INVALID, "files: bad content or mode");
  if (bytes.size > kFile) return instance_.gate().refuse(BATON_E_LIMIT, "files: at most 1 MiB is written");
  const mode_t wanted = mode == 0 ? kPrivate : static_cast<mode_t>(mode);
  return begin(caller, [root, name = std::string(view(path)), content = std::string(view(bytes)), wanted] {
    return write_beneath(root, name, content, wanted).map([](Unit) { return std::string(); });
  });
}

baton_status HostFiles::copy_in(const Caller& caller, baton_str user_file, baton_str path, bool only_newer) {
  std::string root;
  if (const auto status = directory_for(caller, path, root); status != BATON_OK) return status;
  const auto among = [&](const std::vector<std::string>& files) {
    return readable(user_file) && std::ranges::find(files, view(user_file)) != files.end();
  };
  if (!among(instance_.manifest().user_files) || !among(instance_.settings().granted_user_files))
    return instance_.gate().refuse(BATON_E_DENIED, "files: this user file was not asked for, or not granted");
  return begin(caller, [from = std::string(view(user_file)), root, name = std::string(view(path)), only_newer] {
    return copy(from, root, name, only_newer);
  });
}

baton_status HostFiles::close(baton_file_op op) {
  const auto record = records_.take(op.id);
  if (!record) return BATON_E_STALE;
  (*record)->closed = true;
  (*record)->work = nullptr;  // up to 1 MiB, which nobody writes any more
  closing_.add((*record)->owner, *record);
  return BATON_OK;
}

void HostFiles::close_of(baton_run owner) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->owner.id == owner.id) close({handle});
  }
}

void HostFiles::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

const baton_host_files kHostFiles{
    .size = sizeof(baton_host_files),
    .reserved = 0,
    .read =
        [](const baton_host* host, baton_run run, baton_str path, uint64_t max, baton_file_done done, void* user,
           baton_file_op* out) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->files().read({run, done, user, out}, path, max);
        },
    .write =
        [](const baton_host* host, baton_run run, baton_str path, baton_str bytes, uint32_t mode, baton_file_done done,
           void* user, baton_file_op* out) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE
                                     : instance->files().write({run, done, user, out}, path, bytes, mode);
        },
    .copy_in =
        [](const baton_host* host, baton_run run, baton_str user_file, baton_str path, uint32_t only_newer,
           baton_file_done done, void* user, baton_file_op* out) noexcept {
          auto* instance = Instance::usable(host);
          if (instance == nullptr) return BATON_E_STATE;
          return instance->files().copy_in({run, done, user, out}, user_file, path, only_newer != 0);
        },
    .close =
        [](const baton_host* host, baton_file_op op) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->files().close(op);
        }};

}  // namespace baton::plugin
