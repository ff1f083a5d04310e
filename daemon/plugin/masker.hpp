// Takes values that nobody may see out of texts that people see.
//
// A part of a value at either end of a text counts too, when it is long enough: texts are cut, and come in pieces.
// Not found: a value, or such a part, below kShortest bytes (it would be found in innocent words), and what is written
// differently (base64, another escape than JSON's).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/runtime.hpp"

namespace baton::plugin {

class Masker {
 public:
  static constexpr std::size_t kShortest = 8;
  static constexpr std::string_view kMask = "[secret]";

  void add(std::string_view value);
  bool empty() const { return values_.empty(); }

  // Each place that is covered by values, also by several that overlap, becomes one mask. True: there was one. Any
  // thread, once nothing is added any more.
  bool mask(std::string& text) const;
  // Keeps it a JSON value.
  void mask_json(std::string& json) const;
  // A session's token stays as it is, because the plugin needs it back.
  void mask(runtime::Event& event) const {
    if (!empty()) mask_texts(event);
  }
  void mask(runtime::Outcome& outcome) const;

 private:
  void mask_texts(runtime::Event& event) const;

  std::vector<std::string> values_;
};

}  // namespace baton::plugin
