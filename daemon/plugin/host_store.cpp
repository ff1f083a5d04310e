#include "plugin/host_store.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {

void HostStore::load(const std::filesystem::path& file) {
  if (file.empty()) return;
  auto loaded = load_store(file);
  content_ = std::move(loaded.content);
  bytes_ = bytes_in(content_);
  if (!loaded.writable) return;
  const auto open_cell = [this] { return instance_.open_cell("store of " + instance_.name(), ""); };
  writer_.emplace(StoreWriter::Place{instance_.loop(), instance_.around().ledger, file, open_cell},
                  [this] { return to_store_file(content_); });
}

reactor::Task<> HostStore::flush() {
  if (writer_) co_await writer_->flush();
}

baton_status HostStore::invalid(const char* why) {
  ++instance_.gate().counters().broken_struct;
  return instance_.gate().explain(BATON_E_INVALID, why);
}

void HostStore::changed() {
  if (writer_) writer_->changed();
}

baton_status HostStore::get(baton_str key, baton_str* out) {
  if (out == nullptr || !readable(key) || !is_store_key(view(key))) return invalid("store: the key cannot be one");
  const auto found = content_.find(view(key));
  if (found == content_.end()) return instance_.gate().explain(BATON_E_NOT_FOUND, "store: no such key");
  *out = str(found->second);
  return BATON_OK;
}

baton_status HostStore::put(baton_str key, baton_str value) {
  auto& gate = instance_.gate();
  if (!readable(key) || !readable(value)) return invalid("store: a text has no data");
  const std::string_view name = view(key), bytes = view(value);
  if (name.size() > kStoreKey) return gate.explain(BATON_E_LIMIT, "store: a key has 128 bytes at most");
  if (!is_store_key(name)) return invalid("store: a key is UTF-8 and not empty");
  if (bytes.size() > kStoreValue) return gate.explain(BATON_E_LIMIT, "store: a value has 64 KiB at most");
  const auto found = content_.find(name);
  const bool is_new = found == content_.end();
  if (!is_new && found->second == bytes) return BATON_OK;
  const std::size_t freed = is_new ? 0 : name.size() + found->second.size();
  const std::size_t used = bytes_ - freed + name.size() + bytes.size();
  if (used > kStoreBytes) return gate.explain(BATON_E_LIMIT, "store: more than 1 MiB together");
  if (is_new && content_.size() >= kStoreKeys) return gate.explain(BATON_E_LIMIT, "store: more than 256 keys");
  content_.insert_or_assign(std::string(name), std::string(bytes));
  bytes_ = used;
  changed();
  return BATON_OK;
}

baton_status HostStore::erase(baton_str key) {
  if (!readable(key) || !is_store_key(view(key))) return invalid("store: the key cannot be one");
  const auto found = content_.find(view(key));
  if (found == content_.end()) return instance_.gate().explain(BATON_E_NOT_FOUND, "store: no such key");
  bytes_ -= found->first.size() + found->second.size();
  content_.erase(found);
  changed();
  return BATON_OK;
}

const baton_host_store kHostStore{.size = sizeof(baton_host_store),
                                  .reserved = 0,
                                  .get =
                                      [](const baton_host* host, baton_str key, baton_str* out) noexcept {
                                        auto* instance = Instance::usable(host);
                                        return instance == nullptr ? BATON_E_STATE : instance->store().get(key, out);
                                      },
                                  .put =
                                      [](const baton_host* host, baton_str key, baton_str value) noexcept {
                                        auto* instance = Instance::usable(host);
                                        return instance == nullptr ? BATON_E_STATE : instance->store().put(key, value);
                                      },
                                  .erase =
                                      [](const baton_host* host, baton_str key) noexcept {
                                        auto* instance = Instance::usable(host);
                                        return instance == nullptr ? BATON_E_STATE : instance->store().erase(key);
                                      }};

}  // namespace baton::plugin
