// All connections of a server, by key. Through it a responder reaches its connection, which may be gone.
//
// A connection that closed leaves its place at once, so that nobody finds it any more, and is destroyed in a later
// turn, when none of its operations is under way. The table itself lives until the server and the last responder,
// stream or posted action let it go: hold() and release() count them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "http/responder.hpp"
#include "http/stream_socket.hpp"

namespace baton::http {

struct Service;

class ConnectionTable {
 public:
  explicit ConnectionTable(Service& service);  // by new, with one hold: the server's
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  // ---- for the server ----

  // `guarded`: requests must name an allowed host.
  void open(StreamSocket socket, bool guarded);
  std::size_t size() const { return size_; }
  // The server dies: its hold ends. Only when quiet.
  void abandon();
  // Nothing lives, nothing is promised.
  bool quiet() const { return size_ == 0 && dying_.empty() && promises_ == 0; }

  // Has each connection look at its deadlines, a bounded number of those that have something to do per turn: the
  // comments that keep ten thousand streams open are due at once.
  void sweep();

  template <class Action>
  void for_each(Action action) {  // the action may close connections
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i].connection) action(*places_[i].connection);
    }
  }

  // ---- for responders and streams ----

  void answer(ConnectionKey key, Response response);
  bool open_stream(ConnectionKey key);
  bool write_stream(ConnectionKey key, std::string_view frame);
  void end_stream(ConnectionKey key);
  std::size_t backlog(ConnectionKey key) const;
  bool awaited(ConnectionKey key) const;
  void watch(ConnectionKey key, StreamWatcher& watcher);
  bool alive(ConnectionKey key) const { return find(key) != nullptr; }
  bool streaming(ConnectionKey key) const;

  void hold() { ++holds_; }
  void release();
  void promise() { ++promises_; }
  void kept();  // a promise

  // ---- for connections ----

  // Calls the connection's wake() in a later turn, together with all others that asked meanwhile.
  void wake_soon(ConnectionKey key);
  void remove(ConnectionKey key);
  // A connection that was removed has no operation under way any more.
  void reap_soon();

 private:
  struct Place {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;
  };
  ~ConnectionTable();

  Connection* find(ConnectionKey key) const;
  void wake_all();
  void reap();
  void sweep_on();
  void tell();

  Service* service_;  // null: abandoned
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
  std::vector<std::unique_ptr<Connection>> dying_;
  std::vector<ConnectionKey> wakeful_;
  std::vector<ConnectionKey> waking_;  // kept for its memory
  std::size_t size_ = 0;
  std::size_t swept_ = 0;  // places; while a sweep is under way
  std::size_t promises_ = 0;
  std::size_t holds_ = 1;
  bool reaping_ = false;
  bool sweeping_ = false;
};

// A hold as an object, for posted actions.
class TableHold {
 public:
  explicit TableHold(ConnectionTable& table) : table_(&table) { table_->hold(); }
  TableHold(const TableHold& other) : table_(other.table_) { table_->hold(); }
  TableHold& operator=(const TableHold&) = delete;
  ~TableHold() { table_->release(); }
  ConnectionTable* operator->() const { return table_; }

 private:
  ConnectionTable* table_;
};

}  // namespace baton::http
