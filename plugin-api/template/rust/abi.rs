// SPDX-License-Identifier: 0BSD
//! What this plugin uses of `baton/*.h`, written down in Rust: members in the same order, of the same width. Tables that
//! are not called are left out; slots that are not called are `usize`, which has the width of a function pointer.
#![allow(dead_code)]

use std::ffi::{c_char, c_void};

pub type Status = i32;
pub const OK: Status = 0;
pub const E_UNSUPPORTED: Status = -2;
pub const E_NOT_FOUND: Status = -7;
pub const E_AGAIN: Status = -8;
pub const E_INTERNAL: Status = -11;

pub const ENTRY_MAGIC: u32 = 0x314E_5442;
pub const CAP_STREAMING: u64 = 1 << 0;
pub const CAP_WORKTREE: u64 = 1 << 8;
pub const SPAWN_STDIN: u32 = 1 << 0;
pub const SPAWN_LINES_STDOUT: u32 = 1 << 1;
pub const STREAM_STDOUT: u32 = 1;
pub const CUT_MORE: u32 = 1;
pub const EVENT_TEXT: u32 = 1;
pub const RESULT_SUCCESS: u32 = 1;
pub const RESULT_CANCELLED: u32 = 3;
pub const RESULT_FAILED: u32 = 4;
pub const ERROR_NOT_INSTALLED: u32 = 3;
pub const ERROR_CRASHED: u32 = 7;
pub const ERROR_INTERNAL: u32 = 11;

/// Text or bytes, borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub data: *const u8,
    pub size: usize,
}
impl Str {
    pub const EMPTY: Str = Str { data: std::ptr::null(), size: 0 };
    pub fn of(text: &str) -> Str {
        Str::of_bytes(text.as_bytes())
    }
    pub fn of_bytes(bytes: &[u8]) -> Str {
        Str { data: bytes.as_ptr(), size: bytes.len() }
    }
    /// # Safety
    /// The text must still be borrowed.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.size == 0 { &[] } else { unsafe { std::slice::from_raw_parts(self.data, self.size) } }
    }
}

/// A handle: slot and generation, 0 is none. (The C headers have a type for each kind.)
pub type Handle = u64;

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi_minor: u32,
    pub implementation: *mut c_void,
    pub product: *const c_char,
    pub extension: unsafe extern "C" fn(*const Host, *const c_char) -> *const c_void,
    pub log: usize,
    pub fail: unsafe extern "C" fn(*const Host, Status, Str) -> Status,
    pub now: unsafe extern "C" fn(*const Host) -> i64,
    pub wall: usize,
    pub op_complete: unsafe extern "C" fn(*const Host, Handle, Status) -> Status,
}

#[repr(C)]
pub struct Descriptor {
    pub size: u32,
    pub reserved: u32,
    pub id: *const c_char,
    pub name: *const c_char,
    pub version: *const c_char,
    pub vendor: *const c_char,
    pub url: *const c_char,
    pub license: *const c_char,
    pub summary: *const c_char,
    pub config_schema: *const c_char,
    pub offers: *const *const c_char,
    pub needs: *const *const c_char,
    pub wants: *const *const c_char,
    pub secrets: *const *const c_char,
    pub executables: *const *const c_char,
    pub user_files: *const *const c_char,
}

#[repr(C)]
pub struct Entry {
    pub magic: u32,
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor_built: u32,
    pub abi_minor_needed: u32,
    pub reserved: u32,
    pub descriptor: *const Descriptor,
    pub create: unsafe extern "C" fn(*const Host, *const c_void, *mut *mut c_void) -> Status,
    pub quiesce: unsafe extern "C" fn(*mut c_void, Handle),
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub extension: unsafe extern "C" fn(*const c_char) -> *const c_void,
}

#[repr(C)]
pub struct EventText {
    pub size: u32,
    pub kind: u32,
    pub channel: u32,
    pub reserved: u32,
    pub text: Str,
}

#[repr(C)]
pub struct Outcome {
    pub size: u32,
    pub result: u32,
    pub error_class: u32,
    pub retryable: u32,
    pub retry_after_ns: i64,
    pub summary: Str,
    pub detail: Str,
}

#[repr(C)]
pub struct HostRun {
    pub size: u32,
    pub reserved: u32,
    pub emit: unsafe extern "C" fn(*const Host, Handle, *const EventText) -> Status,
    pub finish: unsafe extern "C" fn(*const Host, Handle, *const Outcome) -> Status,
    pub probed: usize,
}

#[repr(C)]
pub struct Exit {
    pub size: u32,
    pub code: i32,
    pub signal: i32,
    pub forced: u32,
}

#[repr(C)]
pub struct ProcessEvents {
    pub size: u32,
    pub reserved: u32,
    pub on_output: unsafe extern "C" fn(*mut c_void, Handle, u32, Str, u32),
    pub on_drain: unsafe extern "C" fn(*mut c_void, Handle),
    pub on_exit: unsafe extern "C" fn(*mut c_void, Handle, *const Exit),
}

#[repr(C)]
pub struct Spawn {
    pub size: u32,
    pub flags: u32,
    pub owner: Handle,
    pub argv: *const Str,
    pub argc: usize,
    pub cwd: Str,
    pub env: *const c_void,
    pub env_count: usize,
    pub max_line: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct HostProcess {
    pub size: u32,
    pub reserved: u32,
    pub spawn:
        unsafe extern "C" fn(*const Host, *const Spawn, *const ProcessEvents, *mut c_void, *mut Handle) -> Status,
    pub write: unsafe extern "C" fn(*const Host, Handle, Str) -> Status,
    pub close_stdin: unsafe extern "C" fn(*const Host, Handle) -> Status,
    pub signal: usize,
    pub stop: unsafe extern "C" fn(*const Host, Handle, i64) -> Status,
    pub pause: usize,
    pub close: usize,
}

#[repr(C)]
pub struct Caps {
    pub size: u32,
    pub integration: u32,
    pub flags: u64,
}

/// The beginning of baton_run_request; what follows is not used here.
#[repr(C)]
pub struct Request {
    pub size: u32,
    pub mode: u32,
    pub agent: Str,
    pub task: Str,
    pub attempt: Str,
    pub prompt_system: Str,
    pub prompt_context: Str,
    pub prompt_turn: Str,
    pub model: Str,
    pub cwd: Str,
    pub home_dir: Str,
    pub resume: Str,
    pub mcp: *const c_void,
    pub mcp_count: usize,
    pub env: *const c_void,
    pub env_count: usize,
}

#[repr(C)]
pub struct Runtime {
    pub size: u32,
    pub reserved: u32,
    pub caps: unsafe extern "C" fn(*mut c_void, *mut Caps) -> Status,
    pub probe: unsafe extern "C" fn(*mut c_void, Handle) -> Status,
    pub run_start: unsafe extern "C" fn(*mut c_void, Handle, *const Request, *mut *mut c_void) -> Status,
    pub run_input: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, *const c_void) -> Status>,
    pub run_cancel: unsafe extern "C" fn(*mut c_void, *mut c_void, u32, i64),
    pub run_release: unsafe extern "C" fn(*mut c_void, *mut c_void),
}

/// Constants are full of pointers to other constants, which Rust does not share by itself.
#[repr(transparent)]
pub struct Constant<T>(pub T);
unsafe impl<T> Sync for Constant<T> {}

/// The sizes in the headers of ABI 1.0.
const _: () = {
    assert!(size_of::<Host>() == 72 && size_of::<Descriptor>() == 120 && size_of::<Entry>() == 64);
    assert!(size_of::<HostRun>() == 32 && size_of::<HostProcess>() == 64 && size_of::<Runtime>() == 56);
    assert!(size_of::<Spawn>() == 72 && size_of::<Outcome>() == 56 && size_of::<EventText>() == 32);
};
