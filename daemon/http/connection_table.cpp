#include "http/connection_table.hpp"

#include <utility>

#include <asio/post.hpp>

#include "base/bug.hpp"
#include "http/connection.hpp"
#include "http/service.hpp"

namespace baton::http {
namespace {

constexpr std::size_t kSweptPerTurn = 128;  // writes and closes: about 1 ms

}  // namespace

ConnectionTable::ConnectionTable(Service& service) : service_(&service) {}
ConnectionTable::~ConnectionTable() = default;

void ConnectionTable::abandon() {
  require(quiet(), "a server died before closed()");
  service_ = nullptr;
  release();
}

void ConnectionTable::open(StreamSocket socket, bool guarded) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  Place& place = places_[slot];
  const ConnectionKey key{slot, place.generation};
  place.connection = std::make_unique<Connection>(*service_, *this, key, std::move(socket), guarded);
  ++size_;
  place.connection->start();
}

Connection* ConnectionTable::find(ConnectionKey key) const {
  if (key.slot >= places_.size() || places_[key.slot].generation != key.generation) return nullptr;
  return places_[key.slot].connection.get();
}

void ConnectionTable::answer(ConnectionKey key, Response response) {
  if (Connection* connection = find(key)) connection->answer(response);
}

bool ConnectionTable::open_stream(ConnectionKey key) {
  Connection* connection = find(key);
  return connection != nullptr && connection->open_stream();
}

bool ConnectionTable::write_stream(ConnectionKey key, std::string_view frame) {
  Connection* connection = find(key);
  return connection != nullptr && connection->write_stream(frame);
}

void ConnectionTable::end_stream(ConnectionKey key) {
  if (Connection* connection = find(key)) connection->end_stream();
}

std::size_t ConnectionTable::backlog(ConnectionKey key) const {
  const Connection* connection = find(key);
  return connection == nullptr ? 0 : connection->unsent();
}

void ConnectionTable::watch(ConnectionKey key, StreamWatcher& watcher) {
  if (Connection* connection = find(key)) connection->watch(watcher);
}

bool ConnectionTable::awaited(ConnectionKey key) const {
  Connection* connection = find(key);
  return connection != nullptr && !connection->client_gone();
}

bool ConnectionTable::streaming(ConnectionKey key) const {
  const Connection* connection = find(key);
  return connection != nullptr && connection->streaming();
}

void ConnectionTable::release() {
  if (--holds_ == 0) delete this;
}

void ConnectionTable::kept() {
  --promises_;
  tell();
}

void ConnectionTable::wake_soon(ConnectionKey key) {
  wakeful_.push_back(key);
  if (wakeful_.size() > 1) return;
  asio::post(service_->loop.context(), [hold = TableHold(*this)] { hold->wake_all(); });
}

void ConnectionTable::wake_all() {
  std::swap(waking_, wakeful_);
  for (const ConnectionKey key : waking_) {
    if (Connection* connection = find(key)) connection->wake();
  }
  waking_.clear();
}

void ConnectionTable::sweep() {
  if (!std::exchange(sweeping_, true)) sweep_on();
}

void ConnectionTable::sweep_on() {
  const auto now = Connection::Clock::now();
  for (std::size_t acts = 0; swept_ < places_.size() && acts < kSweptPerTurn; ++swept_) {
    if (Connection* connection = places_[swept_].connection.get(); connection && connection->sweep(now)) ++acts;
  }
  sweeping_ = swept_ < places_.size();
  if (!sweeping_) {
    swept_ = 0;
  } else {
    asio::post(service_->loop.context(), [hold = TableHold(*this)] { hold->sweep_on(); });
  }
}

void ConnectionTable::remove(ConnectionKey key) {
  Place& place = places_[key.slot];
  require(place.generation == key.generation && place.connection != nullptr, "a connection was removed twice");
  dying_.push_back(std::move(place.connection));
  ++place.generation;
  free_.push_back(key.slot);
  --size_;
  reap_soon();
}

void ConnectionTable::reap_soon() {
  if (std::exchange(reaping_, true)) return;
  asio::post(service_->loop.context(), [hold = TableHold(*this)] { hold->reap(); });
}

void ConnectionTable::reap() {
  reaping_ = false;
  std::erase_if(dying_, [](const auto& connection) { return connection->at_rest(); });
  tell();
}

void ConnectionTable::tell() {
  if (service_ != nullptr && service_->stopping) service_->changed.notify_all();
}

}  // namespace baton::http
