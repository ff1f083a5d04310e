// The memory that a connection needs while a request comes in: lent by the server, so that an idle connection has none.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "http/request_parser.hpp"

namespace baton::http {

class Workbench {
 public:
  RequestParser parser;

  std::string_view input() const { return {bytes_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }

  // Room behind the input; moves the input to the front when there is none left. Empty when the input fills everything.
  std::pair<char*, std::size_t> room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == bytes_.size() && begin_ > 0) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes_.end(), bytes_.begin());
      end_ -= std::exchange(begin_, 0);
    }
    return {bytes_.data() + end_, bytes_.size() - end_};
  }
  void added(std::size_t count) { end_ += count; }
  bool full() const { return begin_ == 0 && end_ == bytes_.size(); }

  void clear() {
    begin_ = end_ = 0;
    parser.reset();
  }

 private:
  // A head must lie in one piece to be parsed, so this is as large as the largest head.
  std::array<char, limits::kRequestHead> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
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
