#include "plugin_check/stages.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "plugin_check/service_list.hpp"

namespace baton::plugin_check {
namespace {

// Every table of the ABI begins with its size.
std::uint32_t size_of(const void* table) {
  std::uint32_t size = 0;
  std::memcpy(&size, table, sizeof(size));
  return size;
}

std::string bytes_of(const void* table) { return {static_cast<const char*>(table), size_of(table)}; }

void set_size(std::string& table, std::uint32_t size) { std::memcpy(table.data(), &size, sizeof(size)); }

[[noreturn]] void beyond_the_known() { std::abort(); }

}  // namespace

const void* ResizedStage::resized(const void* real) {
  auto& place = made_[real];
  if (place) return place->data();
  std::string bytes = bytes_of(real);
  if (more_ == 0) {
    if (const auto promised = promised_size(id_, minor_); promised > 0 && promised < bytes.size())
      bytes.resize(promised);
  } else {
    void (*const trap)() = &beyond_the_known;
    for (std::size_t added = 0; added < more_; added += sizeof(trap))
      bytes.append(reinterpret_cast<const char*>(&trap), sizeof(trap));
  }
  set_size(bytes, static_cast<std::uint32_t>(bytes.size()));
  place = std::make_unique<GuardedMemory>(bytes);
  return place->data();
}

const baton_host* ResizedStage::host(const baton_host& real) {
  return id_ == kCoreTable ? static_cast<const baton_host*>(resized(&real)) : &real;
}

const void* ResizedStage::table(std::string_view id, const void* real) {
  return id == id_ && real != nullptr ? resized(real) : real;
}

FailingStage::FailingStage(const Service& service, baton_status answer) : service_(service) { begin_failing(answer); }

std::size_t FailingStage::calls() const { return failed_calls(); }

const void* FailingStage::with_failure(const void* real) {
  auto& place = made_[real];
  if (place.empty()) {
    place = bytes_of(real);
    service_.replace(place.data());
  }
  return place.data();
}

const baton_host* FailingStage::host(const baton_host& real) {
  return service_.table == kCoreTable ? static_cast<const baton_host*>(with_failure(&real)) : &real;
}

const void* FailingStage::table(std::string_view id, const void* real) {
  return id == service_.table && real != nullptr ? with_failure(real) : real;
}

}  // namespace baton::plugin_check
