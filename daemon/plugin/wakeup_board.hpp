// The doorbells of one instance: rung from any thread, answered on the reactor.
//
// Problem: a thread rings at the very moment at which the reactor closes the bell and gives its place to another one.
// A ring must be STALE or heard, never lost, and never ring the other one; and it must neither block nor allocate.
//
// Idea: a place is one atomic word: generation, alive, rung. Whoever rings swaps the word that it looked at for the
// same one with "rung" in it, and looks again when the swap fails; a place that was closed meanwhile has another
// generation. Only who finds it not yet rung writes to the descriptor that wakes the loop. Each ring is a swap, also
// the one that changes nothing: so what a thread wrote before it is seen by the call that answers it, also when that
// call answers several rings.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace baton::plugin {

class WakeupBoard {
 public:
  static constexpr std::size_t kPlaces = 16;

  enum class Ring : std::uint8_t {
    kStale,  // closed, or never was
    kFirst,  // the loop must be woken
    kAgain,  // folded into one that was not answered yet
  };

  WakeupBoard();

  // Any thread.
  Ring ring(std::uint64_t handle);

  // The reactor's thread.
  std::uint64_t open();              // 0: all places are taken
  bool close(std::uint64_t handle);  // false: it is closed
  void close_place(std::size_t place);
  // The handle at `place` when somebody has rung since answer(); nothing else.
  std::optional<std::uint64_t> rung(std::size_t place) const;
  // Ends the ring: the next one is a first one. False: it was closed, or has not been rung.
  bool answer(std::uint64_t handle);
  std::size_t alive() const { return alive_; }

 private:
  std::array<std::atomic<std::uint64_t>, kPlaces> places_;
  std::size_t alive_ = 0;
};

// Where `handle` has its place.
std::optional<std::size_t> place_of(std::uint64_t handle);

}  // namespace baton::plugin
