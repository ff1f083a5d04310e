// The memory that a connection needs while a request comes in: lent by the server, so that an idle connection has none.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "http/input_buffer.hpp"
#include "http/request_parser.hpp"

namespace baton::http {

class Workbench : public InputBuffer<limits::kRequestHead> {
 public:
  RequestParser parser;

  void clear() {
    InputBuffer::clear();
    parser.reset();
  }
};

class WorkbenchPool {
 public:
  std::unique_ptr<Workbench> take() {
    if (spare_.empty()) return std::make_unique<Workbench>();
    auto bench = std::move(spare_.back());
    spare_.pop_back();
    return bench;
  }
  void give_back(std::unique_ptr<Workbench> bench) {
    if (spare_.size() == kSpare) return;
    bench->clear();
    spare_.push_back(std::move(bench));
  }

 private:
  static constexpr std::size_t kSpare = 64;  // 1 MiB; more concurrent requests than that allocate
  std::vector<std::unique_ptr<Workbench>> spare_;
};

}  // namespace baton::http
