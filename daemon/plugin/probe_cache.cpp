#include "plugin/probe_cache.hpp"

#include <utility>

#include <sys/stat.h>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/state_file.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kFile = 4 * 1024 * 1024;  // more than the manifests of a hundred plugins with large schemas

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

// Whether only another file would answer otherwise.
bool lasts(const Accepted<Manifest>& answer) {
  if (answer) return true;
  const auto code = answer.error().code;
  return code == RefusalCode::kBadMagic || code == RefusalCode::kMajor || code == RefusalCode::kMinor ||
         code == RefusalCode::kBadDescriptor;
}

std::optional<FileStamp> stamp_from(json::Value entry) {
  const auto device = json::integer(entry, "device"), inode = json::integer(entry, "inode");
  const auto size = json::integer(entry, "size"), modified = json::integer(entry, "modifiedNs"),
             changed = json::integer(entry, "changedNs");
  if (!device || !inode || !size || !modified || !changed) return std::nullopt;
  return FileStamp{static_cast<std::uint64_t>(*device), static_cast<std::uint64_t>(*inode), *size, *modified, *changed};
}

}  // namespace

std::optional<FileStamp> stamp_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return FileStamp{info.st_dev, info.st_ino, info.st_size, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
}

void ProbeCache::read(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  changed_ = true;  // until it is understood, it is to be replaced
  const auto text = read_state_file(file, kFile);
  if (!text) return log::warn("plugins: {} cannot be read; every library is probed", file.native());
  read_entries(*text);
  if (changed_) log::info("plugins: {} is not of this version; every library is probed", file.native());
}

void ProbeCache::read_entries(std::string_view text) {
  const auto document = json::Document::parse(text);
  if (!document || json::text(document->root(), "version") != version_) return;
  const auto list = json::member(document->root(), "libraries");
  if (!list || !list->is_array()) return;
  std::map<std::string, Entry> entries;
  for (const json::Value entry : simdjson::dom::array(*list)) {
    const auto path = json::text(entry, "path");
    const auto stamp = stamp_from(entry);
    const auto answer = json::member(entry, "answer");
    if (!path || !stamp || !answer) return;
    entries[std::string(*path)] = {*stamp, simdjson::to_string(*answer), false};
  }
  entries_ = std::move(entries);
  changed_ = false;
}

std::optional<Accepted<Manifest>> ProbeCache::find(const std::filesystem::path& library, const FileStamp& stamp) {
  const auto found = entries_.find(library.native());
  if (found == entries_.end() || found->second.stamp != stamp) return std::nullopt;
  auto answer = from_json(found->second.answer);
  if (!lasts(answer)) return std::nullopt;  // somebody wrote it by hand
  found->second.used = true;
  return answer;
}

void ProbeCache::keep(const std::filesystem::path& library, const FileStamp& stamp, const Accepted<Manifest>& answer) {
  if (!lasts(answer) || !text::is_utf8(library.native())) return;  // JSON holds no other name
  entries_[library.native()] = {stamp, to_json(answer), true};
  changed_ = true;
}

void ProbeCache::write(const std::filesystem::path& file) {
  changed_ |= std::erase_if(entries_, [](const auto& entry) { return !entry.second.used; }) > 0;
  if (!std::exchange(changed_, false)) return;
  std::string text;
  json::Writer json(text);
  json.object().field("version", version_).key("libraries").array();
  for (const auto& [path, entry] : entries_) {
    const auto& stamp = entry.stamp;
    json.object().field("path", path).field("device", stamp.device).field("inode", stamp.inode);
    json.field("size", stamp.size).field("modifiedNs", stamp.modified_ns).field("changedNs", stamp.changed_ns);
    json.raw_field("answer", entry.answer).end();
  }
  json.end().end();
  if (const auto written = replace_state_file(file, text, Keep::kLoosely); !written)
    log::warn("plugins: {}", written.error().what);
}

}  // namespace baton::plugin
