// Which memory a library asks for while it is looked at: malloc and its like are this program's own, and remember who
// called them.
#pragma once

#include <cstddef>
#include <filesystem>

namespace baton::plugin_check {

// Remembers from now on, in this thread. One at a time.
class AllocationWatch {
 public:
  AllocationWatch();
  ~AllocationWatch();
  AllocationWatch(const AllocationWatch&) = delete;
  AllocationWatch& operator=(const AllocationWatch&) = delete;

  void stop();
  // After stop(): how often `library`, which is loaded, asked for memory, or somebody on its behalf. Always 0
  // with a sanitizer, which has its own malloc.
  std::size_t calls_from(const std::filesystem::path& library) const;
  // There were more calls, of whomever, than are remembered (1,024).
  bool is_full() const;
};

}  // namespace baton::plugin_check
