// JSON out: rapidjson's Writer, appending to a std::string. No document tree is ever built for an answer, and nothing
// is allocated but the string's own memory.
//
//   json::Writer json(body);
//   json.object().field("id", task.id.value).field("teamId", task.team_id).end();
//
// Absent optionals are written as null. Text must be UTF-8 (text::repaired_utf8 for what came from elsewhere).
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rapidjson/prettywriter.h>
#include <rapidjson/writer.h>

#include "base/bug.hpp"

namespace baton::json {

// How much of `text` stands in JSON as it is: what comes before the first quote, backslash or control character.
inline std::size_t plain_length(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t word) { return ((word - kOnes) & ~word & kHighs) != 0; };
  std::size_t length = 0;
  for (; text.size() - length >= sizeof(std::uint64_t); length += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + length, sizeof word);
    const bool has_control = ((word - kOnes * ' ') & ~word & kHighs) != 0;
    if (has_control || has_zero(word ^ kOnes * '"') || has_zero(word ^ kOnes * '\\')) break;
  }
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\'; };
  while (length < text.size() && is_plain(text[length])) ++length;
  return length;
}

// rapidjson's output-stream concept over a string that the caller owns. What is written gathers here first, because a
// string that grows by single characters is slow.
class StringSink {
 public:
  using Ch = char;
  explicit StringSink(std::string& out) : out_(&out) {}
  void Put(char c) {
    if (used_ == room_.size()) Flush();
    room_[used_++] = c;
  }
  void put(std::string_view text) {
    if (text.size() > room_.size() - used_) Flush();
    if (text.size() > room_.size()) {
      out_->append(text);
      return;
    }
    text.copy(room_.data() + used_, text.size());
    used_ += text.size();
  }
  void Flush() { out_->append(room_.data(), std::exchange(used_, 0)); }

 private:
  std::string* out_;
  std::size_t used_ = 0;
  std::array<char, 512> room_;
};

// Where rapidjson keeps which objects and arrays are open: 32 of them fit without the heap.
class LevelMemory {
 public:
  rapidjson::MemoryPoolAllocator<>* get() { return &pool_; }

 private:
  alignas(std::max_align_t) char room_[1024];
  rapidjson::MemoryPoolAllocator<> pool_{room_, sizeof room_};
};

template <template <class, class, class, class, unsigned> class Backend>
using BackendOf = Backend<StringSink, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<>,
                          rapidjson::kWriteDefaultFlags>;

// rapidjson's writer; text in which nothing must be escaped, which is nearly all, is copied in one piece.
class CompactBackend : public BackendOf<rapidjson::Writer> {
 public:
  using BackendOf<rapidjson::Writer>::Writer;
  void text(std::string_view text) {
    if (plain_length(text) < text.size()) {
      String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
      return;
    }
    Prefix(rapidjson::kStringType);
    os_->Put('"');
    os_->put(text);
    os_->Put('"');
    EndValue(true);
  }
};

// With line breaks and indentation.
class PrettyBackend : public BackendOf<rapidjson::PrettyWriter> {
 public:
  using BackendOf<rapidjson::PrettyWriter>::PrettyWriter;
  void text(std::string_view text) { String(text.data(), static_cast<rapidjson::SizeType>(text.size())); }
};

template <class Backend>
class BasicWriter {
 public:
  // `out` is appended to and must outlive the writer. It is complete once the outermost object or array
  // has ended; a Writer, but no PrettyWriter, may also write a single text or number.
  explicit BasicWriter(std::string& out) : sink_(out), backend_(sink_, memory_.get()) {}
  BasicWriter(const BasicWriter&) = delete;
  BasicWriter& operator=(const BasicWriter&) = delete;

  BasicWriter& object() {
    backend_.StartObject();
    open_.push_back('{');
    return *this;
  }
  BasicWriter& array() {
    backend_.StartArray();
    open_.push_back('[');
    return *this;
  }
  // Ends the innermost object or array.
  BasicWriter& end() {
    require(!open_.empty(), "json: nothing to end");
    if (open_.back() == '[') {
      backend_.EndArray();
    } else {
      backend_.EndObject();
    }
    open_.pop_back();
    return *this;
  }
  BasicWriter& key(std::string_view name) {
    backend_.text(name);
    return *this;
  }

  BasicWriter& value(std::string_view text) {
    backend_.text(text);
    return *this;
  }
  BasicWriter& value(const char* text) { return value(std::string_view(text)); }
  BasicWriter& value(std::nullptr_t) {
    backend_.Null();
    return *this;
  }
  BasicWriter& value(std::nullopt_t) { return value(nullptr); }
  template <std::integral T>
  BasicWriter& value(T number) {
    if constexpr (std::same_as<T, bool>) {
      backend_.Bool(number);
    } else if constexpr (std::signed_integral<T>) {
      backend_.Int64(number);
    } else {
      backend_.Uint64(number);
    }
    return *this;
  }
  // Whole numbers are written without a fraction (0, not 0.0), as every JavaScript peer does; not-a-number is null.
  BasicWriter& value(double number) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (!std::isfinite(number)) {
      backend_.Null();
    } else if (number == std::trunc(number) && std::abs(number) < kExact) {
      backend_.Int64(static_cast<std::int64_t>(number));
    } else {
      backend_.Double(number);
    }
    return *this;
  }
  template <class T>
  BasicWriter& value(const std::optional<T>& maybe) {
    if (maybe) return value(*maybe);
    return value(nullptr);
  }
  BasicWriter& value(const std::vector<std::string>& texts) {
    array();
    for (const auto& text : texts) value(std::string_view(text));
    return end();
  }
  // `json` is already a JSON value and is put in as it is.
  BasicWriter& raw(std::string_view json) {
    backend_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
  }

  template <class T>
  BasicWriter& field(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  BasicWriter& raw_field(std::string_view name, std::string_view json) {
    key(name);
    return raw(json);
  }

 protected:
  Backend& backend() { return backend_; }

 private:
  StringSink sink_;
  LevelMemory memory_;
  Backend backend_;
  std::string open_;  // the brackets of what is open, the innermost last; fifteen fit without the heap
};

using Writer = BasicWriter<CompactBackend>;

// Two spaces, for files that people read.
class PrettyWriter : public BasicWriter<PrettyBackend> {
 public:
  explicit PrettyWriter(std::string& out) : BasicWriter(out) { backend().SetIndent(' ', 2); }
};

}  // namespace baton::json
