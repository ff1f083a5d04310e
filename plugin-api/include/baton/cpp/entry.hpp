// Writes the one exported function for a class:
//
//   constexpr const char* kNeeds[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, nullptr};
//   constexpr baton_descriptor kDescriptor{...};
//   BATON_PLUGIN(Echo, kDescriptor)
//
// The tables that it gives follow from what the class has: it is a Runtime (runtime.hpp), it has setup() (setup.hpp).
// A class that gives others too has
//
//   static const void* extension(std::string_view id) noexcept;   // nullptr for what it does not know
#pragma once

#include "../entry.h"
#include "runtime.hpp"
#include "setup.hpp"

#include <concepts>
#include <memory>
#include <string_view>

namespace baton::plugin {

template <class Plugin>
concept GivesRuntime = requires {
  { Plugin::table() } -> std::same_as<const baton_runtime*>;
};
template <class Plugin>
concept GivesOthers = requires(std::string_view id) {
  { Plugin::extension(id) }
  noexcept->std::same_as<const void*>;
};

template <class Plugin>
class Entry {
 public:
  static constexpr baton_entry make(const baton_descriptor* descriptor) noexcept {
    baton_entry entry{};
    entry.magic = BATON_ENTRY_MAGIC;
    entry.size = sizeof(entry);
    entry.abi_major = BATON_ABI_MAJOR;
    entry.abi_minor_built = BATON_ABI_MINOR_LATEST;
    entry.abi_minor_needed = BATON_ABI_MINOR;
    entry.descriptor = descriptor;
    entry.create = &create;
    entry.quiesce = &quiesce;
    entry.destroy = &destroy;
    entry.extension = &extension;
    return entry;
  }

 private:
  static baton_status create(const baton_host* host, const baton_create_args* args, baton_plugin** out) noexcept {
    return guarded(host, [&] {
      *out = reinterpret_cast<baton_plugin*>(std::make_unique<Plugin>(Host(host), *args).release());
      return BATON_OK;
    });
  }
  static void quiesce(baton_plugin* plugin, baton_op done) noexcept {
    auto& self = *reinterpret_cast<Plugin*>(plugin);
    const baton_host* host = self.host().raw();
    const baton_status status = guarded(host, [&] {
      if constexpr (requires { self.quiesce(); }) self.quiesce();
      return BATON_OK;
    });
    host->op_complete(host, done, status);
  }
  static void destroy(baton_plugin* plugin) noexcept { delete reinterpret_cast<Plugin*>(plugin); }

  static const void* extension(const char* id) noexcept {
    if (id == nullptr) return nullptr;
    const std::string_view wanted(id);
    if constexpr (GivesRuntime<Plugin>) {
      if (wanted == BATON_EXT_RUNTIME) return Plugin::table();
    }
    if constexpr (GivesSetup<Plugin>) {
      if (wanted == BATON_EXT_SETUP) return Setup<Plugin>::table();
    }
    if constexpr (GivesOthers<Plugin>) return Plugin::extension(wanted);
    return nullptr;
  }
};

}  // namespace baton::plugin

#define BATON_PLUGIN(Class, descriptor)                                                       \
  extern "C" BATON_EXPORT const baton_entry* baton_plugin_entry_v1(void) noexcept {           \
    static constexpr baton_entry kEntry = ::baton::plugin::Entry<Class>::make(&(descriptor)); \
    return &kEntry;                                                                           \
  }
