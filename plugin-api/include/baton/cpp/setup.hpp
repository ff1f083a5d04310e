// Builds the baton.setup/1 table for a class that has
//
//   void setup(baton_setup_info& out) const;   // sets what it knows; lists must live as long as the instance
//
// entry.hpp looks for it: a plugin that has it lists BATON_EXT_SETUP in `offers` and needs to do nothing more.
#pragma once

#include "../entry.h"
#include "../ext/setup.h"
#include "guard.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace baton::plugin {

template <class Plugin>
concept GivesSetup = requires(const Plugin& plugin, baton_setup_info& out) {
  plugin.setup(out);
  plugin.host();
};

template <GivesSetup Plugin>
class Setup {
 public:
  static const baton_setup* table() noexcept {
    static constexpr baton_setup kTable = make();
    return &kTable;
  }

 private:
  static constexpr baton_setup make() noexcept {
    baton_setup table{};
    table.size = sizeof(table);
    table.info = &info_call;
    return table;
  }

  // The host's struct may be shorter or longer than ours: what both know is filled.
  static baton_status info_call(baton_plugin* plugin, baton_setup_info* out) noexcept {
    const auto& self = *reinterpret_cast<const Plugin*>(plugin);
    return guarded(self.host().raw(), [&] {
      const auto room = std::min<std::size_t>(out->size, sizeof(baton_setup_info));
      const auto size = out->size;
      baton_setup_info info{};
      std::memcpy(&info, out, room);
      self.setup(info);
      info.size = size;
      std::memcpy(out, &info, room);
      return BATON_OK;
    });
  }
};

}  // namespace baton::plugin
