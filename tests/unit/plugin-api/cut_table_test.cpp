// Tables of an older host are shorter. Each lies right before a page that cannot be read, so that a plugin that does
// not look at the size first dies here.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "baton/cpp/approval.hpp"
#include "baton/cpp/process.hpp"
#include "baton/cpp/run.hpp"
#include "baton/cpp/secret.hpp"
#include "baton/cpp/store.hpp"
#include "baton/cpp/timer.hpp"
#include "baton/cpp/tools.hpp"
#include "baton/cpp/wakeup.hpp"
#include "baton/cpp/watch.hpp"
#include "baton/entry.h"
#include "tests/unit/plugin-api/noting_host.hpp"

namespace baton::plugin {
namespace {

// The first `size` bytes of a table, with nothing readable behind them.
class CutTable {
 public:
  CutTable(const void* table, std::uint32_t size) : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    void* mapped = ::mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    begin_ = static_cast<char*>(mapped);
    ::mprotect(begin_ + page_, page_, PROT_NONE);
    table_ = begin_ + page_ - size;
    std::memcpy(table_, table, size);
    std::memcpy(table_, &size, sizeof(size));  // `size` comes first
  }
  CutTable(const CutTable&) = delete;
  ~CutTable() { ::munmap(begin_, 2 * page_); }
  const void* table() const { return table_; }

 private:
  std::size_t page_;
  char* begin_ = nullptr;
  char* table_ = nullptr;
};

// A host whose table `id` is cut to `size`.
struct CutHost : NotingHost {
  std::string id;
  std::unique_ptr<CutTable> cut;

  // A table that NotingHost has not is one of zeros: nobody calls it here.
  CutHost(std::string_view which, std::uint32_t size) : id(which) {
    static constexpr std::array<char, 256> kEmpty{};
    const void* whole = table.extension(&table, id.c_str());
    cut = std::make_unique<CutTable>(whole != nullptr ? whole : kEmpty.data(), size);
    table.extension = [](const baton_host* host, const char* wanted) noexcept -> const void* {
      auto& self = static_cast<CutHost&>(of(host));
      if (wanted == self.id) return self.cut->table();
      if (std::string_view(wanted) == BATON_EXT_RUN) return &self.run;
      if (std::string_view(wanted) == BATON_EXT_PROCESS) return &self.process;
      if (std::string_view(wanted) == BATON_EXT_TIMER) return &self.timer;
      return nullptr;
    };
    table.impl = static_cast<NotingHost*>(this);
  }
};

template <class Service>
void is_wanted_whole() {
  for (std::uint32_t size = 8; size <= Service::kSize; size += 8) {
    const CutHost host(Service::kId, size);
    const auto service = Host(&host.table).want<Service>();
    EXPECT_EQ(service.has_value(), size == Service::kSize) << Service::kId << " of " << size << " bytes";
  }
}

TEST(CutTables, AreNoService) {
  is_wanted_whole<Runs>();
  is_wanted_whole<Processes>();
  is_wanted_whole<Timers>();
  is_wanted_whole<Watches>();
  is_wanted_whole<Wakeups>();
  is_wanted_whole<Store>();
  is_wanted_whole<Secrets>();
  is_wanted_whole<Approvals>();
  is_wanted_whole<Tools>();
}

TEST(CutTables, AreRefusedWithAText) {
  const CutHost host(BATON_EXT_TIMER, 16);
  try {
    (void)Host(&host.table).need<Timers>();
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), BATON_E_UNSUPPORTED);
    EXPECT_STREQ(failure.what(), "the host does not offer baton.timer/1");
  }
}

std::vector<std::string> plugins() {
  std::vector<std::string> found;
  std::string_view rest = BATON_TEST_PLUGINS;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    found.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

bool lists(const char* const* ids, std::string_view id) {
  for (; ids != nullptr && *ids != nullptr; ++ids) {
    if (*ids == id) return true;
  }
  return false;
}

TEST(CutTables, AreNoticedByOurPlugins) {
  ASSERT_EQ(plugins().size(), 4u);
  for (const auto& path : plugins()) {
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    ASSERT_NE(library, nullptr) << ::dlerror();
    const auto* entry = reinterpret_cast<const baton_entry* (*)()>(::dlsym(library, BATON_ENTRY_SYMBOL))();
    for (const char* id : {BATON_EXT_RUN, BATON_EXT_PROCESS, BATON_EXT_TIMER}) {
      if (!lists(entry->descriptor->needs, id)) continue;
      const CutHost host(id, 8);
      baton_create_args args{};
      args.size = sizeof(args);
      args.config = str(R"({"argv": ["cat"]})");
      baton_plugin* instance = nullptr;
      EXPECT_EQ(entry->create(&host.table, &args, &instance), BATON_E_UNSUPPORTED) << path << " without " << id;
      EXPECT_EQ(instance, nullptr);
      EXPECT_NE(host.failure, "") << path;
    }
  }
}

}  // namespace
}  // namespace baton::plugin
