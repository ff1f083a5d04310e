#include "plugin/store_writer.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "plugin/store_file.hpp"
#include "reactor/scope.hpp"
#include "reactor/timer.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

class StoreWriterTest : public ::testing::Test {
 protected:
  std::string on_disk() {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void flush() {
    reactor::Scope scope(loop);
    scope.spawn(writer.flush());
    EXPECT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; })) << "the flush does not end";
  }

  test::TempDir directory;
  const std::filesystem::path file = directory / "one";
  reactor::Loop loop;
  std::string content = "first";
  int written = 0;
  std::function<void()> on_write;
  // Its content is asked for once a write.
  StoreWriter writer{{.loop = loop, .ledger = nullptr, .file = file, .open_cell = [] { return nullptr; }}, [this] {
                       ++written;
                       const auto now = content;
                       if (on_write) on_write();
                       return now;
                     }};
};

TEST_F(StoreWriterTest, AFlushWritesWhatChangedWhileItWrote) {
  on_write = [this] {  // a write is running from here on
    if (written > 1) return;
    content = "second";
    writer.changed();
  };
  writer.changed();
  flush();
  EXPECT_EQ(on_disk(), "second");
  EXPECT_EQ(written, 2);
}

TEST_F(StoreWriterTest, AFlushWritesWhatChangedInAnEarlierWrite) {
  on_write = [this] {
    if (written > 1) return;
    content = "second";
    writer.changed();
  };
  writer.changed();
  ASSERT_TRUE(test::run_until(loop, [&] { return written == 1; }));
  flush();
  EXPECT_EQ(on_disk(), "second");
}

// After a failure it would be tried again for ever, by an instance that is kept over the file of its successor.
TEST_F(StoreWriterTest, AfterAFlushThatFailedNothingIsTriedAgain) {
  const auto in_the_way = store_beside(file, "new");
  std::filesystem::create_directories(in_the_way / "full");
  writer.changed();
  flush();
  EXPECT_FALSE(std::filesystem::exists(file));
  std::filesystem::remove_all(in_the_way);
  writer.changed();
  flush();  // what a later try would do: it is one more only because it is asked for
  EXPECT_EQ(on_disk(), "first");
}

TEST_F(StoreWriterTest, AfterAFlushAChangeAloneWritesNothing) {
  writer.changed();
  flush();
  const auto before = written;
  content = "late";
  writer.changed();
  bool over = false;
  const reactor::Deadline longer_than_it_waits(loop, std::chrono::milliseconds(1500), [&] { over = true; });
  EXPECT_TRUE(test::run_until(loop, [&] { return over; }));
  EXPECT_EQ(written, before);
  EXPECT_EQ(on_disk(), "first");
}

}  // namespace
}  // namespace baton::plugin
