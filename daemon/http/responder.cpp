#include "http/responder.hpp"

#include <utility>

#include "base/bug.hpp"
#include "base/log.hpp"
#include "http/connection_table.hpp"
#include "http/errors.hpp"

namespace baton::http {

Responder::Responder(ConnectionTable* table, ConnectionKey key) : table_(table), key_(key) {
  table_->hold();
  table_->promise();
}

Responder::Responder(Responder&& other) noexcept : table_(std::exchange(other.table_, nullptr)), key_(other.key_) {}

Responder::~Responder() {
  if (table_ == nullptr) return;
  log::error("http: a handler ended without an answer");
  send(error_response(500, "internal error"));
}

void Responder::send(Response response) {
  require(table_ != nullptr, "a request was answered twice");
  ConnectionTable* const table = std::exchange(table_, nullptr);
  table->answer(key_, std::move(response));
  table->kept();
  table->release();
}

EventStream Responder::stream() {
  require(table_ != nullptr, "a request was answered twice");
  ConnectionTable* const table = std::exchange(table_, nullptr);
  table->open_stream(key_);
  table->kept();
  return EventStream(table, key_);
}

bool Responder::wanted() const { return table_ != nullptr && table_->awaited(key_); }

EventStream::EventStream(EventStream&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)), key_(other.key_) {}

EventStream& EventStream::operator=(EventStream&& other) noexcept {
  if (this == &other) return *this;
  end();
  table_ = std::exchange(other.table_, nullptr);
  key_ = other.key_;
  return *this;
}

EventStream::~EventStream() { end(); }

void EventStream::end() {
  if (table_ == nullptr) return;
  ConnectionTable* const table = std::exchange(table_, nullptr);
  table->end_stream(key_);
  table->release();
}

bool EventStream::write(std::string_view frame) { return table_ != nullptr && table_->write_stream(key_, frame); }

std::size_t EventStream::backlog() const { return table_ == nullptr ? 0 : table_->backlog(key_); }

void EventStream::watch(StreamWatcher& watcher) {
  if (table_ != nullptr) table_->watch(key_, watcher);
}

bool EventStream::open() const { return table_ != nullptr && table_->streaming(key_); }

}  // namespace baton::http
