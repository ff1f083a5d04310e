#include "process/orphans.hpp"

#include <gtest/gtest.h>

namespace baton::process {
namespace {

constexpr int kOwn = 5;

// Two runs and a git command that live, and a run that has just ended.
Family family() {
  return {.own_session = kOwn,
          .nonce = "boot.1.2",
          .members = {{.pid = 50, .start_time = 1000, .tag = "boot.1.2.1", .held = true, .works = true},
                      {.pid = 60, .start_time = 2000, .tag = "boot.1.2.2", .held = true, .works = true},
                      {.pid = 70, .start_time = 2500, .tag = "boot.1.2.3"},
                      {.pid = 80, .start_time = 1500, .tag = "boot.1.2.4", .held = true, .works = true, .over = true}}};
}

ProcStat orphan(int session, std::uint64_t start = 3000, char state = 'S') {
  return {.pid = 99, .state = state, .group = 99, .session = session, .start_time = start, .parent = 5};
}

void expect(const Origin& origin, Kinship kinship, int leader) {
  EXPECT_EQ(origin.kinship, kinship);
  EXPECT_EQ(origin.leader, leader);
}

TEST(Orphans, BelongToTheSessionTheyAreIn) {
  expect(origin_of(orphan(50), {}, family()), Kinship::kLiving, 50);
  expect(origin_of(orphan(70), {}, family()), Kinship::kLiving, 70);
  expect(origin_of(orphan(80), "boot.1.2.1", family()), Kinship::kOver, 80);
}

TEST(Orphans, InASessionOfTheirOwnBelongToTheTagTheyInherited) {
  expect(origin_of(orphan(99), "boot.1.2.2", family()), Kinship::kLiving, 60);
  expect(origin_of(orphan(99), "boot.1.2.3", family()), Kinship::kLiving, 70);
  expect(origin_of(orphan(99), "boot.1.2.4", family()), Kinship::kOver, 80);
  expect(origin_of(orphan(99), "boot.1.2.17", family()), Kinship::kOver, 0);  // its child ended long ago
}

TEST(Orphans, OfALibraryInTheDaemonsSessionAreStrangers) {
  expect(origin_of(orphan(kOwn), {}, family()), Kinship::kStranger, 0);
  expect(origin_of(orphan(kOwn, 3000, 'Z'), {}, family()), Kinship::kStranger, 0);
}

TEST(Orphans, WithoutATraceAreSparedWhileARunLivesThatMayHaveStartedThem) {
  expect(origin_of(orphan(99), {}, family()), Kinship::kLiving, 0);
  expect(origin_of(orphan(99), "boot.1.20.1", family()), Kinship::kLiving, 0);  // another daemon's, perhaps below a run
  expect(origin_of(orphan(99, 1999), {}, family()), Kinship::kLiving, 0);
}

TEST(Orphans, WithoutATraceEndWithTheLastRunThatMayHaveStartedThem) {
  auto later = family();
  later.members[0].over = true;
  expect(origin_of(orphan(99, 1600), {}, later), Kinship::kOver, 0);
  expect(origin_of(orphan(99, 2000), {}, later), Kinship::kLiving, 0);
  later.members[1].over = true;
  expect(origin_of(orphan(99, 2600), {}, later), Kinship::kOver, 0);  // a git command does not count
}

TEST(Orphans, OlderThanEveryRunAreStrangers) {
  expect(origin_of(orphan(99, 999), {}, family()), Kinship::kStranger, 0);
  Family idle = family();
  idle.members = {};
  expect(origin_of(orphan(99), {}, idle), Kinship::kStranger, 0);
}

TEST(Orphans, WithoutATraceBelongToTheChildInWhosePlaceTheyAre) {
  expect(origin_of(orphan(99), {}, family(), 80), Kinship::kOver, 80);
  expect(origin_of(orphan(99), {}, family(), 60), Kinship::kLiving, 60);
  expect(origin_of(orphan(99), "boot.1.2.2", family(), 80), Kinship::kLiving, 60);  // a tag says more
  expect(origin_of(orphan(99), {}, family(), 81), Kinship::kLiving, 0);
}

TEST(Orphans, WithoutATraceAreNoneOfWhatServesNoTask) {
  auto serving = family();
  serving.members[0].works = serving.members[1].works = false;
  expect(origin_of(orphan(99), {}, serving), Kinship::kOver, 0);
  serving.members[3].start_time = 3001;
  expect(origin_of(orphan(99), {}, serving), Kinship::kStranger, 0);
}

TEST(Orphans, WithoutATraceAreStrangersToTheProcessThatInheritsEverything) {
  auto later = family();
  for (auto& member : later.members) member.over = true;
  later.is_init = true;
  expect(origin_of(orphan(99), {}, later), Kinship::kStranger, 0);
  expect(origin_of(orphan(99), {}, later, 80), Kinship::kOver, 80);
  expect(origin_of(orphan(99), "boot.1.2.17", later), Kinship::kOver, 0);
}

TEST(Orphans, ThatDiedUnseenAreStrangersOnceNobodyMayHaveStartedThem) {
  auto later = family();
  for (auto& member : later.members) member.over = true;
  expect(origin_of(orphan(99, 3000, 'Z'), {}, later), Kinship::kStranger, 0);
}

}  // namespace
}  // namespace baton::process
