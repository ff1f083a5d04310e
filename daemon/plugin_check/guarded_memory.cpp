#include "plugin_check/guarded_memory.hpp"

#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "base/bug.hpp"

namespace baton::plugin_check {

GuardedMemory::GuardedMemory(std::string_view bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto used = (bytes.size() + page - 1) / page * page;
  size_ = used + page;
  void* made = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(made != MAP_FAILED, "no memory for a guarded table");
  pages_ = static_cast<std::byte*>(made);
  require(::mprotect(pages_ + used, page, PROT_NONE) == 0, "no guard page");
  data_ = pages_ + used - bytes.size();
  std::memcpy(data_, bytes.data(), bytes.size());
}

GuardedMemory::~GuardedMemory() { ::munmap(pages_, size_); }

}  // namespace baton::plugin_check
