#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "plugin/store_file.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

class HostStoreTest : public PluginTest {
 protected:
  HostStoreTest() {
    install("keeps");
    add("one", "test.keeps");
  }
  std::filesystem::path file() { return directory / "data" / ".stores" / "one"; }
  std::filesystem::path beside(const char* what) { return store_beside(file(), what); }
  StoreContent on_disk() {
    std::ifstream in(file(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    return from_store_file(bytes).value_or(StoreContent{});
  }
};

TEST_F(HostStoreTest, WhatWasPutIsThereAfterARestart) {
  load();
  EXPECT_EQ(complete("get cursor").words(), "get=-7 ");
  EXPECT_EQ(complete("put cursor 17").words(), "put=0 ");
  EXPECT_EQ(complete("get cursor").words(), "get=0 value=17 ");
  shut_down();
  EXPECT_EQ(on_disk(), (StoreContent{{"cursor", "17"}}));
  load();
  EXPECT_EQ(complete("get cursor").words(), "get=0 value=17 ");
  EXPECT_EQ(host->describe().instances.at(0).store_keys, 1u);
  EXPECT_EQ(host->describe().instances.at(0).store_bytes, 8u);
  EXPECT_EQ(complete("erase cursor").words(), "erase=0 ");
  shut_down();
  load();
  EXPECT_EQ(complete("get cursor").words(), "get=-7 ");
}

TEST_F(HostStoreTest, IsWrittenBehindWithoutAnEnd) {
  load();
  complete("put a 1");
  EXPECT_FALSE(std::filesystem::exists(file())) << "not at once";
  EXPECT_TRUE(test::run_until(loop, [&] { return on_disk() == StoreContent{{"a", "1"}}; }));
  complete("put b 2");
  EXPECT_TRUE(test::run_until(loop, [&] { return on_disk() == StoreContent{{"a", "1"}, {"b", "2"}}; }));
  EXPECT_FALSE(std::filesystem::exists(beside("new")));
}

TEST_F(HostStoreTest, KeysAndValuesHaveTheirLimits) {
  load();
  EXPECT_EQ(
      complete("bad keys").words(),
      "empty=-1 broken=-1 nowhere=-1 longest=0 too long=-5 get=-1 erase=-1 out=-1 missing=-7 zero=0 zero=0 size=3 "
      "void=0 void=0 ");
  EXPECT_EQ(complete("itself").words(),
            "put=0 get=0 value= value that is longer than what fits inside a string object ");
}

TEST_F(HostStoreTest, AMegabyteAnd256KeysAreTheMost) {
  load();
  EXPECT_EQ(complete("fill").words(), "value=-5 full=15 same=0 shorter=0 keys=256 old=0 ");
  shut_down();
  EXPECT_EQ(on_disk().size(), 256u);
}

TEST_F(HostStoreTest, ABrokenFileCostsItsContentAndNotTheStart) {
  std::filesystem::create_directories(file().parent_path());
  std::ofstream(file()) << "baton-store 1 nonsense\n";
  load();
  EXPECT_EQ(complete("get a").words(), "get=-7 ");
  EXPECT_EQ(complete("put a 1").words(), "put=0 ");
  shut_down();
  EXPECT_EQ(on_disk(), (StoreContent{{"a", "1"}}));
  EXPECT_TRUE(std::filesystem::exists(beside("broken")));
}

TEST_F(HostStoreTest, ALeftOverOfAKilledDaemonIsNoHindrance) {
  std::filesystem::create_directories(file().parent_path());
  std::ofstream(file()) << to_store_file({{"a", "old"}});
  std::ofstream(beside("new")) << "half";
  load();
  EXPECT_EQ(complete("get a").words(), "get=0 value=old ");
  complete("put a new");
  shut_down();
  EXPECT_EQ(on_disk(), (StoreContent{{"a", "new"}}));
}

// What cannot be written is told, kept in memory, and does not hold up the end.
TEST_F(HostStoreTest, ADiskThatRefusesDoesNotHoldUpTheEnd) {
  load();
  std::filesystem::create_directories(beside("new") / "in/the/way");
  complete("put a 1");
  EXPECT_EQ(complete("get a").words(), "get=0 value=1 ");
  shut_down();
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(HostStoreTest, WhatCannotBeReadIsKeptInMemoryOnly) {
  std::filesystem::create_directories(file() / "in the way");
  load();
  EXPECT_EQ(complete("put a 1").words(), "put=0 ");
  EXPECT_EQ(complete("get a").words(), "get=0 value=1 ");
  shut_down();
  EXPECT_TRUE(std::filesystem::exists(file() / "in the way"));
  EXPECT_FALSE(std::filesystem::exists(beside("new")));
}

// What a plugin does at its very end is closed with the rest, and what it put is still written.
TEST_F(HostStoreTest, WhatIsBegunInsideDestroyDoesNotOutliveIt) {
  settings.instances[0].config_json = R"({"busy end":true})";
  load();
  shut_down();  // writing the store takes longer than the timer's millisecond; a late callback aborts
  EXPECT_EQ(on_disk(), (StoreContent{{"last", "words"}}));
}

TEST_F(HostStoreTest, NamesThatEndAsACopyDoesDoNotCollide) {
  for (const char* name : {"one.new", "one.broken", "one"}) {
    settings.instances[0].name = name;
    load();
    complete(std::string("put a ") + name);
    shut_down();
  }
  for (const char* name : {"one", "one.broken", "one.new"}) {
    settings.instances[0].name = name;
    load();
    EXPECT_EQ(complete("get a").words(), std::string("get=0 value=") + name + " ");
    shut_down();
  }
}

TEST_F(HostStoreTest, InstancesDoNotShareTheirs) {
  load();
  complete("put a one");
  shut_down();
  settings.instances[0].name = "two";
  load();
  EXPECT_EQ(complete("get a").words(), "get=-7 ");
  complete("put a two");
  shut_down();
  EXPECT_EQ(on_disk(), (StoreContent{{"a", "one"}}));
}

}  // namespace
}  // namespace baton::plugin
