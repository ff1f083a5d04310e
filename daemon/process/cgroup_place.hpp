// Where this process is in the hierarchy of control groups (v2): read from what /proc says, no other file is touched.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::process {

// Of /proc/self/mountinfo: the mount of the v2 hierarchy, wherever it is (/sys/fs/cgroup, /sys/fs/cgroup/unified).
struct CgroupMount {
  std::string point;  // its directory
  std::string root;   // what of the hierarchy is seen there; "/": all of it
};
std::optional<CgroupMount> cgroup_mount(std::string_view mountinfo);

// Of /proc/self/cgroup: the line "0::<path>".
std::optional<std::string> cgroup_path(std::string_view self_cgroup);

// The directory of `path`; nothing when it is not below what is mounted.
std::optional<std::string> cgroup_directory(const CgroupMount& mount, std::string_view path);

// The directory of the group of a process, also of one that has ended and is not reaped; empty when it cannot be told.
std::string cgroup_of(int pid, const CgroupMount& mount);

// The directory of this process' own group; nothing without v2.
std::optional<std::string> own_cgroup();
// The same when it may be used without being asked: it is not the hierarchy's root, and it was delegated to us. As root
// everything could be written, so there systemd's mark (the attribute "delegate") decides. The error says why not.
struct OwnSubtree {
  std::string directory;  // empty: there is none
  std::string why_not;
};
OwnSubtree delegated_cgroup();

}  // namespace baton::process
